import { z } from 'zod';
import { defineKinds, type EventDraft, type LedgerEvent } from '#libs/ledger';
import {
  ABSENCE_CAUSES,
  CALENDAR_EVENT_KINDS,
  HANDOVER_SECTIONS,
  POSTS,
  ROSTER_EVENT_KINDS,
  type CalendarEvent,
  type RosterEvent,
} from '#libs/shift';

/** Bounds here are against a broken row, not rules: rules may change, and old events are read for ever. */
const id = z.string().min(1).max(100);
const text = z.string().max(2_000);
const ms = z.number().int();
const km = z.number().nullable();
const minute = z.number().int();
const stamp = { atMs: ms };
const patterns = z
  .array(z.strictObject({ id, name: text, startMinute: minute, endMinute: minute, weekdays: z.array(minute).max(7) }))
  .max(50);
const shift = z.strictObject({ id, patternId: id, name: text, date: id, startMs: ms, endMs: ms });
const person = z.strictObject({ staffId: id, name: text });

function calendar<S extends z.core.$ZodLooseShape>(shape: S) {
  return { subject: 'shiftCalendar' as const, payload: z.strictObject({ ...stamp, ...shape }) };
}
function roster<S extends z.core.$ZodLooseShape>(shape: S) {
  return { subject: 'shift' as const, payload: z.strictObject({ ...stamp, ...shape }) };
}

/** Every event of libs/shift as the ledger keeps it. Of a handover it keeps the hash of what was signed. */
export const SHIFT_KINDS = defineKinds({
  'shift:patternsSet': calendar({ fromDate: id, patterns }),
  'shift:exceptionSet': calendar({ date: id, note: text, patterns }),
  'shift:exceptionRemoved': calendar({ date: id }),
  'shift:rosterSet': roster({
    shift,
    entries: z
      .array(z.strictObject({ staffId: id, name: text, post: z.enum(POSTS), unitId: id.nullable() }))
      .max(1_000),
    reason: text,
  }),
  'shift:absenceRecorded': roster({
    staffId: id,
    cause: z.enum(ABSENCE_CAUSES),
    note: text,
    standIn: person.nullable(),
    reason: text,
  }),
  'shift:absenceLifted': roster({ staffId: id, reason: text }),
  'shift:swapped': roster({ staffId: id, comes: person, otherShiftId: id, reason: text }),
  'shift:personStarted': roster({ staffId: id, startKm: km }),
  'shift:personEnded': roster({ staffId: id, endKm: km }),
  'handover:signed': {
    subject: 'handover',
    payload: z.strictObject({
      ...stamp,
      sha256: z.string().length(64),
      revisions: z.strictObject(
        Object.fromEntries(HANDOVER_SECTIONS.map((section) => [section, z.number().int()])) as Record<
          (typeof HANDOVER_SECTIONS)[number],
          z.ZodNumber
        >,
      ),
    }),
  },
  'handover:reopened': { subject: 'handover', payload: z.strictObject({ ...stamp, reason: text }) },
  'handover:countersigned': {
    subject: 'handover',
    payload: z.strictObject({ ...stamp, sha256: z.string().length(64) }),
  },
});

/** The one calendar that there is. */
export const CALENDAR_ID = 'centre';

export function calendarDraft({ kind, ...payload }: CalendarEvent): EventDraft {
  return SHIFT_KINDS.draft(kind, CALENDAR_ID, payload as never);
}

export function rosterDraft({ kind, shiftId, ...payload }: RosterEvent): EventDraft {
  return SHIFT_KINDS.draft(kind, shiftId, payload as never);
}

export function calendarEventOf(entry: LedgerEvent): CalendarEvent | undefined {
  if (!CALENDAR_EVENT_KINDS.some((kind) => kind === entry.kind)) return undefined;
  const { kind, payload } = SHIFT_KINDS.read(entry)!;
  return { kind, ...payload } as unknown as CalendarEvent;
}

export function rosterEventOf(entry: LedgerEvent): RosterEvent | undefined {
  if (!ROSTER_EVENT_KINDS.some((kind) => kind === entry.kind)) return undefined;
  const { kind, subject, payload } = SHIFT_KINDS.read(entry)!;
  return { kind, shiftId: subject.id, ...payload } as unknown as RosterEvent;
}
