import type { DispatchRules, Priority } from '#libs/dispatch';
import { groupRows, type Grouping } from './grouping.ts';
import { spreadsByGroup, type Spread } from './percentile.ts';
import { isNone, type FigureTable } from './figure-table.ts';

/**
 * Stretches of an incident's time, each between two of its clocks; `null` is the call. Units are the first to reach each
 * step, so that the parts of one incident may be of two units.
 */
export const STRETCHES = {
  answer: [null, 'openedMs'],
  dispatch: [null, 'dispatchedMs'],
  acknowledge: ['dispatchedMs', 'acknowledgedMs'],
  departure: ['acknowledgedMs', 'enRouteMs'],
  travel: ['enRouteMs', 'arrivedMs'],
  response: [null, 'arrivedMs'],
  attention: ['arrivedMs', 'closedMs'],
  total: [null, 'closedMs'],
} as const;
export type Stretch = keyof typeof STRETCHES;
export const STRETCH_NAMES = Object.keys(STRETCHES) as readonly Stretch[];

/**
 * How a target was kept. `met` and `late` are told by when it was done (or by the clock, for one that is late and still
 * open); `never` ended without it; `running` is open and still in time. The share that kept it is `met / (met + late)`.
 */
export interface Kept {
  readonly met: number;
  readonly late: number;
  readonly never: number;
  readonly running: number;
}
export const TARGET_NAMES = ['dispatch', 'onScene'] as const;
export type TargetName = (typeof TARGET_NAMES)[number];

export interface TimesGroup {
  /** `null`: those that have none (no sector, no type yet). */
  readonly key: string | null;
  readonly count: number;
  readonly stretches: Readonly<Record<Stretch, Spread>>;
  readonly targets: Readonly<Record<TargetName, Kept>>;
}

export interface TimesReport {
  readonly total: TimesGroup;
  readonly groups: readonly TimesGroup[];
}

/** Targets by priority, milliseconds; `null` has none. */
export type TargetsByPriority = Readonly<
  Record<Priority, Pick<DispatchRules['targets']['P1'], 'dispatchMs' | 'onSceneMs'>>
>;

/**
 * The times of a table, as a whole and by group. `rest` is awaited between columns, so that a long table does not keep
 * everything else waiting.
 */
export async function timesOf(
  table: FigureTable,
  grouping: Grouping,
  targets: TargetsByPriority,
  nowMs: number,
  rest: () => Promise<void>,
): Promise<TimesReport> {
  const { keys, groupOf } = groupRows(table, grouping);
  const spreads: Partial<Record<Stretch, { whole: Spread; parts: Spread[] }>> = {};
  for (const name of STRETCH_NAMES) {
    spreads[name] = spreadsByGroup(stretchOf(table, name), groupOf, keys.length);
    await rest();
  }
  const kept = keptByGroup(table, groupOf, keys.length, targets, nowMs);
  const counts = new Uint32Array(keys.length);
  for (const group of groupOf) counts[group]!++;
  const pick = (of: (one: { whole: Spread; parts: Spread[] }) => Spread): Record<Stretch, Spread> =>
    Object.fromEntries(STRETCH_NAMES.map((name) => [name, of(spreads[name]!)])) as Record<Stretch, Spread>;
  return {
    total: { key: null, count: table.rows, stretches: pick(({ whole }) => whole), targets: sumOfKept(kept) },
    groups: keys.map((key, group) => ({
      key,
      count: counts[group]!,
      stretches: pick(({ parts }) => parts[group]!),
      targets: kept[group]!,
    })),
  };
}

function stretchOf({ rows, columns }: FigureTable, name: Stretch): Float64Array {
  const [from, to] = STRETCHES[name];
  if (from === null) return columns[to];
  const values = new Float64Array(rows);
  const [starts, ends] = [columns[from], columns[to]];
  for (let row = 0; row < rows; row++) values[row] = ends[row]! - starts[row]!;
  return values;
}

type Tally = Record<TargetName, { -readonly [K in keyof Kept]: number }>;
const empty = (): Tally => ({
  dispatch: { met: 0, late: 0, never: 0, running: 0 },
  onScene: { met: 0, late: 0, never: 0, running: 0 },
});

function keptByGroup(
  table: FigureTable,
  groupOf: Uint32Array,
  groups: number,
  targets: TargetsByPriority,
  nowMs: number,
): Tally[] {
  const tallies = Array.from({ length: groups }, empty);
  const { callAtMs, dispatchedMs, referralTakenMs, arrivedMs, endedMs } = table.columns;
  for (const { priority, from, to } of table.runs) {
    if (priority === null) continue;
    const { dispatchMs, onSceneMs } = targets[priority];
    for (let row = from; row < to; row++) {
      const tally = tallies[groupOf[row]!]!;
      const openMs = isNone(endedMs[row]!) ? nowMs - callAtMs[row]! : null;
      // An agency that took it is an answer too, when no unit of ours was sent before (as in libs/dispatch timersOf).
      const toldMs = earlier(dispatchedMs[row]!, referralTakenMs[row]!);
      if (dispatchMs !== null) tally.dispatch[verdict(toldMs, dispatchMs, openMs)]++;
      if (onSceneMs !== null) tally.onScene[verdict(arrivedMs[row]!, onSceneMs, openMs)]++;
    }
  }
  return tallies;
}

function earlier(a: number, b: number): number {
  if (isNone(a)) return b;
  return isNone(b) ? a : Math.min(a, b);
}

/** `openMs`: how long it has been open, `null` once it is over. */
function verdict(doneMs: number, targetMs: number, openMs: number | null): keyof Kept {
  if (!isNone(doneMs)) return doneMs <= targetMs ? 'met' : 'late';
  if (openMs === null) return 'never';
  return openMs <= targetMs ? 'running' : 'late';
}

function sumOfKept(tallies: readonly Tally[]): Tally {
  const sum = empty();
  for (const tally of tallies)
    for (const target of TARGET_NAMES)
      for (const how of ['met', 'late', 'never', 'running'] as const) sum[target][how] += tally[target][how];
  return sum;
}
