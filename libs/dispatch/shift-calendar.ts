import { ok, type Result } from '#libs/base';
import { no } from './refusals.ts';

/** A shift that comes every day. Hours are minutes after local midnight; `22:00` to `06:00` ends the next day. */
export interface ShiftPattern {
  readonly id: string;
  readonly name: string;
  /** 0..1439. */
  readonly startMinute: number;
  /** 0..1439; at or before `startMinute` it is of the next day. */
  readonly endMinute: number;
}

/** The shifts of a centre and its distance to UTC. Peru has no summer time. */
export interface ShiftCalendar {
  readonly utcOffsetMinutes: number;
  readonly patterns: readonly ShiftPattern[];
}

/** One shift of one day. `date` is the local day on which it begins: the night shift of the 3rd ends on the 4th. */
export interface Shift {
  /** `<date>/<pattern id>`: the same everywhere, without a table. */
  readonly id: string;
  readonly patternId: string;
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly startMs: number;
  readonly endMs: number;
}

export const SHIFT_CAPS = { patterns: 8, name: 40, minMinutes: 60 } as const;
const DAY_MIN = 1_440;
const MINUTE_MS = 60_000;

/** Domain.md 2.3: Mañana 06–14, Tarde 14–22, Noche 22–06, America/Lima (UTC-5). */
export const DEFAULT_SHIFTS: ShiftCalendar = {
  utcOffsetMinutes: -300,
  patterns: [
    { id: 'manana', name: 'Mañana', startMinute: 360, endMinute: 840 },
    { id: 'tarde', name: 'Tarde', startMinute: 840, endMinute: 1_320 },
    { id: 'noche', name: 'Noche', startMinute: 1_320, endMinute: 360 },
  ],
};

/**
 * Checks a calendar that somebody edits. Shifts may leave hours uncovered, they may not overlap. Refuses with
 * `shifts-full`, `shift-hours-wrong`, `shift-name-taken`, `shift-overlaps`.
 */
export function checkCalendar(calendar: ShiftCalendar): Result<ShiftCalendar> {
  const { patterns } = calendar;
  if (patterns.length === 0 || patterns.length > SHIFT_CAPS.patterns)
    return no('shifts-full', `a day has 1 to ${SHIFT_CAPS.patterns} shifts`);
  if (!patterns.every(hasHours)) return no('shift-hours-wrong', 'a shift lasts 1 to 24 hours, told in whole minutes');
  const names = patterns.map(({ name }) => name.trim().toLowerCase());
  const ids = patterns.map(({ id }) => id);
  if (new Set(names).size < names.length || new Set(ids).size < ids.length)
    return no('shift-name-taken', 'two shifts have the same name');
  const day = patterns.flatMap(spansOfDay).sort((a, b) => a[0] - b[0]);
  const overlaps = day.some((span, index) => index > 0 && span[0] < day[index - 1]![1]);
  return overlaps ? no('shift-overlaps', 'two shifts overlap') : ok(calendar);
}

function hasHours(pattern: ShiftPattern): boolean {
  const { name, startMinute, endMinute } = pattern;
  const whole = [startMinute, endMinute].every((minute) => Number.isInteger(minute) && minute >= 0 && minute < DAY_MIN);
  const named = name.trim() !== '' && name.length <= SHIFT_CAPS.name;
  return whole && named && lengthMin(pattern) >= SHIFT_CAPS.minMinutes;
}

/** Equal start and end is a shift of a whole day. */
function lengthMin({ startMinute, endMinute }: ShiftPattern): number {
  return endMinute > startMinute ? endMinute - startMinute : endMinute - startMinute + DAY_MIN;
}

/** The minutes of one day that a pattern covers: two pieces for one that goes over midnight. */
function spansOfDay(pattern: ShiftPattern): [number, number][] {
  const end = pattern.startMinute + lengthMin(pattern);
  if (end <= DAY_MIN) return [[pattern.startMinute, end]];
  return [
    [pattern.startMinute, DAY_MIN],
    [0, end - DAY_MIN],
  ];
}

/** The shift that runs at an instant, `null` in hours that none covers. The end belongs to the next. */
export function shiftAt(calendar: ShiftCalendar, nowMs: number): Shift | null {
  const today = localDay(calendar, nowMs);
  for (const day of [today - 1, today]) {
    for (const pattern of calendar.patterns) {
      const shift = shiftOn(calendar, pattern, day);
      if (shift.startMs <= nowMs && nowMs < shift.endMs) return shift;
    }
  }
  return null;
}

/** The shifts that begin on the local day of an instant, in order. */
export function shiftsOfDay(calendar: ShiftCalendar, atMs: number): readonly Shift[] {
  const day = localDay(calendar, atMs);
  return calendar.patterns.map((pattern) => shiftOn(calendar, pattern, day)).sort((a, b) => a.startMs - b.startMs);
}

function localDay({ utcOffsetMinutes }: ShiftCalendar, atMs: number): number {
  return Math.floor((atMs / MINUTE_MS + utcOffsetMinutes) / DAY_MIN);
}

function shiftOn({ utcOffsetMinutes }: ShiftCalendar, pattern: ShiftPattern, day: number): Shift {
  const startMs = (day * DAY_MIN + pattern.startMinute - utcOffsetMinutes) * MINUTE_MS;
  const date = new Date(day * DAY_MIN * MINUTE_MS).toISOString().slice(0, 10);
  const endMs = startMs + lengthMin(pattern) * MINUTE_MS;
  return { id: `${date}/${pattern.id}`, patternId: pattern.id, name: pattern.name, date, startMs, endMs };
}
