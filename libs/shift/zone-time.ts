const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** `YYYY-MM-DD` as the calendar of a place writes it, whatever the zone. */
export const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Whether it names a day that there is: `2026-02-30` does not. */
export function isDate(text: string): boolean {
  if (!DATE.test(text)) return false;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}

/** The day so many days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** 1 Monday to 7 Sunday (ISO 8601). */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() || 7;
}

/**
 * The wall clock of one time zone of the IANA database. Peru keeps UTC-5 all year; a zone that changes its clocks is told right
 * too, so that a night shift there has 7 or 9 hours when it should.
 */
export class ZoneTime {
  private readonly format: Intl.DateTimeFormat;

  /** @throws {RangeError} for a zone that the runtime does not know. */
  constructor(readonly timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** The local day of an instant. */
  dateOf(atMs: number): string {
    return new Date(atMs + this.offsetMs(atMs)).toISOString().slice(0, 10);
  }

  /**
   * The instant at which the wall clock of a day shows a minute (0..1439 after midnight). Of an hour that comes twice the first;
   * of one that is skipped, the instant as if the clock had not been changed yet.
   */
  instantOf(date: string, minute: number): number {
    const wallMs = Date.parse(`${date}T00:00:00Z`) + minute * MINUTE_MS;
    // Offsets of the day before and after hold both sides of a change of clocks.
    const before = this.offsetMs(wallMs - DAY_MS);
    const after = this.offsetMs(wallMs + DAY_MS);
    const first = wallMs - before;
    if (before === after || this.offsetMs(first) === before) return first;
    const second = wallMs - after;
    return this.offsetMs(second) === after ? second : first;
  }

  private offsetMs(atMs: number): number {
    const parts = new Map(this.format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    const wallMs = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
    return wallMs - Math.floor(atMs / 1_000) * 1_000;
  }
}
