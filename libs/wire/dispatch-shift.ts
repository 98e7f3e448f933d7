import { z } from 'zod';
import {
  AGENCY_CODES,
  HANDOVER_CAPS,
  HANDOVER_SECTIONS,
  INCIDENT_GROUPS,
  INSTRUCTIONS,
  POSTS,
  PRIORITIES,
  ROSTER_CAPS,
  SHIFT_CAPS,
  SKILLS,
  UNIT_KIND_CODES,
  type IncidentGroup,
} from '#libs/dispatch';
import { commandEnvelope, line, phone, prose } from './dispatch-text.ts';

const ms = z.number();
const km = z.number().min(0).max(2_000_000).nullable();
const minute = z.number().int().min(0).max(1_439);

export const shiftPatternBody = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,24}$/),
  name: line(SHIFT_CAPS.name, 1),
  startMinute: minute,
  endMinute: minute,
});
/** `PUT /api/shifts/calendar` (`shift:manage`). */
export const shiftCalendarBody = z.object({
  utcOffsetMinutes: z.number().int().min(-720).max(840),
  patterns: z.array(shiftPatternBody).min(1).max(SHIFT_CAPS.patterns),
});
export type ShiftCalendarBody = z.infer<typeof shiftCalendarBody>;

const shift = z.object({
  id: z.string(),
  patternId: z.string(),
  name: z.string(),
  date: z.string(),
  startMs: ms,
  endMs: ms,
});
const rosterEntry = z.object({
  staffId: z.uuid(),
  name: line(120, 1),
  post: z.enum(POSTS),
  unitId: z.uuid().nullable(),
  accountId: z.uuid().nullable(),
});
/** `PUT /api/shifts/:date/:patternId/roster` (`shift:manage`). */
export const rosterBody = z.object({ ...commandEnvelope, entries: z.array(rosterEntry).max(ROSTER_CAPS.entries) });
export type RosterBody = z.infer<typeof rosterBody>;

/** One shift and who is on it, and the item of topic `shifts`: the running one and the next. */
export const shiftView = shift.extend({ entries: z.array(rosterEntry), running: z.boolean() });
export type ShiftView = z.infer<typeof shiftView>;

const text = prose(HANDOVER_CAPS.text);
const name = line(HANDOVER_CAPS.name);
const id = z.uuid();
const rows = <T extends z.ZodType>(row: T) => z.array(row).max(HANDOVER_CAPS.rows);

/** The five sections of a relevo. */
export const handoverContent = z.object({
  occurrences: rows(z.object({ cameraId: id.nullable(), incidentId: id.nullable(), text })),
  cameraStaff: rows(z.object({ staffId: id, name, cameraIds: z.array(id).max(HANDOVER_CAPS.cameras) })),
  fieldStaff: rows(
    z.object({
      patrol: z.enum(['municipal', 'integrated', 'foot', 'tactical-point']),
      unitId: id,
      plate: line(10),
      driver: name,
      operator: name,
      sectorId: id.nullable(),
      phone: z.union([phone, z.literal('')]),
    }),
  ),
  patrolReport: rows(z.object({ unitId: id, startKm: km, endKm: km, news: text })),
  highlights: rows(z.object({ atMs: ms, cameraId: id.nullable(), incidentId: id.nullable(), text })),
});
export type HandoverContentBody = z.infer<typeof handoverContent>;

const section = <S extends (typeof HANDOVER_SECTIONS)[number]>(which: S) =>
  z.object({
    ...commandEnvelope,
    section: z.literal(which),
    rows: handoverContent.shape[which],
    /** The revision that the writer had before them; `handover-changed` when it is not the last. */
    baseRevision: z.number().int().min(0),
  });
/** `PUT /api/shifts/:date/:patternId/handover` (`handover:write`): autosave of one section. */
export const saveHandoverBody = z.discriminatedUnion('section', [
  section('occurrences'),
  section('cameraStaff'),
  section('fieldStaff'),
  section('patrolReport'),
  section('highlights'),
]);
export type SaveHandoverBody = z.infer<typeof saveHandoverBody>;

/** `POST …/handover/lock`, `…/unlock` (`shift:manage`), `…/countersign`. */
export const lockHandoverBody = z.object(commandEnvelope);
export const unlockHandoverBody = z.object({ ...commandEnvelope, reason: line(300, 3) });
export const countersignHandoverBody = z.object(commandEnvelope);

const revision = z.number().int();
export const handoverView = z.object({
  shift,
  keeper: z.string(),
  fieldSupervisor: z.string(),
  cameraSupervisors: z.array(z.string()),
  content: handoverContent,
  revisions: z.object({
    occurrences: revision,
    cameraStaff: revision,
    fieldStaff: revision,
    patrolReport: revision,
    highlights: revision,
  }),
  unlocks: z.array(z.object({ atMs: ms, by: z.string(), reason: z.string() })),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('draft') }),
    z.object({ kind: z.literal('locked'), atMs: ms, by: z.string() }),
    z.object({ kind: z.literal('countersigned'), lockedAtMs: ms, lockedBy: z.string(), atMs: ms, by: z.string() }),
  ]),
});
export type HandoverView = z.infer<typeof handoverView>;

const GROUP_CODES = Object.keys(INCIDENT_GROUPS) as [IncidentGroup, ...IncidentGroup[]];

/** A row of the catalogue, and the item of topic `incidentTypes`: there `id` is the code. */
export const incidentTypeView = z.object({
  id: z.string(),
  code: z.string().regex(/^[A-Z]{3}-\d{2}$/),
  group: z.enum(GROUP_CODES),
  name: z.string(),
  priority: z.enum(PRIORITIES),
  agencies: z.array(z.enum(AGENCY_CODES)),
  everyAgency: z.boolean(),
  unitKinds: z.array(z.enum(UNIT_KIND_CODES)),
  everyUnit: z.boolean(),
  skills: z.array(z.enum(SKILLS)),
  instructions: z.array(z.enum(INSTRUCTIONS)),
  masked: z.boolean(),
  video: z.boolean(),
  edan: z.boolean(),
  enabled: z.boolean(),
  words: z.array(z.string()),
  /** What to ask and say, as the centre wrote it. */
  protocol: z.string(),
});
export type IncidentTypeView = z.infer<typeof incidentTypeView>;

/** `PATCH /api/incident-types/:code` (`catalogue:manage`). Code and group stay: old incidents name them. */
export const changeIncidentTypeBody = z
  .object({
    name: line(80, 3),
    priority: z.enum(PRIORITIES),
    agencies: z.array(z.enum(AGENCY_CODES)).max(AGENCY_CODES.length),
    unitKinds: z.array(z.enum(UNIT_KIND_CODES)).max(UNIT_KIND_CODES.length),
    skills: z.array(z.enum(SKILLS)).max(SKILLS.length),
    instructions: z.array(z.enum(INSTRUCTIONS)).max(INSTRUCTIONS.length),
    masked: z.boolean(),
    video: z.boolean(),
    edan: z.boolean(),
    enabled: z.boolean(),
    words: z.array(line(40, 1)).max(40),
    protocol: prose(4_000),
  })
  .partial();
export type ChangeIncidentTypeBody = z.infer<typeof changeIncidentTypeBody>;
