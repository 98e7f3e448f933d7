import type { AlarmView, CameraView, ZoneCoverageView, ZoneView } from '#libs/wire';
import { countUp, momentOf, percent } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import type { TownView } from '../live/town-view.ts';
import { AlarmMark } from '../alarms/AlarmMark.tsx';
import { useWaitingAlarms } from '../alarms/use-alarms.ts';
import { Share } from '../ui/Share.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { cardsOf, type Card } from './cards.ts';
import type { Layout } from './layout.ts';

/** The bottom of the wall: alarms that wait, the newest first; cameras that need somebody first, longest first; then zones, least seen first. */
export function Strip({ town, layout }: { readonly town: TownView; readonly layout: Layout }) {
  const { say } = useWords();
  const { waiting } = useWaitingAlarms();
  const cards = cardsOf(town.cameras, town.zones, town.coverage, layout === 'mosaic' ? 6 : 5, waiting);
  return (
    <section className="strip" aria-label={say('wall.strip')}>
      {cards.map((card) => (
        <OneCard key={card.key} card={card} />
      ))}
    </section>
  );
}

function OneCard({ card }: { readonly card: Card }) {
  if (card.kind === 'camera') return <CameraCard camera={card.camera} />;
  if (card.kind === 'zone') return <ZoneCard zone={card.zone} coverage={card.coverage} />;
  if (card.kind === 'alarm') return <AlarmCard alarm={card.alarm} camera={card.camera} />;
  if (card.kind === 'more-alarms') return <MoreAlarmsCard alarms={card.alarms} />;
  return <MoreCard cameras={card.cameras} />;
}

function AlarmCard({ alarm, camera }: { readonly alarm: AlarmView; readonly camera: CameraView | undefined }) {
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
