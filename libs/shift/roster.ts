import { ok, type Result } from '#libs/base';
import type { Shift } from './calendar.ts';
import { no } from './refusals.ts';
import type { ShiftRules } from './rules.ts';

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

export const ABSENCE_CAUSES = ['sick', 'leave', 'vacation', 'training', 'late', 'unexcused', 'other'] as const;
export type AbsenceCause = (typeof ABSENCE_CAUSES)[number];

/** What is planned of one person: in the field with a unit, in the centre without. */
export interface RosterPlan {
  readonly staffId: string;
  readonly name: string;
  readonly post: Post;
  readonly unitId: string | null;
}

/** When a person began and ended, with the kilometres of the vehicle that they drive. */
export interface Attendance {
  readonly startedAtMs: number;
  readonly startKm: number | null;
  readonly endedAtMs: number | null;
  readonly endKm: number | null;
}

/** One person of a shift (rol de servicio). */
export interface RosterEntry extends RosterPlan {
  /** Whom they stand in for. */
  readonly replaces: string | null;
  readonly absence: { readonly cause: AbsenceCause; readonly note: string; readonly atMs: number } | null;
  readonly attendance: Attendance | null;
}

export interface Roster {
  readonly shift: Shift;
  readonly entries: readonly RosterEntry[];
}

/** So many fit into one event of the ledger, whatever their names. */
export const ROSTER_CAPS = { entries: 120, name: 80, note: 300, km: 2_000_000, reason: 300 } as const;

export function emptyRoster(shift: Shift): Roster {
  return { shift, entries: [] };
}

/** Puts a plan into a roster. Of those who stay, absence and attendance stay. */
export function plannedRoster(roster: Roster, plans: readonly RosterPlan[]): Roster {
  const before = new Map(roster.entries.map((entry) => [entry.staffId, entry]));
  const entries = plans.map((plan) => {
    const { replaces = null, absence = null, attendance = null } = before.get(plan.staffId) ?? {};
    return { ...plan, replaces, absence, attendance };
  });
  return { ...roster, entries };
}

/**
 * Whether a roster can be worked, beside those shortly before and after it. Who is absent is nowhere. Refuses with
 * `roster-full`, `roster-person-twice`, `roster-two-drivers`, `roster-double-booked`, and with `roster-rest-short` unless a
 * reason is given for it (an emergency calls people back).
 */
export function checkRoster(
  roster: Roster,
  neighbours: readonly Roster[],
  rules: ShiftRules,
  restReason: string,
): Result<Roster> {
  if (roster.entries.length > ROSTER_CAPS.entries)
    return no('roster-full', `a roster has at most ${ROSTER_CAPS.entries} people`);
  const twice = firstTwice(roster.entries.map(({ staffId }) => staffId));
  if (twice !== undefined) return no('roster-person-twice', 'a person is on the roster twice', { staffId: twice });
  const present = roster.entries.filter(isPresent);
  const drivers = present.flatMap(({ post, unitId }) => (post === 'driver' && unitId !== null ? [unitId] : []));
  const unitId = firstTwice(drivers);
  if (unitId !== undefined) return no('roster-two-drivers', 'a vehicle has one driver', { unitId });
  for (const { staffId } of present) {
    const free = checkPerson(staffId, roster.shift, neighbours, rules, restReason);
    if (!free.ok) return free;
  }
  return ok(roster);
}

function checkPerson(
  staffId: string,
  shift: Shift,
  neighbours: readonly Roster[],
  rules: ShiftRules,
  restReason: string,
): Result<null> {
  for (const other of neighbours) {
    if (other.shift.id === shift.id || !other.entries.some((entry) => entry.staffId === staffId && isPresent(entry)))
      continue;
    const restMs = Math.max(shift.startMs - other.shift.endMs, other.shift.startMs - shift.endMs);
    const details = { staffId, shiftId: other.shift.id };
    if (restMs < 0) return no('roster-double-booked', 'a person works in another shift at that time', details);
    if (restMs < rules.minRestMs && restReason.trim().length < 3)
      return no('roster-rest-short', `between two shifts of a person are ${rules.minRestMs / 3_600_000} hours`, {
        ...details,
        restMs,
        minRestMs: rules.minRestMs,
      });
  }
  return ok(null);
}

/** Of two shifts whose people may be in each other's way. */
export function areNear(a: Shift, b: Shift, rules: ShiftRules): boolean {
  return Math.max(a.startMs - b.endMs, b.startMs - a.endMs) < rules.minRestMs;
}

function firstTwice(ids: readonly string[]): string | undefined {
  return ids.find((id, index) => ids.indexOf(id) !== index);
}

export function isPresent({ absence }: RosterEntry): boolean {
  return absence === null;
}

/** Plans change until the shift is over. Refuses with `shift-over`. */
export function checkNotOver({ endMs }: Shift, nowMs: number): Result<null> {
  return nowMs < endMs ? ok(null) : no('shift-over', 'the shift is over: its roster stands', { endMs });
}

/** Somebody does not come. Refuses with `roster-person-unknown`, `roster-person-absent`, `roster-person-present` (they began). */
export function checkAbsence(roster: Roster, staffId: string): Result<RosterEntry> {
  const entry = entryOf(roster, staffId);
  if (!entry.ok) return entry;
  if (entry.value.absence !== null) return no('roster-person-absent', 'the absence is recorded already', { staffId });
  return entry.value.attendance === null
    ? entry
    : no('roster-person-present', 'who began the shift is not absent', { staffId });
}

/** They come after all. Refuses with `roster-person-unknown`, `roster-person-present`. */
export function checkAbsenceLift(roster: Roster, staffId: string): Result<RosterEntry> {
  const entry = entryOf(roster, staffId);
  if (!entry.ok || entry.value.absence !== null) return entry;
  return no('roster-person-present', 'no absence is recorded', { staffId });
}

/**
 * Two people of two shifts change places (canje de turno); each takes the other's post and unit. Answers both. Refuses with
 * `roster-same-shift`, `roster-person-unknown`, `roster-person-absent`, `attendance-started`.
 */
export function checkSwap(
  one: Roster,
  staffId: string,
  other: Roster,
  otherStaffId: string,
): Result<readonly [RosterEntry, RosterEntry]> {
  if (one.shift.id === other.shift.id) return no('roster-same-shift', 'a swap is between two shifts');
  const mine = swappable(one, staffId);
  if (!mine.ok) return mine;
  const theirs = swappable(other, otherStaffId);
  return theirs.ok ? ok([mine.value, theirs.value]) : theirs;
}

function swappable(roster: Roster, staffId: string): Result<RosterEntry> {
  const entry = entryOf(roster, staffId);
  if (!entry.ok) return entry;
  if (entry.value.absence !== null) return no('roster-person-absent', 'who is absent swaps nothing', { staffId });
  if (entry.value.attendance !== null)
    return no('attendance-started', 'who began the shift swaps it no more', { staffId });
  return entry;
}

/** Somebody begins (inicio de turno). Refuses with `shift-not-running`, `roster-person-unknown`, `roster-person-absent`, `attendance-started`. */
export function checkStart(roster: Roster, staffId: string, nowMs: number, rules: ShiftRules): Result<RosterEntry> {
  const { startMs, endMs } = roster.shift;
  if (nowMs < startMs - rules.earlyMs || nowMs >= endMs)
    return no('shift-not-running', 'a shift is begun shortly before its start, or while it runs', { startMs, endMs });
  const entry = entryOf(roster, staffId);
  if (!entry.ok) return entry;
  if (entry.value.absence !== null) return no('roster-person-absent', 'an absence is recorded', { staffId });
  return entry.value.attendance === null ? entry : no('attendance-started', 'the shift was begun already', { staffId });
}

/** Somebody ends (fin de turno). Refuses with `roster-person-unknown`, `attendance-not-started`, `attendance-ended`, `shift-over`, `attendance-km-backwards`. */
export function checkEnd(
  roster: Roster,
  staffId: string,
  endKm: number | null,
  nowMs: number,
  rules: ShiftRules,
): Result<RosterEntry> {
  const entry = entryOf(roster, staffId);
  if (!entry.ok) return entry;
  const { attendance } = entry.value;
  if (attendance === null) return no('attendance-not-started', 'the shift was not begun', { staffId });
  if (attendance.endedAtMs !== null) return no('attendance-ended', 'the shift was ended already', { staffId });
  const { endMs } = roster.shift;
  if (nowMs > endMs + rules.attendanceLateMs) return no('shift-over', 'the shift is long over', { endMs });
  const { startKm } = attendance;
  if (startKm !== null && endKm !== null && endKm < startKm)
    return no('attendance-km-backwards', 'the kilometres at the end are at least those of the start', { startKm });
  return entry;
}

function entryOf(roster: Roster, staffId: string): Result<RosterEntry> {
  const entry = roster.entries.find((one) => one.staffId === staffId);
  return entry ? ok(entry) : no('roster-person-unknown', 'this person is not on the roster', { staffId });
}
