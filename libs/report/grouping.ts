import type { FigureTable } from './figure-table.ts';
import { localHour, localWeekday } from './local-days.ts';
import { shiftIndexOf, type ShiftLine } from './shift-line.ts';

/** What incidents can be put together by: the first are columns, the last follow from the time of the call. */
export const GROUPINGS = ['sector', 'type', 'group', 'priority', 'channel', 'hour', 'weekday', 'shift'] as const;
export type GroupingName = (typeof GROUPINGS)[number];
/** Groupings that follow from the time of the call in Lima. */
export const TIME_GROUPINGS = ['hour', 'weekday', 'shift'] as const;
export type TimeGrouping = (typeof TIME_GROUPINGS)[number];

export function isTimeGrouping(name: GroupingName): name is TimeGrouping {
  return (TIME_GROUPINGS as readonly string[]).includes(name);
}

/** By the key of each run, or by what `indexOf` makes of the time of a call (an index into `keys`). */
export type Grouping =
  | { readonly kind: 'runs' }
  | {
      readonly kind: 'time';
      readonly keys: readonly (string | null)[];
      readonly indexOf: (callAtMs: number) => number;
    };

/** How the times of calls are grouped: hours `00`..`23`, weekdays `0` (Sunday)..`6`. */
export function timeGrouping(name: Exclude<TimeGrouping, 'shift'>): Grouping {
  if (name === 'hour') return { kind: 'time', keys: twoDigits(24), indexOf: localHour };
  return { kind: 'time', keys: Array.from({ length: 7 }, (_, day) => `${day}`), indexOf: localWeekday };
}

/** By the shift that ran at the time of the call. */
export function shiftGrouping(line: ShiftLine): Grouping {
  return { kind: 'time', keys: line.keys, indexOf: (callAtMs) => shiftIndexOf(line, callAtMs) };
}

const twoDigits = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n).padStart(2, '0'));

/** The group of every row. Groups without a row are there too when they follow from time: an hour without calls is a fact. */
export function groupRows(
  { rows, runs, columns }: FigureTable,
  grouping: Grouping,
): { readonly keys: readonly (string | null)[]; readonly groupOf: Uint32Array } {
  const groupOf = new Uint32Array(rows);
  if (grouping.kind === 'time') {
    const { callAtMs } = columns;
    for (let row = 0; row < rows; row++) groupOf[row] = grouping.indexOf(callAtMs[row]!);
    return { keys: grouping.keys, groupOf };
  }
  const keys = [...new Set(runs.map(({ key }) => key))];
  const indexOf = new Map(keys.map((key, index) => [key, index]));
  for (const { key, from, to } of runs) groupOf.fill(indexOf.get(key)!, from, to);
  return { keys, groupOf };
}
