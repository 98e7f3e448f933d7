import { ShiftTable, addDays, type Shift, type ShiftCalendar } from '#libs/shift';
import { localDay } from './local-days.ts';

/** The shifts of a stretch of time one behind the other, so that 200,000 calls find theirs quickly. */
export interface ShiftLine {
  /** Ids of the patterns that occur; the last is `null`, for hours that no shift covers. */
  readonly keys: readonly (string | null)[];
  /** Names of the patterns, by id. */
  readonly names: Readonly<Record<string, string>>;
  /** Where the line changes, rising, Unix milliseconds. */
  readonly startsMs: readonly number[];
  /** What runs from each of `startsMs` on: an index into `keys`. */
  readonly runs: readonly number[];
}

/** The shifts of a calendar that run at some time between two instants. */
export function shiftLine(calendar: ShiftCalendar, fromMs: number, toMs: number): ShiftLine {
  const first = addDays(localDay(fromMs), -1);
  const days = Math.ceil((toMs - fromMs) / 86_400_000) + 2;
  const shifts = new ShiftTable(calendar).from(first, days);
  const keys: (string | null)[] = [...new Set(shifts.map(({ patternId }) => patternId)), null];
  const names = Object.fromEntries(shifts.map(({ patternId, name }) => [patternId, name]));
  const cuts = shifts.flatMap((shift, at) => cutsOf(shift, shifts[at + 1]));
  return {
    keys,
    names,
    startsMs: cuts.map(({ atMs }) => atMs),
    runs: cuts.map(({ patternId }) => keys.indexOf(patternId)),
  };
}

/** Its beginning, and its end where the next does not begin there: a date of its own may begin before the night is over. */
function cutsOf(
  { patternId, startMs, endMs }: Shift,
  next: Shift | undefined,
): { atMs: number; patternId: string | null }[] {
  const begins = { atMs: startMs, patternId };
  return next && next.startMs <= endMs ? [begins] : [begins, { atMs: endMs, patternId: null }];
}

/** The group of a call: an index into `keys`. */
export function shiftIndexOf({ keys, startsMs, runs }: ShiftLine, atMs: number): number {
  let [low, high] = [0, startsMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startsMs[middle]! <= atMs) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? keys.length - 1 : runs[low - 1]!;
}
