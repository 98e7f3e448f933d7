import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import './dispatch.css';
import type { DispatchAlarmView, Place, SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useBoard } from '../live/board-view.ts';
import { useTownView } from '../live/town-view.ts';
import { BoardCounters } from '../ui/BoardCounters.tsx';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Forbidden } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { AlarmBar, useAlarms } from './AlarmBar.tsx';
import { orderedIncidents, orderedUnits, stepFrom, type IncidentFilter, type UnitFilter } from '../live/board-order.ts';
import { CameraAlarms } from './CameraAlarms.tsx';
import { CommandBar } from './CommandBar.tsx';
import { DeskContext, useDesk } from './desk.ts';
import type { DeskAction } from './desk-keys.ts';
import { Detail } from './Detail.tsx';
import { Dialogs } from './Dialogs.tsx';
import { DispatchMap, type MapHand } from './DispatchMap.tsx';
import { IncidentBoard } from './IncidentBoard.tsx';
import { IntakeForm } from './IntakeForm.tsx';
import { NearCameras } from './NearCameras.tsx';
import { UnitBoard } from './UnitBoard.tsx';
import { useActs } from './use-acts.ts';
import { useCameraAlarms } from './use-camera-alarms.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { useDeskState, type DeskState } from './use-desk.ts';
import { useIntake } from './use-intake.ts';
import { usePlaces } from './use-places.ts';
import { useRecommendation } from '../live/dispatch-queries.ts';

/** From a call to a unit on the scene, by keyboard. */
export function DispatchPage({ session }: { readonly session: SessionView }) {
  if (!may(session, 'incident:view'))
    return (
      <div className="page">
        <Header page="dispatch" session={session} />
        <Forbidden />
      </div>
    );
  return <Dispatch session={session} />;
}

function Dispatch({ session }: { readonly session: SessionView }) {
  const board = useBoard(session);
  const state = useDeskState(session, board);
  return (
    <DeskContext value={state.desk}>
      <Columns session={session} state={state} />
    </DeskContext>
  );
}

function Columns({ session, state }: { readonly session: SessionView; readonly state: DeskState }) {
  const { say } = useWords();
  const { desk, sender, dialog, notice, unitId, closeDialog } = state;
  const town = useTownView();
  const intake = useIntake(desk, sender);
  const alarms = useAlarms();
  const calls = useCameraAlarms(desk, intake, town.cameras);
  const acts = useActs();
  const places = usePlaces(town.zones, desk.board.sectors);
  const [incidentFilter, setIncidentFilter] = useState<IncidentFilter>('all');
  const [unitFilter, setUnitFilter] = useState<UnitFilter>('all');
  const { picking } = desk;
  const hand = useRef<MapHand | null>(null);
  const phoneRef = useRef<HTMLInputElement>(null);
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const commandRef = useRef<HTMLInputElement>(null);
  const takesCalls = may(session, 'incident:take');
  const { incidents, units } = desk.board;
  const shownIncidents = useMemo(() => orderedIncidents(incidents, incidentFilter), [incidents, incidentFilter]);
  const shownUnits = useMemo(() => orderedUnits(units, unitFilter), [units, unitFilter]);
  const { selectedId } = desk;
  const recommendation = useRecommendation(
    may(session, 'incident:dispatch') ? selectedId : null,
    desk.selected?.revision ?? 0,
  ).data;

  // What was just registered takes the place of the form: the next key assigns.
  const [focusNew, setFocusNew] = useState(false);
  useEffect(() => {
    if (!focusNew) return;
    phoneRef.current?.focus();
    setFocusNew(false);
  }, [focusNew]);

  // With the keyboard alone: arrows move the map, Enter marks its middle.
  useEffect(() => {
    if (picking === 'incident') hand.current?.focus();
  }, [picking]);

  const see = useCallback(
    (alarm: DispatchAlarmView): void => {
      if (alarm.incidentId) desk.select(alarm.incidentId);
      if (alarm.unitId) {
        desk.showUnit(alarm.unitId);
        hand.current?.goToUnit(alarm.unitId);
      }
    },
    [desk],
  );
  const onAction = (action: DeskAction): void => {
    if (action === 'new' && takesCalls) {
      intake.begin();
      setFocusNew(true);
    } else if (action === 'map') hand.current?.focus();
    else if (action === 'cameras') document.getElementById('near-cameras')?.focus();
    else if (action === 'units') document.querySelector<HTMLElement>('#unit-rows button')?.focus();
    else if (action === 'command') commandRef.current?.focus();
    else if (action === 'help') desk.open({ kind: 'keys' });
    else if (action === 'next' || action === 'previous')
      desk.select(stepFrom(shownIncidents, selectedId, action === 'next' ? 1 : -1)?.id ?? null);
    else if (action === 'assign') assignRank(0);
    else if (action.startsWith('digit-')) assignRank(Number(action.slice(6)) - 1);
    else if (action === 'note') noteRef.current?.focus();
    else if (action === 'alarm') {
      if (alarms.waiting[0]) alarms.acknowledge(alarms.waiting[0]);
    } else if (action === 'incident') {
      if (calls.waiting[0]) calls.take(calls.waiting[0]);
    } else if (action === 'mute') alarms.mute(!alarms.muted);
    else if (action === 'escape') leave();
    else if (isAct(action)) acts(action);
  };
  const assignRank = (rank: number): void => {
    const unit = recommendation?.units[rank];
    if (unit) void desk.assign(unit);
  };
  const leave = (): void => {
    if (picking) return desk.pick(null);
    const active = document.activeElement;
    if (active instanceof HTMLElement && active !== document.body) active.blur();
    else if (intake.open && !intake.touched) intake.hide();
    else desk.tell(null);
  };
  const { letters, setLetters } = useDeskKeys(onAction);
  const relocate = async (point: Place): Promise<void> => {
    if (!desk.selected) return;
    const { id, place } = desk.selected;
    const { address = '', reference = '' } = place ?? {};
    const wish = { kind: 'relocate', place: { point, sectorId: null, address, reference } } as const;
    await desk.attempt(() => desk.intake(id, wish), say('place.done', { code: desk.incidentCode(id) }));
  };
  const takePlace = (point: Place): boolean => {
    if (!picking) return false;
    if (picking === 'draft') intake.change({ point, sectorId: null });
    else void relocate(point);
    desk.pick(null);
    return true;
  };

  return (
    <div className="page dispatch-page">
      <Header page="dispatch" session={session}>
        <BoardCounters board={desk.board} />
      </Header>
      <main className="desk">
        <h1 className="sr-only">{say('nav.dispatch')}</h1>
        <section className="panel desk__left" aria-label={say('intake.title')}>
          <header className="panel__head">
            <h2>{say(intake.open || selectedId === null ? 'intake.title' : 'detail.title')}</h2>
            <button type="button" className="act" disabled={!takesCalls} onClick={() => onAction('new')}>
              {!intake.open && selectedId !== null && say('intake.title')} <kbd>F2</kbd>
            </button>
          </header>
          <div className="desk__scroll">
            {intake.open && takesCalls && (
              <IntakeForm
                intake={intake}
                places={places}
                phoneRef={phoneRef}
                picking={picking === 'draft'}
                onPickPlace={() => {
                  desk.pick(picking === 'draft' ? null : 'draft');
                  hand.current?.focus();
                }}
              />
            )}
            {intake.undo && <Undo onUndo={intake.undo} />}
            {!(intake.open && selectedId === null) && <Detail noteRef={noteRef} />}
          </div>
        </section>
        <div className="desk__middle">
          <StaleNotice />
          <AlarmBar alarms={alarms} onSee={see} />
          <CameraAlarms alarms={calls.waiting} cameras={town.cameras} onIncident={calls.take} />
          <IncidentBoard shown={shownIncidents} filter={incidentFilter} onFilter={setIncidentFilter} />
          <UnitBoard shown={shownUnits} filter={unitFilter} onFilter={setUnitFilter} selectedUnitId={unitId} />
        </div>
        <div className="desk__right">
          <DispatchMap
            town={town}
            handRef={hand}
            unitId={unitId}
            draftPoint={intake.open ? intake.draft.point : null}
            picking={picking !== null}
            onPlace={takePlace}
          />
          <NearCameras cameras={town.cameras} draft={intake.open && selectedId === null ? intake.draft : null} />
        </div>
      </main>
      <footer className="panel desk__foot">
        <CommandBar inputRef={commandRef} onAction={onAction} />
        <Hints />
        <p className={`desk__notice desk__notice--${notice?.kind ?? 'none'}`} role="status" aria-live="polite">
          {notice?.text}
        </p>
        <button type="button" className="act" aria-pressed={alarms.muted} onClick={() => alarms.mute(!alarms.muted)}>
          <Icon name={alarms.muted ? 'mute' : 'bell'} /> {say(alarms.muted ? 'alarm.unmute' : 'alarm.mute')}{' '}
          <kbd>M</kbd>
        </button>
      </footer>
      <Dialogs dialog={dialog} letters={letters} onLetters={setLetters} onClose={closeDialog} />
    </div>
  );
}

const ACTS = [
  'pnp',
  'samu',
  'bom',
  'refer',
  'classify',
  'backup',
  'place',
  'merge',
  'link',
  'control',
  'close',
  'dismiss',
] as const;

function isAct(action: DeskAction): action is (typeof ACTS)[number] {
  return (ACTS as readonly string[]).includes(action);
}

/** What was discarded by mistake is there for a minute. */
function Undo({ onUndo }: { readonly onUndo: () => void }) {
  const { say } = useWords();
  return (
    <p className="notice notice--note intake__undo" role="status">
      {say('intake.discarded')}
      <button type="button" className="button button--small" onClick={onUndo}>
        {say('intake.undo')}
      </button>
    </p>
  );
}

function Hints() {
  const { say } = useWords();
  const { open } = useDesk();
  return (
    <span className="desk__hints">
      <button type="button" className="act" onClick={() => open({ kind: 'keys' })}>
        <kbd>?</kbd> {say('keys.help')}
      </button>
      <span>
        <kbd>F3</kbd> {say('key.map')}
      </span>
      <span>
        <kbd>F4</kbd> {say('key.cameras')}
      </span>
    </span>
  );
}
