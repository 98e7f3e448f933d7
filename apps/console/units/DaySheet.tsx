import { useEffect, useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { DEFAULT_SHIFTS, ShiftTable } from '#libs/shift';
import {
  trackMetricsView,
  trackView,
  type SectorView,
  type TrackMetricsView,
  type TrackView,
  type ZoneView,
} from '#libs/wire';
import { clockTime, countUp, decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { Select } from './UnitDialog.tsx';
import { UnitChoice, type UnitChoiceProps } from './UnitChoice.tsx';
import { piecesOf, type TrackGap } from './track-pieces.ts';

const DAY_MS = 86_400_000;
/** Peru keeps UTC-5 all year. */
const LIMA_MIDNIGHT_MS = 5 * 3_600_000;
const MAX_GAPS = 50;

export interface DaySheetProps extends UnitChoiceProps {
  readonly sectors: readonly SectorView[];
  readonly zones: readonly ZoneView[];
  readonly mayExport: boolean;
  readonly onTrack: (track: TrackView | null) => void;
}

/** One unit on one day or shift: kilometres, minutes, minutes by area, its track, and what is not known of it. */
export function DaySheet({ sectors, zones, mayExport, onTrack, ...choice }: DaySheetProps) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const [day, setDay] = useState(() => limaDayOf(nowMs));
  const [span, setSpan] = useState('day');
  const spans = useMemo(() => spansOf(day), [day]);
  const chosen = spans.find(({ id }) => id === span) ?? spans[0];
  const { unitId } = choice;
  return (
    <div className="stack">
      <p className="places__text">{say('day.intro')}</p>
      <UnitChoice {...choice} />
      <div className="day__when">
        <Field label={say('day.day')} type="date" value={day} onChange={setDay} max={limaDayOf(nowMs)} />
        <Select
          label={say('day.span')}
          value={span}
          options={spans.map(({ id, name, fromMs, toMs }) => ({
            value: id,
            words: id === 'day' ? say('day.whole') : `${name} · ${clockTime(fromMs)}–${clockTime(toMs)}`,
          }))}
          onValue={setSpan}
        />
      </div>
      {unitId !== null && chosen && (
        <Sheet
          key={`${unitId}/${chosen.fromMs}/${chosen.toMs}`}
          unitId={unitId}
          fromMs={chosen.fromMs}
          toMs={chosen.toMs}
          areas={namesOf(sectors, zones)}
          onTrack={onTrack}
        />
      )}
      {mayExport && chosen && (
        <p>
          <a className="button" href={`/api/positions/metrics.csv?fromDay=${day}&toDay=${day}`} download>
            {say('day.sipcop')}
          </a>
        </p>
      )}
    </div>
  );
}

interface SheetProps {
  readonly unitId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly areas: ReadonlyMap<string, string>;
  readonly onTrack: (track: TrackView | null) => void;
}

function Sheet({ unitId, fromMs, toMs, areas, onTrack }: SheetProps) {
  const { say } = useWords();
  const { http } = useServices();
  const query = `fromMs=${fromMs}&toMs=${toMs}`;
  const path = `/api/units/${unitId}/track`;
  const track = useQuery({
    queryKey: ['track', path, query],
    queryFn: () => http.ask('GET', `${path}?${query}`, trackView),
  });
  const metrics = useQuery({
    queryKey: ['track-metrics', path, query],
    queryFn: () => http.ask('GET', `${path}/metrics?${query}`, trackMetricsView),
  });
  useEffect(() => {
    onTrack(track.data ?? null);
    return () => onTrack(null);
  }, [track.data, onTrack]);
  const error = track.error ?? metrics.error;
  if (error)
    return <Failed code={codeOf(error)} onRetry={() => void Promise.all([track.refetch(), metrics.refetch()])} />;
  if (!track.data || !metrics.data) return <Loading />;
  if (track.data.fixes.length === 0) return <p className="notice notice--note">{say('day.nothing')}</p>;
  return (
    <>
      <Figures metrics={metrics.data} />
      {track.data.truncated && <p className="notice notice--warn">{say('day.truncated')}</p>}
      <ByArea minutes={metrics.data.minutesByZone} areas={areas} />
      <Gaps gaps={piecesOf(track.data.fixes).gaps} />
      <p className="buttons">
        <a className="button button--small" href={`${path}.csv?${query}`} download>
          {say('day.csv')}
        </a>
        <a className="button button--small" href={`${path}.gpx?${query}`} download>
          {say('day.gpx')}
        </a>
      </p>
    </>
  );
}

function Figures({ metrics }: { readonly metrics: TrackMetricsView }) {
  const { say, language } = useWords();
  const { distanceKm, movingMinutes, standingMinutes, unknownMinutes, maxSpeedKmh } = metrics;
  const facts = [
    [say('day.distance'), `${decimal(distanceKm, 2, language)} km`],
    [say('day.moving'), minutesText(movingMinutes)],
    [say('day.standing'), minutesText(standingMinutes)],
    [say('day.unknown'), minutesText(unknownMinutes)],
    [say('day.maxSpeed'), `${decimal(maxSpeedKmh, 0, language)} km/h`],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface ByAreaProps {
  readonly minutes: Readonly<Record<string, number>>;
  readonly areas: ReadonlyMap<string, string>;
}

function ByArea({ minutes, areas }: ByAreaProps) {
  const { say } = useWords();
  const rows = Object.entries(minutes).toSorted((a, b) => b[1] - a[1]);
  if (rows.length === 0) return <p className="places__text">{say('day.noAreas')}</p>;
  return (
    <table className="table units__table">
      <thead>
        <tr>
          <th scope="col">{say('day.area')}</th>
          <th scope="col">{say('day.time')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([id, value]) => (
          <tr key={id}>
            <th scope="row">{areas.get(id) ?? say('day.areaGone')}</th>
            <td>{minutesText(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Gaps({ gaps }: { readonly gaps: readonly TrackGap[] }) {
  const { say } = useWords();
  if (gaps.length === 0) return <p className="places__text">{say('day.noGaps')}</p>;
  return (
    <section className="stack stack--tight">
      <h2 className="day__title">{say('day.gaps', { count: gaps.length })}</h2>
      <ul className="day__gaps">
        {gaps.slice(0, MAX_GAPS).map(({ from, to }) => (
          <li key={from.takenAtMs}>
            {clockTime(from.takenAtMs)} – {clockTime(to.takenAtMs)} ({countUp(to.takenAtMs - from.takenAtMs)})
          </li>
        ))}
      </ul>
    </section>
  );
}

function minutesText(minutes: number): string {
  return countUp(minutes * 60_000);
}

function namesOf(sectors: readonly SectorView[], zones: readonly ZoneView[]): ReadonlyMap<string, string> {
  return new Map([
    ...sectors.map(({ id, code, name }) => [id, `${code} ${name}`.trim()] as const),
    ...zones.map(({ id, name }) => [id, name] as const),
  ]);
}

function spansOf(day: string): { id: string; name: string; fromMs: number; toMs: number }[] {
  const fromMs = Date.parse(`${day}T00:00:00Z`) + LIMA_MIDNIGHT_MS;
  if (Number.isNaN(fromMs)) return [];
  const shifts = new ShiftTable(DEFAULT_SHIFTS).on(day).map(({ patternId, name, startMs, endMs }) => ({
    id: patternId,
    name,
    fromMs: startMs,
    toMs: endMs,
  }));
  return [{ id: 'day', name: '', fromMs, toMs: fromMs + DAY_MS }, ...shifts];
}

function limaDayOf(atMs: number): string {
  return new Date(atMs - LIMA_MIDNIGHT_MS).toISOString().slice(0, 10);
}
