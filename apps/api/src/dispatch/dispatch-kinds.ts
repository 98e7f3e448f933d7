import { z } from 'zod';
import {
  AGENCY_CODES,
  ASSIGNMENT_PHASES,
  CHANNEL_CODES,
  DISMISSAL_CAUSES,
  DISPOSITIONS,
  FREE_STATUSES,
  INCIDENT_GROUPS,
  LINK_RELATIONS,
  PRIORITIES,
  SKILLS,
  STRAY_ENDS,
  STRAY_KINDS,
  UNIT_KIND_CODES,
  type DispatchEvent,
  type DispatchEventKind,
  type EventOf,
  type IncidentGroup,
} from '#libs/dispatch';
import { defineKinds, type EventDraft, type LedgerEvent } from '#libs/ledger';
import { CREW_POSTS } from '#libs/wire';

/** What the envelope says already is not said again: the kind, who it was, and what it is about. */
type PayloadOf<K extends DispatchEventKind> =
  EventOf<K> extends { readonly incidentId: string }
    ? Omit<EventOf<K>, 'kind' | 'by' | 'incidentId'>
    : Omit<EventOf<K>, 'kind' | 'by' | 'unitId'>;
type Specs = {
  readonly [K in DispatchEventKind]: {
    readonly subject: 'incident' | 'unit';
    readonly payload: z.ZodType<PayloadOf<K>>;
  };
};

/** When it was decided; held back from going back within the things that it touches, so it may be a little after `atMs`. */
const stamp = { atMs: z.number().int() };
const id = z.string().min(1).max(100);
/** Bounds here are against a broken row, not rules: rules may change, and old events are read for ever. */
const text = z.string().max(8_000);
const ms = z.number().int();
const point = z.strictObject({ latitudeDeg: z.number(), longitudeDeg: z.number() });
const place = z.strictObject({ point: point.nullable(), sectorId: id.nullable(), address: text, reference: text });
const call = z.strictObject({
  id,
  channel: z.enum(CHANNEL_CODES),
  receivedAtMs: ms,
  callerName: text,
  callerPhone: text.nullable(),
  callerAddress: text,
  callerPoint: point.nullable(),
  mayBeNamed: z.boolean(),
});
const priority = z.enum(PRIORITIES);
const classification = z.strictObject({
  typeCode: id,
  group: z.enum(Object.keys(INCIDENT_GROUPS) as [IncidentGroup, ...IncidentGroup[]]),
  masked: z.boolean(),
  video: z.boolean(),
  edan: z.boolean(),
});
const narrative = z.strictObject({ id, atMs: ms, by: id, text, corrects: id.nullable() });
const profile = z.strictObject({
  callSign: text,
  kind: z.enum(UNIT_KIND_CODES),
  vehicle: z.strictObject({ plate: text, model: text }).nullable(),
  equipment: z.array(text).max(100),
  sectorId: id.nullable(),
  checkInEveryMs: ms.nullable(),
});
const crew = z
  .array(z.strictObject({ staffId: id, name: text, post: z.enum(CREW_POSTS), skills: z.array(z.enum(SKILLS)).max(50) }))
  .max(100);
const km = z.number().nullable();
const assigned = { ...stamp, unitId: id, assignmentId: id };

function incident<S extends z.core.$ZodLooseShape>(shape: S) {
  return { subject: 'incident' as const, payload: z.strictObject({ ...stamp, ...shape }) };
}
function assignment<S extends z.core.$ZodLooseShape>(shape: S) {
  return { subject: 'incident' as const, payload: z.strictObject({ ...assigned, ...shape }) };
}
function unit<S extends z.core.$ZodLooseShape>(shape: S) {
  return { subject: 'unit' as const, payload: z.strictObject({ ...stamp, ...shape }) };
}

/** Every event of libs/dispatch as the ledger keeps it. Events of an assignment are about the incident. */
export const DISPATCH_KINDS = defineKinds({
  'incident:opened': incident({
    code: id,
    channel: z.enum(CHANNEL_CODES),
    cameraId: id.nullable(),
    callAtMs: ms,
    place: place.nullable(),
  }),
  'incident:callAdded': incident({ call }),
  'incident:classified': incident({ classification, priority, reason: text }),
  'incident:prioritySet': incident({ priority, reason: text }),
  'incident:relocated': incident({ place }),
  'incident:narrated': incident({ narrative }),
  'incident:masked': incident({ reason: text }),
  'incident:maskLifted': incident({ reason: text }),
  'incident:unmasked': incident({ reason: text, untilMs: ms }),
  'incident:linked': incident({ otherId: id, relation: z.enum(LINK_RELATIONS) }),
  'incident:unlinked': incident({ otherId: id }),
  'incident:alarmLinked': incident({ alarmId: id, cameraId: id, alarmKind: id, startedAtMs: ms }),
  'incident:merged': incident({ survivorId: id }),
  'incident:backupRequested': incident({ note: text }),
  'incident:referred': incident({ referralId: id, agency: z.enum(AGENCY_CODES), note: text }),
  'incident:referralTaken': incident({ referralId: id, takenBy: text, reference: text }),
  'incident:referralDeclined': incident({ referralId: id, takenBy: text, reason: text }),
  'incident:controlled': incident({}),
  'incident:closed': incident({ disposition: z.enum(DISPOSITIONS), note: text }),
  'incident:dismissed': incident({ cause: z.enum(DISMISSAL_CAUSES), note: text }),
  'incident:reopened': incident({ reason: text }),
  'incident:amended': incident({
    reason: text,
    classification: classification.nullable(),
    priority: priority.nullable(),
    disposition: z.enum(DISPOSITIONS).nullable(),
  }),
  'assignment:made': assignment({
    priority,
    override: z.strictObject({ codes: z.array(id).max(20), reason: text }).nullable(),
  }),
  'assignment:advanced': assignment({ phase: z.enum(ASSIGNMENT_PHASES), reachedAtMs: ms, destination: text }),
  'assignment:corrected': assignment({ phase: z.enum(ASSIGNMENT_PHASES), reason: text }),
  'assignment:ended': assignment({ cause: z.enum(['cleared', 'withdrawn', 'declined', 'preempted']), reason: text }),
  'unit:registered': unit({ profile }),
  'unit:changed': unit({ profile }),
  'unit:retired': unit({ reason: text }),
  'unit:dutyStarted': unit({ shiftId: id.nullable(), crew, startKm: km, reason: text }),
  'unit:dutyEnded': unit({ endKm: km }),
  'unit:statusChanged': unit({ status: z.enum(FREE_STATUSES), reason: text }),
  'unit:checkedIn': unit({}),
  'unit:sosRaised': unit({ point: point.nullable() }),
  'unit:sosAcknowledged': unit({}),
  'unit:sosResolved': unit({ outcome: text }),
  'unit:strayed': unit({ strayKind: z.enum(STRAY_KINDS), sectorId: id, sinceMs: ms }),
  'unit:strayAcknowledged': unit({ strayKind: z.enum(STRAY_KINDS), sectorId: id }),
  'unit:strayEnded': unit({ strayKind: z.enum(STRAY_KINDS), sectorId: id, cause: z.enum(STRAY_ENDS) }),
} satisfies Specs);

/** What a decision answered, as the ledger takes it. Who did it is the command's actor, whose id is the event's `by`. */
export function draftOf(event: DispatchEvent): EventDraft {
  const { kind, by: _by, ...rest } = event;
  const subject = DISPATCH_KINDS.specs[kind].subject;
  const { [`${subject}Id`]: subjectId, ...payload } = rest as unknown as Record<string, never>;
  return DISPATCH_KINDS.draft(kind, subjectId as unknown as string, payload as never);
}

/** The event of libs/dispatch that an entry tells, or `undefined` when it tells of something else. */
export function dispatchEventOf(entry: LedgerEvent): DispatchEvent | undefined {
  const read = DISPATCH_KINDS.read(entry);
  if (!read) return undefined;
  const { kind, actor, subject, payload } = read;
  return { kind, by: actor.id, [`${subject.type}Id`]: subject.id, ...payload } as unknown as DispatchEvent;
}
