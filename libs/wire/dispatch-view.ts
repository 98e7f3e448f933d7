import { z } from 'zod';
import { PERSONAL_FIELDS } from '#libs/access';
import {
  AGENCY_CODES,
  ASSIGNMENT_END_CAUSES,
  ASSIGNMENT_PHASES,
  CHANNEL_CODES,
  DISMISSAL_CAUSES,
  DISPATCH_EVENT_KINDS,
  DISPOSITIONS,
  ESCALATION_LEVELS,
  INCIDENT_STATUSES,
  LINK_RELATIONS,
  PRIORITIES,
  STRAY_KINDS,
} from '#libs/dispatch';
import { ALARM_KINDS } from './alarm.ts';
import { place as point } from './camera.ts';

const ms = z.number();
const nullableMs = z.number().nullable();
const priority = z.enum(PRIORITIES);

export const incidentPlaceView = z.object({
  point: point.nullable(),
  sectorId: z.string().nullable(),
  address: z.string(),
  reference: z.string(),
});
export const incidentClocksView = z.object({
  callAtMs: ms,
  openedAtMs: ms,
  classifiedAtMs: nullableMs,
  dispatchedAtMs: nullableMs,
  acknowledgedAtMs: nullableMs,
  enRouteAtMs: nullableMs,
  arrivedAtMs: nullableMs,
  controlledAtMs: nullableMs,
  closedAtMs: nullableMs,
});

/** A target that runs or ran. A screen counts by itself: the level at `now` is `(now - startMs) / targetMs`. */
export const incidentTimerView = z.object({
  kind: z.enum(['answer', 'dispatch', 'on-scene']),
  startMs: ms,
  targetMs: ms,
  doneAtMs: nullableMs,
  elapsedMs: ms,
  level: z.enum(ESCALATION_LEVELS),
});
export type IncidentTimerView = z.infer<typeof incidentTimerView>;

export const classificationView = z.object({
  typeCode: z.string(),
  group: z.string(),
  masked: z.boolean(),
  video: z.boolean(),
  edan: z.boolean(),
});

/** An incident on a board, and the item of topic `incidents`. Redacted for the one who reads it. */
export const incidentItem = z.object({
  id: z.uuid(),
  code: z.string(),
  status: z.enum(INCIDENT_STATUSES),
  priority: priority.nullable(),
  classification: classificationView.nullable(),
  channel: z.enum(CHANNEL_CODES),
  cameraId: z.uuid().nullable(),
  place: incidentPlaceView.nullable(),
  masked: z.boolean(),
  /** What this reader does not see, or only in part. */
  hidden: z.array(z.enum(PERSONAL_FIELDS)),
  clocks: incidentClocksView,
  timers: z.array(incidentTimerView),
  units: z.array(z.object({ unitId: z.uuid(), callSign: z.string(), phase: z.enum(ASSIGNMENT_PHASES) })),
  backupRequested: z.boolean(),
  reopened: z.boolean(),
  /** Ledger sequence of its last event: a timeline that ends before it is behind. */
  revision: z.number().int(),
});
export type IncidentItem = z.infer<typeof incidentItem>;

export const callView = z.object({
  id: z.string(),
  channel: z.enum(CHANNEL_CODES),
  receivedAtMs: ms,
  callerName: z.string(),
  callerPhone: z.string().nullable(),
  callerAddress: z.string(),
  callerPoint: point.nullable(),
  mayBeNamed: z.boolean(),
});
export const narrativeView = z.object({
  id: z.string(),
  atMs: ms,
  by: z.string(),
  text: z.string(),
  corrects: z.string().nullable(),
});
export const assignmentView = z.object({
  id: z.string(),
  unitId: z.string(),
  priority,
  by: z.string(),
  phase: z.enum(ASSIGNMENT_PHASES),
  reachedAtMs: z.partialRecord(z.enum(ASSIGNMENT_PHASES), ms),
  override: z.object({ codes: z.array(z.string()), reason: z.string() }).nullable(),
  destination: z.string(),
  end: z.object({ cause: z.enum(ASSIGNMENT_END_CAUSES), atMs: ms, by: z.string(), reason: z.string() }).nullable(),
});
export const referralView = z.object({
  id: z.string(),
  agency: z.enum(AGENCY_CODES),
  atMs: ms,
  by: z.string(),
  note: z.string(),
  answer: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('taken'), atMs: ms, takenBy: z.string(), reference: z.string() }),
      z.object({ kind: z.literal('declined'), atMs: ms, takenBy: z.string(), reason: z.string() }),
    ])
    .nullable(),
});
export const incidentLifeView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open') }),
  z.object({ kind: z.literal('controlled'), atMs: ms, by: z.string() }),
  z.object({
    kind: z.literal('closed'),
    atMs: ms,
    by: z.string(),
    disposition: z.enum(DISPOSITIONS),
    controlledAtMs: nullableMs,
  }),
  z.object({ kind: z.literal('dismissed'), atMs: ms, by: z.string(), cause: z.enum(DISMISSAL_CAUSES) }),
  z.object({ kind: z.literal('merged'), atMs: ms, by: z.string(), survivorId: z.string() }),
]);

/** `GET /api/incidents/:id`. */
export const incidentDetail = incidentItem.extend({
  openedBy: z.string(),
  calls: z.array(callView),
  narratives: z.array(narrativeView),
  assignments: z.array(assignmentView),
  referrals: z.array(referralView),
  links: z.array(z.object({ incidentId: z.string(), relation: z.enum(LINK_RELATIONS) })),
  /** Alarms of cameras that it came of, the first first. */
  alarms: z.array(z.object({ alarmId: z.uuid(), cameraId: z.uuid(), alarmKind: z.enum(ALARM_KINDS), startedAtMs: ms })),
  absorbedIds: z.array(z.string()),
  reopenings: z.array(z.object({ atMs: ms, by: z.string(), reason: z.string() })),
  life: incidentLifeView,
  /** Cameras whose field of view covers the place, the nearest first. */
  cameraIds: z.array(z.uuid()),
  /** Names of the accounts that appear in `by`. */
  names: z.record(z.string(), z.string()),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

/** `GET /api/units/own/incident` (`unit:report`): what a crew's own unit attends, as a crew sees it. */
export const ownIncidentView = z.object({ unitId: z.uuid(), incident: incidentDetail.nullable() });
export type OwnIncidentView = z.infer<typeof ownIncidentView>;

/** One line of the timeline (`GET /api/incidents/:id/timeline?after=seq`): who did what when. Redacted like the rest. */
export const timelineEntry = z.object({
  /** Of the ledger: no gaps, in the order of commits. */
  seq: z.number().int(),
  atMs: ms,
  by: z.string(),
  byName: z.string(),
  hidden: z.array(z.enum(PERSONAL_FIELDS)),
  /** The event as `DispatchEvent` of libs/dispatch has it. */
  event: z.looseObject({ kind: z.enum(DISPATCH_EVENT_KINDS) }),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

/** `GET /api/incidents/duplicates`: what may be the same thing, the nearest first. */
export const duplicateView = z.object({
  incidentId: z.uuid(),
  code: z.string(),
  distanceM: z.number(),
  apartMs: ms,
});
export type DuplicateView = z.infer<typeof duplicateView>;

/** `GET /api/calls?phone=`: what a caller has reported before, the last first. */
export const callHistoryView = z.object({
  phone: z.string(),
  calls: z.array(
    z.object({
      incidentId: z.uuid(),
      code: z.string(),
      atMs: ms,
      typeCode: z.string().nullable(),
      falseCall: z.boolean(),
    }),
  ),
});
export type CallHistoryView = z.infer<typeof callHistoryView>;

/** What takes the dispatcher's focus, and the item of topic `dispatchAlarms`. */
export const dispatchAlarmView = z.object({
  /** `kind/unit or incident`: the same alarm keeps its id. */
  id: z.string(),
  kind: z.enum(['sos', 'unanswered-assignment', 'check-in-overdue', ...STRAY_KINDS, 'incident-overdue']),
  unitId: z.uuid().nullable(),
  incidentId: z.uuid().nullable(),
  /** Of `off-limits` and `out-of-sector`: the area it came into, or the sector it left. */
  sectorId: z.string().optional(),
  sinceMs: ms,
  level: z.enum(ESCALATION_LEVELS),
  acknowledged: z.boolean(),
});
export type DispatchAlarmView = z.infer<typeof dispatchAlarmView>;
