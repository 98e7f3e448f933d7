import { z } from 'zod';

/** What a camera can call attention with: `activity` is the relay's own score, the last four are the camera's own events. */
export const ALARM_KINDS = ['camera-offline', 'activity', 'motion', 'line-crossed', 'tamper', 'signal-lost'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

/** Who said so: the camera itself (ONVIF events), the relay's score of its stream, the relay's connection to it. */
export const ALARM_SOURCES = ['onvif', 'activity', 'relay'] as const;
export type AlarmSource = (typeof ALARM_SOURCES)[number];

/**
 * What an alarm is most often the sign of, as a code of the catalogue: offered when an incident is made of it, and a person
 * decides. A type that the centre has switched off is not offered.
 */
export const TYPE_GUESS: Readonly<Record<AlarmKind, string>> = {
  'camera-offline': 'SER-07',
  activity: 'ORD-04',
  motion: 'ORD-04',
  'line-crossed': 'ORD-04',
  tamper: 'PAT-10',
  'signal-lost': 'SER-07',
};

/**
 * Why an alarm is over: its cause ended; nothing was heard of it for too long; what told of it was lost; the api was
 * started again and nobody could say; the camera was taken out of use.
 */
export const ALARM_ENDS = ['cleared', 'quiet', 'source-lost', 'restart', 'camera-removed'] as const;
export type AlarmEnd = (typeof ALARM_ENDS)[number];

/**
 * A camera alarm: it begins, may repeat (counted, not multiplied), ends, and is acknowledged by a person. `raised` says
 * that attention was wanted for it when it began; the others are kept for the record only.
 */
export const alarmView = z.object({
  id: z.uuid(),
  cameraId: z.uuid(),
  cameraCode: z.string(),
  kind: z.enum(ALARM_KINDS),
  source: z.enum(ALARM_SOURCES),
  /** Name of the rule in the camera, its topic, or a reason code: what a technician needs. */
  detail: z.string(),
  raised: z.boolean(),
  startedAtMs: z.number(),
  lastSeenAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  endCause: z.enum(ALARM_ENDS).nullable(),
  /** How often it was told again after it began. */
  repeats: z.number().int(),
  acknowledgedAtMs: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  note: z.string().nullable(),
  /** What was made of it. */
  incident: z.object({ id: z.uuid(), code: z.string() }).nullable(),
});
export type AlarmView = z.infer<typeof alarmView>;

/** `POST /api/alarms/:id/acknowledge`. */
export const acknowledgeAlarmBody = z.object({ note: z.string().trim().max(500).default('') });
export type AcknowledgeAlarmBody = z.infer<typeof acknowledgeAlarmBody>;

export const ALARM_STANDINGS = ['open', 'unacknowledged', 'acknowledged'] as const;

/** `GET /api/alarms`: newest first. `before` is the id of the last one that was seen. */
export const alarmQuery = z.object({
  cameraId: z.uuid().optional(),
  kind: z.enum(ALARM_KINDS).optional(),
  /** Only those for which attention was wanted. */
  raised: z.enum(['true', 'false']).optional(),
  standing: z.enum(ALARM_STANDINGS).optional(),
  fromMs: z.coerce.number().int().min(0).optional(),
  toMs: z.coerce.number().int().min(0).optional(),
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AlarmQuery = z.infer<typeof alarmQuery>;

export const alarmPage = z.object({ alarms: z.array(alarmView), nextBefore: z.uuid().nullable() });
export type AlarmPage = z.infer<typeof alarmPage>;

/**
 * When alarms of some kinds call attention in a zone: minutes of the local day (America/Lima), days 0 = Sunday. An
 * interval whose end is not after its beginning passes midnight and belongs to the day on which it begins.
 */
export const alarmSchedule = z.object({
  kinds: z.array(z.enum(ALARM_KINDS)).min(1).max(ALARM_KINDS.length),
  days: z.array(z.number().int().min(0).max(6)).min(1).max(7),
  fromMinute: z.number().int().min(0).max(1_439),
  toMinute: z.number().int().min(0).max(1_440),
});
export type AlarmSchedule = z.infer<typeof alarmSchedule>;

/** Schedules that one zone may have. */
export const MAX_ZONE_SCHEDULES = 16;

/** `PUT /api/zones/:id/alarm-schedules`: all of a zone's. */
export const zoneSchedulesBody = z.object({ schedules: z.array(alarmSchedule).max(MAX_ZONE_SCHEDULES) });
export type ZoneSchedulesBody = z.infer<typeof zoneSchedulesBody>;

/** `GET /api/zones/:id/alarm-schedules`. */
export const zoneSchedulesView = zoneSchedulesBody.extend({ zoneId: z.uuid() });
export type ZoneSchedulesView = z.infer<typeof zoneSchedulesView>;

const cooldownS = z.number().int().min(0).max(3_600);

/** `PUT /api/settings/alarms`. */
export const alarmSettings = z.object({
  /** A camera without a picture for so long is an alarm. */
  offlineAfterS: z.number().int().min(3).max(600),
  /** What begins again within this after its end goes on as the same alarm. */
  cooldownS,
  /** Kinds that call attention where no schedule of the camera's zones names them. */
  raisedKinds: z.array(z.enum(ALARM_KINDS)).max(ALARM_KINDS.length),
  /** Alarms are removed so many days after their end. */
  keepDays: z.number().int().min(7).max(3_650),
});
export type AlarmSettings = z.infer<typeof alarmSettings>;

/**
 * Movement is recorded and calls nobody unless a schedule asks for it: three hundred street cameras would never be quiet.
 */
export const DEFAULT_ALARM_SETTINGS: AlarmSettings = {
  offlineAfterS: 10,
  cooldownS: 30,
  raisedKinds: ['camera-offline', 'line-crossed', 'tamper', 'signal-lost'],
  keepDays: 90,
};

/** What a topic of a camera means: a kind of alarm, or nothing. */
export const topicMeaning = z.enum([...ALARM_KINDS, 'ignored']);
export type TopicMeaning = z.infer<typeof topicMeaning>;

/** Topics that are remembered for one camera. */
export const MAX_CAMERA_TOPICS = 64;
const topicName = z
  .string()
  .max(160)
  .regex(/^[\w.-]+(\/[\w.-]+)*$/);

/** `PUT /api/cameras/:id/alarm-rules`: what differs from the centre's rules for one camera. */
export const alarmRulesBody = z.object({
  cooldownS: z.partialRecord(z.enum(ALARM_KINDS), cooldownS),
  topics: z.array(z.object({ topic: topicName, meaning: topicMeaning })).max(MAX_CAMERA_TOPICS),
});
export type AlarmRulesBody = z.infer<typeof alarmRulesBody>;

/** How the subscription to a camera's own events stands. */
export const EVENT_LINK_STATES = ['none', 'waiting', 'opening', 'listening', 'flooded'] as const;
export type EventLinkState = (typeof EVENT_LINK_STATES)[number];

/** `GET /api/cameras/:id/alarm-rules`. */
export const alarmRulesView = alarmRulesBody.extend({
  cameraId: z.uuid(),
  link: z.object({
    state: z.enum(EVENT_LINK_STATES),
    sinceMs: z.number(),
    /** Why it is not listening. */
    code: z.string().nullable(),
    messages: z.number().int(),
    /** Messages that were too many, too large or unreadable. */
    dropped: z.number().int(),
  }),
  /** Topics that the camera has spoken of, with what each means now; `null` for one that nobody has mapped. */
  heard: z.array(
    z.object({
      topic: z.string(),
      /** Names of what its messages carry. */
      items: z.string(),
      times: z.number().int(),
      lastSeenAtMs: z.number(),
      meaning: topicMeaning.nullable(),
    }),
  ),
});
export type AlarmRulesView = z.infer<typeof alarmRulesView>;
