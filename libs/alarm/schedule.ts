import type { AlarmKind, AlarmSchedule } from '#libs/wire';

/** America/Lima is UTC-5 all year: Peru has had no summer time since 1994 (IANA tz database, `southamerica`). */
const LIMA_OFFSET_MS = -5 * 3_600_000;
const DAY_MS = 86_400_000;

/** Day of the week (0 = Sunday) and minute of the day in America/Lima. */
export function limaMinute(atMs: number): { readonly day: number; readonly minute: number } {
  const localMs = atMs + LIMA_OFFSET_MS;
  const days = Math.floor(localMs / DAY_MS);
  // 1970-01-01 was a Thursday.
  return { day: (((days + 4) % 7) + 7) % 7, minute: Math.floor((localMs - days * DAY_MS) / 60_000) };
}

/**
 * Whether an alarm of a kind calls attention now. Where any schedule of the camera's zones names the kind, these decide;
 * where none does, the centre's list.
 */
export function wantsAttention(
  kind: AlarmKind,
  atMs: number,
  schedules: readonly AlarmSchedule[],
  raisedKinds: readonly AlarmKind[],
): boolean {
  const about = schedules.filter(({ kinds }) => kinds.includes(kind));
  return about.length === 0 ? raisedKinds.includes(kind) : about.some((schedule) => covers(schedule, atMs));
}

/** Whether a moment lies in a schedule. An interval past midnight belongs to the day on which it begins. */
export function covers({ days, fromMinute, toMinute }: Omit<AlarmSchedule, 'kinds'>, atMs: number): boolean {
  const { day, minute } = limaMinute(atMs);
  if (toMinute > fromMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute;
  const sinceYesterday = minute < toMinute && days.includes((day + 6) % 7);
  return (days.includes(day) && minute >= fromMinute) || sinceYesterday;
}
