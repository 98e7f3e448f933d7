import {
  withException,
  withPatterns,
  type Shift,
  type ShiftCalendar,
  type ShiftException,
  type ShiftPattern,
} from './calendar.ts';
import {
  emptyRoster,
  plannedRoster,
  type AbsenceCause,
  type Roster,
  type RosterEntry,
  type RosterPlan,
} from './roster.ts';

/** What happened to the calendar. */
export type CalendarEvent =
  | {
      readonly kind: 'shift:patternsSet';
      readonly atMs: number;
      readonly fromDate: string;
      readonly patterns: readonly ShiftPattern[];
    }
  | ({ readonly kind: 'shift:exceptionSet'; readonly atMs: number } & ShiftException)
  | { readonly kind: 'shift:exceptionRemoved'; readonly atMs: number; readonly date: string };

/** What happened to a roster. */
export type RosterEvent = { readonly shiftId: string; readonly atMs: number } & (
  | {
      readonly kind: 'shift:rosterSet';
      readonly shift: Shift;
      readonly entries: readonly RosterPlan[];
      /** Why somebody has less rest than the rule; empty when all have enough. */
      readonly reason: string;
    }
  | {
      readonly kind: 'shift:absenceRecorded';
      readonly staffId: string;
      readonly cause: AbsenceCause;
      readonly note: string;
      readonly standIn: { readonly staffId: string; readonly name: string } | null;
      readonly reason: string;
    }
  | { readonly kind: 'shift:absenceLifted'; readonly staffId: string; readonly reason: string }
  /** Told of both shifts: somebody leaves, somebody comes in their place. */
  | {
      readonly kind: 'shift:swapped';
      readonly staffId: string;
      readonly comes: { readonly staffId: string; readonly name: string };
      readonly otherShiftId: string;
      readonly reason: string;
    }
  | { readonly kind: 'shift:personStarted'; readonly staffId: string; readonly startKm: number | null }
  | { readonly kind: 'shift:personEnded'; readonly staffId: string; readonly endKm: number | null }
);

export type ShiftEvent = CalendarEvent | RosterEvent;

export const CALENDAR_EVENT_KINDS = [
  'shift:patternsSet',
  'shift:exceptionSet',
  'shift:exceptionRemoved',
] as const satisfies readonly CalendarEvent['kind'][];
export const ROSTER_EVENT_KINDS = [
  'shift:rosterSet',
  'shift:absenceRecorded',
  'shift:absenceLifted',
  'shift:swapped',
  'shift:personStarted',
  'shift:personEnded',
] as const satisfies readonly RosterEvent['kind'][];
export const HANDOVER_EVENT_KINDS = ['handover:signed', 'handover:reopened', 'handover:countersigned'] as const;

/** The calendar after an event. Commands and the rebuild from the ledger fold by this alike. */
export function evolveCalendar(calendar: ShiftCalendar, event: CalendarEvent): ShiftCalendar {
  switch (event.kind) {
    case 'shift:patternsSet':
      return withPatterns(calendar, event.fromDate, event.patterns);
    case 'shift:exceptionSet':
      return withException(calendar, event.date, { note: event.note, patterns: event.patterns });
    case 'shift:exceptionRemoved':
      return withException(calendar, event.date, null);
  }
}

/** The roster after an event. @throws {Error} for an event of a roster that was never set: a fault, not a refusal. */
export function evolveRoster(roster: Roster | undefined, event: RosterEvent): Roster {
  if (event.kind === 'shift:rosterSet') return plannedRoster(roster ?? emptyRoster(event.shift), event.entries);
  if (!roster) throw new Error(`${event.kind} of a roster that is not there: ${event.shiftId}`);
  const entries = roster.entries.map((entry) => (entry.staffId === event.staffId ? changed(entry, event) : entry));
  if (event.kind !== 'shift:absenceRecorded' || event.standIn === null) return { ...roster, entries };
  const { post, unitId } = roster.entries.find(({ staffId }) => staffId === event.staffId)!;
  const standIn = { ...event.standIn, post, unitId, replaces: event.staffId, absence: null, attendance: null };
  return { ...roster, entries: [...entries, standIn] };
}

function changed(entry: RosterEntry, event: Exclude<RosterEvent, { kind: 'shift:rosterSet' }>): RosterEntry {
  switch (event.kind) {
    case 'shift:absenceRecorded':
      return { ...entry, absence: { cause: event.cause, note: event.note, atMs: event.atMs } };
    case 'shift:absenceLifted':
      return { ...entry, absence: null };
    case 'shift:swapped':
      return { ...entry, ...event.comes, replaces: null };
    case 'shift:personStarted':
      return {
        ...entry,
        attendance: { startedAtMs: event.atMs, startKm: event.startKm, endedAtMs: null, endKm: null },
      };
    case 'shift:personEnded':
      return {
        ...entry,
        attendance: entry.attendance && { ...entry.attendance, endedAtMs: event.atMs, endKm: event.endKm },
      };
  }
}
