/** Times as XML Schema part 2 writes them. Nothing here reads a clock. */

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/** xs:dateTime (§3.2.7) to Unix milliseconds; without a zone it is taken as UTC. */
export function parseDateTime(text: string): number | undefined {
  const match = text.length <= 40 ? DATE_TIME.exec(text) : null;
  if (!match) return undefined;
  const unixMs = Date.parse(match[1] === undefined ? `${text}Z` : text);
  return Number.isNaN(unixMs) ? undefined : unixMs;
}

export function formatDateTime(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

const DURATION = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,6})?)S)?)?$/;

/** xs:duration (§3.2.6) of days to seconds, to milliseconds. Years and months have no fixed length and are not read. */
export function parseDuration(text: string): number | undefined {
  const match = text.length <= 40 ? DURATION.exec(text) : null;
  if (!match || /[PT]$/.test(text)) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.round((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000);
}

/** Date and time of day in the parts that tt:DateTime has, of the zone that is `offsetMinutes` east of UTC. */
export function partsOf(
  unixMs: number,
  offsetMinutes = 0,
): Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number> {
  const at = new Date(unixMs + offsetMinutes * 60_000);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}
