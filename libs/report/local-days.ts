import { ok, refusal, refused, type Result } from '#libs/base';

/** Peru keeps UTC-5 all year (no daylight saving since 1994). */
export const LIMA_OFFSET_MINUTES = -300;
/** A report covers at most so many days, both ends included: a leap year. */
export const MAX_REPORT_DAYS = 366;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1_440;

/** Whole local days, both included. `toMs` is the midnight after the last. */
export interface DayRange {
  readonly fromDay: string;
  readonly toDay: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly days: number;
}

/** Days `YYYY-MM-DD` of America/Lima. Refuses with `report-range-wrong`. */
export function dayRange(fromDay: string, toDay: string): Result<DayRange> {
  const [fromMs, lastMs] = [midnightMs(fromDay), midnightMs(toDay)];
  const days = (lastMs - fromMs) / DAY_MS + 1;
  if (!(days >= 1 && days <= MAX_REPORT_DAYS))
    return refused(
      refusal('bad-input', 'report-range-wrong', `a report covers 1 to ${MAX_REPORT_DAYS} days, oldest first`),
    );
  return ok({ fromDay, toDay, fromMs, toMs: lastMs + DAY_MS, days });
}

/** Every day of a range, oldest first. */
export function daysOf({ fromMs, days }: DayRange): string[] {
  return Array.from({ length: days }, (_, index) => localDay(fromMs + index * DAY_MS));
}

/** Midnight in Lima at which a day `YYYY-MM-DD` begins. `NaN` for what is no day. */
export function midnightMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) - LIMA_OFFSET_MINUTES * MINUTE_MS;
}

/** The local day of an instant, `YYYY-MM-DD`. */
export function localDay(atMs: number): string {
  return new Date(atMs + LIMA_OFFSET_MINUTES * MINUTE_MS).toISOString().slice(0, 10);
}

/** Minute of the local day, 0..1439. */
export function localMinute(atMs: number): number {
  return modulo(Math.floor(atMs / MINUTE_MS) + LIMA_OFFSET_MINUTES, DAY_MINUTES);
}

/** Hour of the local day, 0..23. */
export function localHour(atMs: number): number {
  return Math.floor(localMinute(atMs) / 60);
}

/** Day of the week of an instant, 0 is Sunday. 1 January 1970 was a Thursday. */
export function localWeekday(atMs: number): number {
  return modulo(Math.floor((atMs / MINUTE_MS + LIMA_OFFSET_MINUTES) / DAY_MINUTES) + 4, 7);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
