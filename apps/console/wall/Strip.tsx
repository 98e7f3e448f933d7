import type { AlarmView, CameraView, IncidentItem, ZoneCoverageView, ZoneView } from '#libs/wire';
import { clockTime, countUp, momentOf, percent } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import type { BoardView } from '../live/board-view.ts';
import type { TownView } from '../live/town-view.ts';
import { AlarmMark } from '../alarms/AlarmMark.tsx';
import { useWaitingAlarms } from '../alarms/use-alarms.ts';
import { orderedIncidents } from '../live/board-order.ts';
import { LevelTimer } from '../ui/LevelTimer.tsx';
import { PriorityMark } from '../ui/PriorityMark.tsx';
import { UnitMark } from '../ui/UnitMark.tsx';
import { phaseLook } from '../ui/unit-look.ts';
import { Share } from '../ui/Share.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { cardsOf, type Card } from './cards.ts';
import type { Layout } from './layout.ts';

export interface StripProps {
  readonly town: TownView;
  readonly board: BoardView;
  readonly layout: Layout;
  /** The alarm that the key I takes. */
  readonly nextId: string | null;
}

/**
 * The bottom of the wall: open incidents, the gravest first; where there is room, alarms that wait, the newest first; cameras
 * that need somebody, longest first; then zones, least seen first.
 */
export function Strip({ town, board, layout, nextId }: StripProps) {
  const { say } = useWords();
  const places = layout === 'mosaic' ? 6 : 5;
  const { waiting } = useWaitingAlarms();
  const queue = orderedIncidents(board.incidents, 'all');
  // A full queue must not hide that a camera calls.
  const room = waiting.length > 0 ? places - 1 : places;
  // Those for which there is no card are counted: a queue that looks short is not read as long.
  const shown = queue.slice(0, queue.length > room ? room - 1 : room);
  const left = queue.slice(shown.length);
  const cards = cardsOf(
    town.cameras,
    town.zones,
    town.coverage,
    places - shown.length - (left.length > 0 ? 1 : 0),
    waiting,
  );
  return (
    <section className="strip" aria-label={say('wall.strip')}>
      {shown.map((incident) => (
        <IncidentCard key={incident.id} incident={incident} board={board} />
      ))}
      {left.length > 0 && <MoreIncidentsCard left={left} />}
      {cards.map((card) => (
        <OneCard key={card.key} card={card} nextId={nextId} />
      ))}
    </section>
  );
}

/** Readable from 4 m: how grave, since when, how long, what, where, who. The place of a masked one is not for the whole room. */
function IncidentCard({ incident, board }: { readonly incident: IncidentItem; readonly board: BoardView }) {
  const { say } = useWords();
  const type = board.types.find(({ code }) => code === incident.classification?.typeCode);
  return (
    <article className={`card card--incident card--${incident.priority ?? 'none'}`}>
      <header>
        <PriorityMark priority={incident.priority} />
        <time className="card__called">{clockTime(incident.clocks.callAtMs).slice(0, 5)}</time>
        <LevelTimer incident={incident} />
      </header>
      <h2>{type?.name ?? say('board.noType')}</h2>
      <p className="card__place">
        {incident.masked ? say('board.masked') : incident.place?.address || say('board.noPlace')}
      </p>
      <p className="card__units">
        {incident.units.length === 0 && <span className="unit-chip unit-chip--none">{say('board.unassigned')}</span>}
        {incident.units.slice(0, 2).map(({ unitId, callSign, phase }) => (
          <span key={unitId} className={`unit-chip unit-mark--${phaseLook(phase)}`}>
            {callSign} <UnitMark look={phaseLook(phase)} />
            <span className="sr-only">{say(`phase.${phase}`)}</span>
          </span>
        ))}
      </p>
    </article>
  );
}

/** How many more, and how grave. */
function MoreIncidentsCard({ left }: { readonly left: readonly IncidentItem[] }) {
  const { say } = useWords();
  const grades = [...new Set(left.map(({ priority }) => priority))];
  return (
    <article className="card card--more">
      <h2>{say('wall.incidents.more', { count: left.length })}</h2>
      <p className="card__grades">
        {grades.map((priority) => (
          <span key={priority ?? 'none'}>
            <PriorityMark priority={priority} /> {left.filter((one) => one.priority === priority).length}
          </span>
        ))}
      </p>
    </article>
  );
}

function OneCard({ card, nextId }: { readonly card: Card; readonly nextId: string | null }) {
  if (card.kind === 'camera') return <CameraCard camera={card.camera} />;
  if (card.kind === 'zone') return <ZoneCard zone={card.zone} coverage={card.coverage} />;
  if (card.kind === 'alarm')
    return <AlarmCard alarm={card.alarm} camera={card.camera} offered={card.alarm.id === nextId} />;
  if (card.kind === 'more-alarms') return <MoreAlarmsCard alarms={card.alarms} />;
  return <MoreCard cameras={card.cameras} />;
}

interface AlarmCardProps {
  readonly alarm: AlarmView;
  readonly camera: CameraView | undefined;
  readonly offered: boolean;
}

function AlarmCard({ alarm, camera, offered }: AlarmCardProps) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const { kind, repeats, startedAtMs, endedAtMs } = alarm;
  return (
    <article className="card card--alarm">
      <header>
        <span className="card__chip">
          <AlarmMark kind={kind} />
          {alarm.cameraCode}
        </span>
        <time className="card__timer">{countUp(nowMs - startedAtMs)}</time>
      </header>
      <h2>
        {say(`alarm.${kind}`)}
        {repeats > 0 && ` ×${repeats + 1}`}
      </h2>
      <p>
        {camera?.name}
        {endedAtMs !== null && ` · ${say('alarms.over')}`}
      </p>
      {offered && (
        <p className="card__offer">
          <kbd>I</kbd> {say('wall.incident.offer')}
        </p>
      )}
    </article>
  );
}

function MoreAlarmsCard({ alarms }: { readonly alarms: readonly AlarmView[] }) {
  const { say } = useWords();
  return (
    <article className="card card--alarm">
      <h2>{say('alarms.wall.more', { count: alarms.length })}</h2>
      <p className="card__codes">{[...new Set(alarms.map(({ cameraCode }) => cameraCode))].join(' · ')}</p>
    </article>
  );
}

function CameraCard({ camera }: { readonly camera: CameraView }) {
  const { say, sayReason } = useWords();
  const nowMs = useServerNowMs();
  const { state, sinceMs, reason } = camera.health;
  return (
    <article className={`card card--${state}`}>
      <header>
        <span className="card__chip">
          <StateMark state={state} />
          {camera.code}
        </span>
        <time className="card__timer">{countUp(nowMs - sinceMs)}</time>
      </header>
      <h2>{camera.name}</h2>
      <p>
        {say(`state.${state}`)} · {momentOf(sinceMs, nowMs)}
      </p>
      {reason && <p className="card__reason">{sayReason(reason.code)}</p>}
    </article>
  );
}

function ZoneCard({ zone, coverage }: { readonly zone: ZoneView; readonly coverage: ZoneCoverageView | undefined }) {
  const { say } = useWords();
  return (
    <article className={`card card--risk-${zone.riskLevel}`}>
      <header>
        <span className={`risk risk--${zone.riskLevel}`}>{say(`risk.${zone.riskLevel}`)}</span>
        <span className="card__timer">{coverage ? percent(coverage.coveredShare) : '–'}</span>
      </header>
      <h2>{zone.name}</h2>
      <Share share={coverage?.coveredShare ?? 0} />
      <p>
        {coverage
          ? say('coverage.wall', { working: coverage.workingCameras, placed: coverage.placedCameras })
          : say('coverage.unknown')}
      </p>
    </article>
  );
}

function MoreCard({ cameras }: { readonly cameras: readonly CameraView[] }) {
  const { say } = useWords();
  return (
    <article className="card card--offline">
      <h2>{say('wall.more', { count: cameras.length })}</h2>
      <p className="card__codes">{cameras.map(({ code }) => code).join(' · ')}</p>
    </article>
  );
}
