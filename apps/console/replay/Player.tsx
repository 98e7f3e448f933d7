import { useEffect, useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { incidentTypeView, type ReplayOutlineView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import type { StoryNames } from '../dispatch/story.ts';
import { useWords } from '../i18n/language.tsx';
import { isOpen, orderedIncidents, orderedUnits } from '../live/board-order.ts';
import { codeOf, useServices } from '../live/services.tsx';
import { addressOf, type ReplayAddress } from './address.ts';
import { IncidentsThen, UnitsThen } from './BoardThen.tsx';
import { boardAfter, happened, logUpTo, stepWithin, type MomentView } from './page-moment.ts';
import { ReplayLog } from './ReplayLog.tsx';
import { ReplayMap } from './ReplayMap.tsx';
import { TimeAxis } from './TimeAxis.tsx';
import { Transport } from './Transport.tsx';
import { usePlayhead } from './use-playhead.ts';
import { useReplayKeys } from './use-replay-keys.ts';
import { useTape } from './use-tape.ts';
import type { ReplayTape } from './replay-tape.ts';

const LOG_LINES = 200;
const NOTHING: MomentView = { incidents: [], units: [] };
const SAVE_ADDRESS_MS = 500;

interface PlayerProps {
  readonly outline: ReplayOutlineView;
  readonly address: ReplayAddress;
  readonly onLeave: () => void;
}

/** One opening, played: the board, the map and the log of the moment where the playhead stands. */
export function Player({ outline, address, onLeave }: PlayerProps) {
  const { say, sayError } = useWords();
  const { opening, spans, cameraLosses, tracksSinceMs } = outline;
  const [incidentId, setIncidentId] = useState(address.incidentId ?? opening.incidentId);
  const [unitId, setUnitId] = useState<string | null>(null);
  const startMs = address.atMs ?? spans.find((one) => one.incidentId === opening.incidentId)?.fromMs ?? opening.fromMs;
  const [ready] = useState<{ tape: ReplayTape | null }>({ tape: null });
  const hand = usePlayhead(opening, startMs, (ms) => ready.tape?.pageAt(ms) !== undefined);
  const { atMs, playing } = hand.head;
  const tape = useTape(opening, atMs);
  ready.tape = tape;
  const page = tape.pageAt(atMs);
  const count = page ? happened(page, atMs) : 0;
  const [last, setLast] = useState(NOTHING);
  const current = useMemo(() => page && boardAfter(page, count), [page, count]);
  useEffect(() => {
    if (current) setLast(current);
  }, [current]);
  const view = current ?? last;
  const types = useTypes();
  const pages = tape.pagesUpTo(atMs);
  const names = useMemo(() => namesOf(outline, view, types), [outline, view, types]);
  const log = logUpTo(pages, atMs, LOG_LINES);
  const openNow = useMemo(() => orderedIncidents(view.incidents.filter(isOpen), 'all'), [view]);
  const unitsNow = useMemo(() => orderedUnits(view.units.filter(inService), 'all'), [view]);
  const losses = cameraLosses.filter(({ fromMs, toMs }) => fromMs <= atMs && (toMs === null || toMs > atMs));
  const step = async (by: 1 | -1): Promise<void> => {
    if (!page) return;
    hand.pause();
    let from: typeof page = page;
    for (;;) {
      const foundMs = stepWithin(from, atMs, by);
      if (foundMs !== null) return hand.seek(foundMs);
      const after = by === 1 ? from.nextAfter : from.previousAfter;
      if (after === null) return hand.seek(by === 1 ? opening.toMs : opening.fromMs);
      from = await tape.load({ after });
    }
  };
  const choose = (id: string): void => {
    setIncidentId(id === incidentId ? null : id);
    setUnitId(null);
  };
  const goTo = (id: string): void => {
    const began = spans.find((one) => one.incidentId === id);
    setIncidentId(id);
    if (began) hand.seek(began.fromMs);
  };
  useReplayKeys({
    toggle: hand.toggle,
    move: (byMs) => hand.seek(atMs + byMs),
    step: (by) => void step(by),
    edge: (end) => hand.seek(end === 'start' ? opening.fromMs : opening.toMs),
    setSpeed: hand.setSpeed,
    clear: () => {
      setIncidentId(null);
      setUnitId(null);
    },
  });
  const place = { incidentId, fromMs: opening.fromMs, toMs: opening.toMs, atMs };
  useAddress(addressOf({ ...place, openingId: opening.id }), playing);
  const kept = tracksSinceMs !== null && atMs >= tracksSinceMs;
  return (
    <main className={page ? 'replay' : 'replay replay--waiting'} data-moment={Math.floor(atMs)}>
      <h1 className="sr-only">{say('nav.replay')}</h1>
      <div className="replay__band">
        <b>{say('replay.banner')}</b>
        <time className="replay__moment" dateTime={new Date(atMs).toISOString()}>
          {dateTime(atMs)}
        </time>
        <span>
          {opening.incidentId !== null && say('replay.why.incident', { code: names.incidentCode(opening.incidentId) })}{' '}
          {opening.reason}
        </span>
        <span className="replay__state" role="status">
          {tape.failure !== null ? sayError(codeOf(tape.failure)) : page ? '' : say('replay.loading')}
        </span>
        <button type="button" className="button button--small" onClick={onLeave}>
          {say('replay.open.other')}
        </button>
      </div>
      <div className="replay__left">
        <IncidentsThen
          incidents={openNow}
          atMs={atMs}
          names={names}
          selectedId={incidentId}
          onSelect={choose}
          onGo={goTo}
        />
        <UnitsThen
          units={unitsNow}
          names={names}
          selectedId={unitId}
          onSelect={(id) => setUnitId(id === unitId ? null : id)}
        />
      </div>
      <ReplayMap
        view={view}
        atMs={atMs}
        pieces={tape.piecesAt(atMs)}
        losses={losses}
        incidentId={incidentId}
        unitId={unitId}
        onIncident={choose}
        onUnit={setUnitId}
      />
      <ReplayLog
        changes={log}
        names={names}
        incidentId={incidentId}
        csv={`/api/replay/${opening.id}/log.csv`}
        onGo={(ms) => hand.seek(ms)}
      />
      <section className="panel replay__foot" aria-label={say('replay.axis')}>
        <TimeAxis
          outline={outline}
          atMs={atMs}
          openCount={openNow.length}
          selectedId={incidentId}
          onSeek={hand.seek}
          onIncident={setIncidentId}
        />
        <Transport
          hand={hand}
          span={opening}
          link={addressOf({ ...place, openingId: null })}
          onStep={(by) => void step(by)}
        />
        <p className="replay__notes">
          {!kept && <span className="replay__warn">{say('replay.noTracks')}</span>}
          {losses.length > 0 && (
            <span className="replay__warn">
              {say('replay.cameras.lost', { list: [...new Set(losses.map(({ code }) => code))].join(', ') })}
            </span>
          )}
          <span>{say('replay.zones')}</span>
          <span>{say('replay.keys')}</span>
        </p>
      </section>
    </main>
  );
}

function inService({ retiredAtMs, duty, attends, sos }: MomentView['units'][number]): boolean {
  return retiredAtMs === null && (duty !== null || attends !== null || sos !== null);
}

function useTypes() {
  const { http } = useServices();
  return useQuery({
    queryKey: ['replay-types'],
    queryFn: () => http.ask('GET', '/api/incident-types', z.array(incidentTypeView)),
    staleTime: Infinity,
  }).data;
}

/** Codes of incidents and call signs of units, as far as this time knows them. */
function namesOf({ spans }: ReplayOutlineView, view: MomentView, types: ReturnType<typeof useTypes> = []): StoryNames {
  const codes = new Map(spans.map(({ incidentId, code }) => [incidentId, code]));
  for (const { id, code } of view.incidents) codes.set(id, code);
  const signs = new Map(view.units.map(({ id, callSign }) => [id, callSign]));
  const kinds = new Map(types.map(({ code, name }) => [code, name]));
  return {
    incidentCode: (id) => codes.get(id) ?? '',
    callSign: (id) => signs.get(id) ?? '',
    typeName: (code) => kinds.get(code) ?? code,
  };
}

/** Keeps the address at the moment that is shown, so that a reload comes back to it; not at every tick. */
function useAddress(address: string, playing: boolean): void {
  const { clock } = useServices();
  useEffect(() => {
    if (playing) return undefined;
    const timer = clock.after(SAVE_ADDRESS_MS, () => history.replaceState(null, '', address));
    return () => timer.cancel();
  }, [address, playing, clock]);
}
