import type { DutyRoll } from '#libs/dispatch';
import { isPresent, type Post, type Roster, type RosterEntry } from './roster.ts';
import type { ShiftRules } from './rules.ts';

/** Whether a roster's people may be on duty: from shortly before its shift until shortly after. */
export function counts({ shift }: Roster, nowMs: number, rules: ShiftRules): boolean {
  return shift.startMs - rules.earlyMs <= nowMs && nowMs < shift.endMs + rules.lateMs;
}

/**
 * Who may be sent now, by the rosters of the shift that runs and of those that it meets; `null` when none is kept for the
 * shift that runs, or none that puts anybody into a unit: then only signing on counts, and a centre that plans nothing is not
 * hindered. `signedOn` are units whose crew signed on to one of these shifts: with a reason, if it was not on the roster.
 */
export function rollOf(
  rosters: readonly Roster[],
  signedOn: readonly string[],
  nowMs: number,
  rules: ShiftRules,
): DutyRoll | null {
  const running = rosters.find(({ shift }) => shift.startMs <= nowMs && nowMs < shift.endMs);
  if (!running?.entries.some(({ unitId }) => unitId !== null)) return null;
  const entries = rosters
    .filter((roster) => counts(roster, nowMs, rules))
    .flatMap((roster) => roster.entries.filter(isWorking));
  return {
    shiftId: running.shift.id,
    unitIds: new Set([...entries.flatMap(({ unitId }) => unitId ?? []), ...signedOn]),
    staffIds: new Set(entries.map(({ staffId }) => staffId)),
  };
}

/** Whom an alarm reaches: those of the shift that runs, in these posts, and nobody at home. */
export function onDuty(rosters: readonly Roster[], nowMs: number, posts: readonly Post[]): readonly RosterEntry[] {
  const running = rosters.filter(({ shift }) => shift.startMs <= nowMs && nowMs < shift.endMs);
  return running.flatMap(({ entries }) => entries.filter((entry) => isWorking(entry) && posts.includes(entry.post)));
}

/** Not absent, and not gone home. Who has not said that they began counts: the plan is believed until told otherwise. */
export function isWorking(entry: RosterEntry): boolean {
  return isPresent(entry) && (entry.attendance === null || entry.attendance.endedAtMs === null);
}
