import { useCallback, useMemo, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { uuidV7 } from '#libs/base';
import type { IncidentDetail, SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import type { BoardView } from '../live/board-view.ts';
import { RequestError } from '../live/http.ts';
import { codeOf, useServices } from '../live/services.tsx';
import { shortCode } from '../live/board-order.ts';
import { CommandSender } from './command-sender.ts';
import type { Desk, DeskDialog, DeskNotice, Picking } from './desk.ts';
import { preemption, type RecommendedUnit } from './reason-words.ts';

export interface DeskState {
  readonly desk: Desk;
  readonly sender: CommandSender;
  readonly dialog: DeskDialog | null;
  closeDialog(): void;
  readonly notice: DeskNotice | null;
  readonly unitId: string | null;
}

/** The state that the three columns share, and the commands of the page. */
export function useDeskState(session: SessionView, board: BoardView): DeskState {
  const { clock, http, live } = useServices();
  const { say, sayError } = useWords();
  const queries = useQueryClient();
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [unitId, setUnitId] = useState<string | null>(null);
  const [dialog, setDialog] = useState<DeskDialog | null>(null);
  const [notice, setNotice] = useState<DeskNotice | null>(null);
  const [picking, setPicking] = useState<Picking>(null);
  const sender = useMemo(() => new CommandSender(clock, http, () => live.serverClock.nowMs()), [clock, http, live]);
  const closeDialog = useCallback(() => setDialog(null), []);
  const makeId = useCallback(() => uuidV7(clock.nowMs()), [clock]);
  const selected = useMemo(
    () => board.incidents.find(({ id }) => id === selectedId) ?? null,
    [board.incidents, selectedId],
  );

  const desk = useMemo<Desk>(() => {
    const send = async (path: string, wish: object): Promise<void> => {
      await sender.send(path, { ...wish, commandId: makeId() });
      // What is not on the board any more has no new revision to ask by.
      void queries.invalidateQueries({ queryKey: ['incident'] });
      void queries.invalidateQueries({ queryKey: ['timeline'] });
    };
    const attempt: Desk['attempt'] = async (task, done) => {
      try {
        await task();
        setNotice(done === undefined ? null : { kind: 'good', text: done });
        return null;
      } catch (thrown) {
        setNotice({ kind: 'bad', text: sayError(codeOf(thrown)) });
        return codeOf(thrown);
      }
    };
    const dispatch: Desk['dispatch'] = (id, wish) => send(`/api/incidents/${id}/dispatch`, wish);
    const callSign = (id: string): string => board.units.find((unit) => unit.id === id)?.callSign ?? '–';
    const incidentCode = (id: string): string => {
      // One that is over has left the board and may still be looked at.
      const read = queries.getQueriesData<IncidentDetail>({ queryKey: ['incident', id] });
      const known = board.incidents.find((one) => one.id === id) ?? read.find(([, one]) => one)?.[1];
      return shortCode(known?.code ?? '–');
    };
    const assign = async (unit: RecommendedUnit): Promise<void> => {
      if (!selectedId) return;
      if (unit.needsOverride || preemption(unit)) return setDialog({ kind: 'assign', unit, code: null });
      try {
        await dispatch(selectedId, { kind: 'assign', unitId: unit.unitId, assignmentId: makeId() });
        setNotice({ kind: 'good', text: say('assign.done', { unit: unit.callSign, code: incidentCode(selectedId) }) });
      } catch (thrown) {
        const code = codeOf(thrown);
        const mayOverride = thrown instanceof RequestError && thrown.details['mayOverride'] === true;
        if (mayOverride) setDialog({ kind: 'assign', unit, code });
        else setNotice({ kind: 'bad', text: `${unit.callSign}: ${sayError(code)}` });
      }
      void queries.invalidateQueries({ queryKey: ['recommendation'] });
    };
    return {
      session,
      board,
      selected,
      selectedId,
      select: (id) => {
        setSelectedId(id);
        setUnitId(null);
        setPicking(null);
      },
      showUnit: setUnitId,
      open: setDialog,
      picking,
      pick: setPicking,
      tell: setNotice,
      makeId,
      dispatch,
      intake: (id, wish) => send(`/api/incidents/${id}/intake`, wish),
      duty: (id, wish) => send(`/api/units/${id}/duty`, wish),
      attempt,
      assign,
      incidentCode,
      callSign,
      typeName: (code) => [code, board.types.find((type) => type.code === code)?.name].filter(Boolean).join(' '),
      sectorName: (id) => board.sectors.find((sector) => sector.id === id)?.name ?? say('intake.place.sector'),
    };
  }, [sender, makeId, queries, sayError, say, selectedId, selected, picking, board, session]);
  return { desk, sender, dialog, notice, unitId, closeDialog };
}
