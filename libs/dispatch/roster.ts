import { ok, type Result } from '#libs/base';
import type { DutyRoll } from './context.ts';
import { no } from './refusals.ts';
import type { Shift } from './shift-calendar.ts';

/** Posts of a shift (domain.md 2.2). */
export const POSTS = [
  'shift-chief',
  'dispatcher',
  'call-taker',
  'camera-operator',
  'camera-supervisor',
  'field-supervisor',
  'driver',
  'sereno',
  'paramedic',
] as const;
export type Post = (typeof POSTS)[number];

/** One person of a shift (rol de servicio). In the field with a unit, in the centre without. */
export interface RosterEntry {
  readonly staffId: string;
  readonly name: string;
  readonly post: Post;
  readonly unitId: string | null;
  /** Account by which they are told, when they have one. */
  readonly accountId: string | null;
}

export interface Roster {
  readonly shift: Shift;
  readonly entries: readonly RosterEntry[];
}

export const ROSTER_CAPS = { entries: 300 } as const;

/** Nobody is on it twice. Refuses with `roster-full`, `roster-person-twice`. */
export function checkRoster(roster: Roster): Result<Roster> {
  if (roster.entries.length > ROSTER_CAPS.entries)
    return no('roster-full', `a roster has at most ${ROSTER_CAPS.entries} people`);
  const seen = new Set<string>();
  for (const { staffId } of roster.entries) {
    if (seen.has(staffId)) return no('roster-person-twice', 'a person is on the roster twice', { staffId });
    seen.add(staffId);
  }
  return ok(roster);
}

/** Who may be sent now, by roster; `null` when no roster of this hour is kept. */
export function rollOf(roster: Roster | null, nowMs: number): DutyRoll | null {
  if (roster === null || !isRunning(roster, nowMs)) return null;
  const unitIds = new Set(roster.entries.flatMap(({ unitId }) => unitId ?? []));
  return { shiftId: roster.shift.id, unitIds, staffIds: new Set(roster.entries.map(({ staffId }) => staffId)) };
}

/** Whom an alarm reaches: those on duty in these posts, and nobody at home. */
export function onDuty(roster: Roster | null, nowMs: number, posts: readonly Post[]): readonly RosterEntry[] {
  if (roster === null || !isRunning(roster, nowMs)) return [];
  return roster.entries.filter(({ post }) => posts.includes(post));
}

function isRunning({ shift }: Roster, nowMs: number): boolean {
  return shift.startMs <= nowMs && nowMs < shift.endMs;
}
