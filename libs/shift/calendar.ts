import { ok, type Result } from '#libs/base';
import { no } from './refusals.ts';
import { ZoneTime, addDays, isDate, weekdayOf } from './zone-time.ts';

/** A shift of every week. Hours are minutes after local midnight; `22:00` to `06:00` ends the next day. */
export interface ShiftPattern {
  readonly id: string;
  readonly name: string;
  /** 0..1439. */
  readonly startMinute: number;
  /** 0..1439; at or before `startMinute` it is of the next day. */
  readonly endMinute: number;
  /** Days of the week on which it begins, 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[];
}

/** The shifts of one date instead of the usual ones (a holiday, an emergency); none: the centre does not work. */
export interface ShiftException {
  readonly date: string;
  readonly note: string;
  readonly patterns: readonly ShiftPattern[];
}

/** The shifts of a centre. A date keeps the patterns that were valid for it: a change is for days to come. */
export interface ShiftCalendar {
  readonly timeZone: string;
  /** In order of `fromDate`; the first is valid since ever. */
  readonly versions: readonly { readonly fromDate: string; readonly patterns: readonly ShiftPattern[] }[];
  readonly exceptions: readonly ShiftException[];
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

export const SHIFT_CAPS = { patterns: 8, name: 40, minMinutes: 60, versions: 200, exceptions: 400, note: 200 } as const;
const DAY_MIN = 1_440;
export const EVERY_DAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/** Domain.md 2.3: Mañana 06–14, Tarde 14–22, Noche 22–06, America/Lima. */
export const DEFAULT_SHIFTS: ShiftCalendar = {
  timeZone: 'America/Lima',
  versions: [
    {
      fromDate: '1970-01-01',
      patterns: [
        { id: 'manana', name: 'Mañana', startMinute: 360, endMinute: 840, weekdays: EVERY_DAY },
        { id: 'tarde', name: 'Tarde', startMinute: 840, endMinute: 1_320, weekdays: EVERY_DAY },
        { id: 'noche', name: 'Noche', startMinute: 1_320, endMinute: 360, weekdays: EVERY_DAY },
      ],
    },
  ],
  exceptions: [],
};

/** A calendar as it is read: which shifts a day has, and which runs. */
export class ShiftTable {
  private readonly zone: ZoneTime;

  constructor(readonly calendar: ShiftCalendar) {
    this.zone = new ZoneTime(calendar.timeZone);
  }

  dateOf(atMs: number): string {
    return this.zone.dateOf(atMs);
  }

  /** The shifts that begin on a local day, in order. */
  on(date: string): readonly Shift[] {
    const day = weekdayOf(date);
    return this.patternsOf(date)
      .filter(({ weekdays }) => weekdays.includes(day))
      .map((pattern) => this.shiftOf(pattern, date))
      .sort((a, b) => a.startMs - b.startMs);
  }

  /** The shifts that begin on so many days from one on. */
  from(date: string, days: number): readonly Shift[] {
    return Array.from({ length: days }, (_, at) => this.on(addDays(date, at))).flat();
  }

  /** The shift that runs at an instant, `null` in hours that none covers. The end belongs to the next. */
  at(atMs: number): Shift | null {
    return this.around(atMs, 0, 0).find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs) ?? null;
  }

  /** The first that begins after an instant, within eight days. */
  next(atMs: number): Shift | null {
    return this.from(this.dateOf(atMs), 9).find(({ startMs }) => startMs > atMs) ?? null;
  }

  /** Shifts that run at some time from `beforeMs` before an instant to `afterMs` after it. */
  around(atMs: number, beforeMs: number, afterMs: number): readonly Shift[] {
    const first = addDays(this.dateOf(atMs - beforeMs), -1);
    const last = this.dateOf(atMs + afterMs);
    const days = (Date.parse(last) - Date.parse(first)) / 86_400_000 + 1;
    return this.from(first, days).filter(({ startMs, endMs }) => endMs > atMs - beforeMs && startMs <= atMs + afterMs);
  }

  /** The shift of an id, `null` when its day has none like it. */
  find(shiftId: string): Shift | null {
    const [date = ''] = shiftId.split('/');
    return isDate(date) ? (this.on(date).find(({ id }) => id === shiftId) ?? null) : null;
  }

  private patternsOf(date: string): readonly ShiftPattern[] {
    const exception = this.calendar.exceptions.find((one) => one.date === date);
    if (exception) return exception.patterns;
    return this.calendar.versions.findLast(({ fromDate }) => fromDate <= date)?.patterns ?? [];
  }

  private shiftOf({ id, name, startMinute, endMinute }: ShiftPattern, date: string): Shift {
    const startMs = this.zone.instantOf(date, startMinute);
    const endMs = this.zone.instantOf(endMinute > startMinute ? date : addDays(date, 1), endMinute);
    return { id: `${date}/${id}`, patternId: id, name, date, startMs, endMs };
  }
}

/**
 * The calendar with other patterns from a day on. Refuses with `shift-date-wrong`, `shift-date-past` (`today` is the first day
 * that may change), `shifts-full`, `shift-hours-wrong`, `shift-name-taken`, `shift-overlaps`.
 */
export function setPatterns(
  calendar: ShiftCalendar,
  fromDate: string,
  patterns: readonly ShiftPattern[],
  today: string,
): Result<ShiftCalendar> {
  const sound = checkDay(fromDate, today, patterns);
  if (!sound.ok) return sound;
  if (patterns.length === 0) return no('shifts-full', `a day has 1 to ${SHIFT_CAPS.patterns} shifts`);
  const changed = withPatterns(calendar, fromDate, patterns);
  if (changed.versions.length > SHIFT_CAPS.versions)
    return no('shifts-full', `at most ${SHIFT_CAPS.versions} changes are kept`);
  const later = calendar.exceptions.filter(({ date }) => date >= fromDate).map(({ date }) => date);
  return withoutOverlap(changed, [[addDays(fromDate, -1), 10], ...later.map(dayAndNeighbours)]);
}

/** The calendar with other shifts on one date, or the usual ones again (`null`). Refuses as {@link setPatterns}, and with `shift-exceptions-full`, `shift-exception-unknown`. */
export function setException(
  calendar: ShiftCalendar,
  date: string,
  exception: Omit<ShiftException, 'date'> | null,
  today: string,
): Result<ShiftCalendar> {
  const sound = checkDay(date, today, exception?.patterns ?? []);
  if (!sound.ok) return sound;
  const changed = withException(calendar, date, exception);
  if (exception === null && changed.exceptions.length === calendar.exceptions.length)
    return no('shift-exception-unknown', 'this date has its usual shifts', { date });
  if (changed.exceptions.length > SHIFT_CAPS.exceptions)
    return no('shift-exceptions-full', `at most ${SHIFT_CAPS.exceptions} dates have shifts of their own`);
  return withoutOverlap(changed, [dayAndNeighbours(date)]);
}

/** Versions that were to begin later are replaced: the last word counts. */
export function withPatterns(
  calendar: ShiftCalendar,
  fromDate: string,
  patterns: readonly ShiftPattern[],
): ShiftCalendar {
  const before = calendar.versions.filter((one) => one.fromDate < fromDate);
  return { ...calendar, versions: [...before, { fromDate, patterns }] };
}

export function withException(
  calendar: ShiftCalendar,
  date: string,
  exception: Omit<ShiftException, 'date'> | null,
): ShiftCalendar {
  const others = calendar.exceptions.filter((one) => one.date !== date);
  const all = exception === null ? others : [...others, { date, ...exception }];
  return { ...calendar, exceptions: all.toSorted((a, b) => (a.date < b.date ? -1 : 1)) };
}

function checkDay(date: string, today: string, patterns: readonly ShiftPattern[]): Result<null> {
  if (!isDate(date)) return no('shift-date-wrong', 'a date is YYYY-MM-DD');
  if (date < today) return no('shift-date-past', 'days that are over keep their shifts', { date, today });
  if (patterns.length > SHIFT_CAPS.patterns)
    return no('shifts-full', `a day has at most ${SHIFT_CAPS.patterns} shifts`);
  if (!patterns.every(hasHours)) return no('shift-hours-wrong', 'a shift lasts 1 to 24 hours, told in whole minutes');
  const names = patterns.map(({ name }) => name.trim().toLowerCase());
  const ids = patterns.map(({ id }) => id);
  if (new Set(names).size < names.length || new Set(ids).size < ids.length)
    return no('shift-name-taken', 'two shifts have the same name');
  return ok(null);
}

function hasHours({ name, startMinute, endMinute, weekdays }: ShiftPattern): boolean {
  const whole = [startMinute, endMinute].every((minute) => Number.isInteger(minute) && minute >= 0 && minute < DAY_MIN);
  const named = name.trim() !== '' && name.length <= SHIFT_CAPS.name;
  const days = weekdays.length > 0 && weekdays.every((day) => EVERY_DAY.includes(day));
  // Equal start and end is a shift of a whole day.
  const lengthMin = endMinute > startMinute ? endMinute - startMinute : endMinute - startMinute + DAY_MIN;
  return whole && named && days && lengthMin >= SHIFT_CAPS.minMinutes;
}

type Span = readonly [date: string, days: number];

function dayAndNeighbours(date: string): Span {
  return [addDays(date, -1), 3];
}

function withoutOverlap(calendar: ShiftCalendar, spans: readonly Span[]): Result<ShiftCalendar> {
  const table = new ShiftTable(calendar);
  for (const [date, days] of spans) {
    const shifts = table.from(date, days).toSorted((a, b) => a.startMs - b.startMs);
    const at = shifts.findIndex((shift, index) => index > 0 && shift.startMs < shifts[index - 1]!.endMs);
    if (at > 0) return no('shift-overlaps', 'two shifts overlap', { shiftIds: [shifts[at - 1]!.id, shifts[at]!.id] });
  }
  return ok(calendar);
}
