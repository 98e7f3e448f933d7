import { z } from 'zod';
import {
  AGENCY_CODES,
  ASSIGNMENT_PHASES,
  CHANNEL_CODES,
  DISMISSAL_CAUSES,
  DISPOSITIONS,
  FREE_STATUSES,
  INCIDENT_CAPS,
  LINK_RELATIONS,
  MAX_UNMASK_MS,
  PRIORITIES,
  SKILLS,
  STRAY_KINDS,
  UNIT_CAPS,
  UNIT_KIND_CODES,
  type CrewMember,
} from '#libs/dispatch';
import { place as point } from './camera.ts';
import { callBody, clientId, commandEnvelope, happenedAtMs, incidentPlace, line, prose } from './dispatch-text.ts';

const reason = line(INCIDENT_CAPS.reasonChars);
const note = prose(INCIDENT_CAPS.narrativeChars);
const typeCode = z.string().regex(/^[A-Z]{3}-\d{2}$/);
const priority = z.enum(PRIORITIES);
const unitId = clientId;

/** A command by its kind, with the envelope. What it means: `DispatchCommand` of libs/dispatch. */
function command<K extends string, S extends z.core.$ZodLooseShape>(kind: K, shape: S) {
  return z.object({ kind: z.literal(kind), ...commandEnvelope, ...shape });
}

/** `POST /api/incidents` (`incident:take`). The incident's code is given by the centre. */
export const openIncidentBody = z.object({
  ...commandEnvelope,
  incidentId: clientId,
  channel: z.enum(CHANNEL_CODES),
  cameraId: clientId.optional(),
  call: callBody.optional(),
  typeCode: typeCode.optional(),
  priority: priority.optional(),
  priorityReason: reason.optional(),
  place: incidentPlace.optional(),
  narrative: z.object({ id: clientId, text: prose(INCIDENT_CAPS.narrativeChars, 1) }).optional(),
  /** The camera's alarm that it comes of: it is acknowledged by this, and names the incident from now on. */
  alarmId: clientId.optional(),
});
export type OpenIncidentBody = z.infer<typeof openIncidentBody>;

const addNarrative = command('addNarrative', {
  narrativeId: clientId,
  text: prose(INCIDENT_CAPS.narrativeChars, 1),
  corrects: clientId.optional(),
});
const requestBackup = command('requestBackup', { note: reason });

/** `POST /api/incidents/:id/intake` (`incident:take`). */
export const intakeCommandBody = z.discriminatedUnion('kind', [
  command('addCall', { call: callBody }),
  command('classify', { typeCode, priority: priority.optional(), reason: reason.optional() }),
  command('setPriority', { priority, reason }),
  command('relocate', { place: incidentPlace }),
  addNarrative,
  command('mask', { reason }),
  /** A further alarm of the same thing; it is acknowledged by this. */
  command('linkAlarm', { alarmId: clientId }),
]);
export type IntakeCommandBody = z.infer<typeof intakeCommandBody>;

/** `POST /api/incidents/:id/dispatch` (`incident:dispatch`). */
export const dispatchCommandBody = z.discriminatedUnion('kind', [
  command('link', { otherId: clientId, relation: z.enum(LINK_RELATIONS) }),
  command('unlink', { otherId: clientId }),
  command('merge', { survivorId: clientId, moveUnits: z.boolean().default(false) }),
  requestBackup,
  command('refer', { referralId: clientId, agency: z.enum(AGENCY_CODES), note }),
  command('referralTaken', { referralId: clientId, takenBy: line(120), reference: line(120).default('') }),
  command('referralDeclined', { referralId: clientId, takenBy: line(120), reason }),
  command('control', {}),
  command('close', { disposition: z.enum(DISPOSITIONS), note: note.default('') }),
  command('dismiss', { cause: z.enum(DISMISSAL_CAUSES), note: note.default('') }),
  command('reopen', { reason }),
  command('assign', {
    unitId,
    assignmentId: clientId,
    preempt: z.boolean().optional(),
    overrideReason: reason.optional(),
  }),
  command('acknowledgeAssignment', { unitId, happenedAtMs }),
  command('enRoute', { unitId, happenedAtMs }),
  command('arrive', { unitId, happenedAtMs }),
  command('transport', { unitId, destination: line(120), happenedAtMs }),
  command('reachStation', { unitId, happenedAtMs }),
  command('clear', { unitId, note: reason.default('') }),
  command('withdraw', { unitId, reason }),
  command('decline', { unitId, reason }),
  command('correctStatus', { unitId, phase: z.enum(ASSIGNMENT_PHASES), reason }),
]);
export type DispatchCommandBody = z.infer<typeof dispatchCommandBody>;

/** `POST /api/incidents/:id/amend` (`incident:amend`). */
export const amendCommandBody = z.discriminatedUnion('kind', [
  command('amend', {
    reason,
    typeCode: typeCode.optional(),
    priority: priority.optional(),
    disposition: z.enum(DISPOSITIONS).optional(),
  }),
  command('liftMask', { reason }),
]);
export type AmendCommandBody = z.infer<typeof amendCommandBody>;

/** `POST /api/incidents/:id/unmask` (`incident:unmask`). Answers the incident in full, for so long. */
export const unmaskBody = z.object({
  ...commandEnvelope,
  reason: line(INCIDENT_CAPS.reasonChars, 3),
  forMs: z.number().int().min(1_000).max(MAX_UNMASK_MS).default(600_000),
});
export type UnmaskBody = z.infer<typeof unmaskBody>;

const incidentId = clientId;
const ownIncident = { incidentId };

/** `POST /api/units/own/report` (`unit:report`): a crew for its own unit; the unit is the server's to know. */
export const unitReportBody = z.discriminatedUnion('kind', [
  command('acknowledgeAssignment', { ...ownIncident, happenedAtMs }),
  command('enRoute', { ...ownIncident, happenedAtMs }),
  command('arrive', { ...ownIncident, happenedAtMs }),
  command('transport', { ...ownIncident, destination: line(120), happenedAtMs }),
  command('reachStation', { ...ownIncident, happenedAtMs }),
  command('clear', { ...ownIncident, note: reason.default('') }),
  command('decline', { ...ownIncident, reason }),
  requestBackup.extend(ownIncident),
  addNarrative.extend(ownIncident),
  command('setUnitStatus', { status: z.enum(FREE_STATUSES), reason: reason.default('') }),
  command('checkIn', {}),
  command('raiseSos', { point: point.nullable() }),
]);
export type UnitReportBody = z.infer<typeof unitReportBody>;

export const CREW_POSTS = [
  'leader',
  'driver',
  'sereno',
  'police-officer',
  'paramedic',
  'drone-pilot',
  'dog-handler',
] as const satisfies readonly CrewMember['post'][];

const crewMember = z.object({
  staffId: clientId,
  name: line(UNIT_CAPS.name, 1),
  post: z.enum(CREW_POSTS),
  skills: z.array(z.enum(SKILLS)).max(SKILLS.length),
});
const km = z.number().min(0).max(2_000_000).nullable();

/** `POST /api/units/:id/duty` (`incident:dispatch`): what the dispatcher does for a unit by radio. */
export const unitDutyBody = z.discriminatedUnion('kind', [
  command('startDuty', {
    shiftId: line(60).nullable(),
    crew: z.array(crewMember).max(UNIT_CAPS.crew),
    startKm: km,
    overrideReason: reason.optional(),
  }),
  command('endDuty', { endKm: km }),
  command('setUnitStatus', { status: z.enum(FREE_STATUSES), reason: reason.default('') }),
  command('checkIn', {}),
  command('raiseSos', { point: point.nullable() }),
  command('acknowledgeSos', {}),
  command('resolveSos', { outcome: reason }),
  command('acknowledgeStray', { strayKind: z.enum(STRAY_KINDS), sectorId: clientId }),
]);
export type UnitDutyBody = z.infer<typeof unitDutyBody>;

export const unitProfileBody = z.object({
  callSign: line(UNIT_CAPS.callSign, 1),
  kind: z.enum(UNIT_KIND_CODES),
  vehicle: z.object({ plate: line(UNIT_CAPS.plate, 1), model: line(60) }).nullable(),
  equipment: z.array(line(UNIT_CAPS.equipmentName, 1)).max(UNIT_CAPS.equipment),
  sectorId: clientId.nullable(),
  checkInEveryMs: z.number().int().min(60_000).max(14_400_000).nullable(),
});
/** `POST /api/units`, `PUT /api/units/:id`, `POST /api/units/:id/retire` (`unit:manage`). */
export const registerUnitBody = z.object({ ...commandEnvelope, unitId, profile: unitProfileBody });
export const changeUnitBody = z.object({ ...commandEnvelope, profile: unitProfileBody });
export const retireUnitBody = z.object({ ...commandEnvelope, reason: line(INCIDENT_CAPS.reasonChars, 3) });
export type RegisterUnitBody = z.infer<typeof registerUnitBody>;
export type ChangeUnitBody = z.infer<typeof changeUnitBody>;
export type RetireUnitBody = z.infer<typeof retireUnitBody>;
