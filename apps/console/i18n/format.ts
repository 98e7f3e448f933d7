/** Times and numbers as the centre writes them: America/Lima, 24 h, dd/mm/aaaa, decimal comma in Spanish. */

export type Language = 'es' | 'en';

const TIME_ZONE = 'America/Lima';
const LOCALE: Readonly<Record<Language, string>> = { es: 'es-ES', en: 'en-GB' };

const clockFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIME_ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const dateFormat = new Intl.DateTimeFormat('en-GB', {
  timeZone: TIME_ZONE,
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
});

/** `02:14:37`. */
export function clockTime(atMs: number): string {
  return clockFormat.format(atMs);
}

/** `22/11/2026`. */
export function date(atMs: number): string {
  return dateFormat.format(atMs);
}

/** `22/11/2026 02:14:37`. */
export function dateTime(atMs: number): string {
  return `${date(atMs)} ${clockTime(atMs)}`;
}

/** The time alone when it was today, else with its date. */
export function momentOf(atMs: number, nowMs: number): string {
  return date(atMs) === date(nowMs) ? clockTime(atMs) : dateTime(atMs);
}

/** A running count: `00:12`, `12:05`, `1:02:05`, `3 d 04:10:00`. Never negative. */
export function countUp(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minuteSecond = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  if (hours === 0) return minuteSecond;
  if (hours < 24) return `${hours}:${minuteSecond}`;
  return `${Math.floor(hours / 24)} d ${two(hours % 24)}:${minuteSecond}`;
}

/** One short step of age: `0 s`, `59 s`, `4 min`, `3 h`, `12 d`. The units are the same in both languages. */
export function age(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `1,9` in Spanish, `1.9` in English. */
export function decimal(value: number, digits: number, language: Language): string {
  return value.toLocaleString(LOCALE[language], { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A share 0..1 as whole percent. Rounds down: 99.6 % seen is not all seen. */
export function percent(share: number): string {
  return `${Math.floor(Math.max(0, Math.min(1, share)) * 100 + 1e-9)} %`;
}

/** `640 m`, `1,9 km`. */
export function distance(metres: number, language: Language): string {
  return metres < 1000 ? `${Math.round(metres)} m` : `${decimal(metres / 1000, 1, language)} km`;
}

/** `8 200 m²` or `0,42 km²`. */
export function area(squareMetres: number, language: Language): string {
  if (squareMetres >= 100_000) return `${decimal(squareMetres / 1e6, 2, language)} km²`;
  return `${Math.round(squareMetres).toLocaleString('fr-FR').replace(/\s/g, '\u00a0')} m²`;
}

/** A clock error with its sign: `+1,2 s`, `−340 ms`, `+2 min`. */
export function signedDuration(ms: number, language: Language): string {
  const sign = ms < 0 ? '−' : '+';
  const size = Math.abs(ms);
  if (size < 1000) return `${sign}${Math.round(size)} ms`;
  if (size < 60_000) return `${sign}${decimal(size / 1000, 1, language)} s`;
  if (size < 3_600_000) return `${sign}${Math.round(size / 60_000)} min`;
  return `${sign}${decimal(size / 3_600_000, 1, language)} h`;
}
