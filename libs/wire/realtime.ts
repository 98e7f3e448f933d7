import type { Permission } from '#libs/access';
import type { AlarmView } from './alarm.ts';
import type { CameraView } from './camera.ts';
import type { CandidateView, DiscoveryRunView } from './discovery.ts';
import type { PositionBatch, UnitView } from './dispatch-unit.ts';
import type { DispatchAlarmView, IncidentItem } from './dispatch-view.ts';
import type { IncidentTypeView } from './incident-type.ts';
import type { FollowLedger, FollowLedgerAnswer, LedgerAppended } from './ledger.ts';
import type { PositionReport, PositionReportAnswer } from './position.ts';
import type { PlaceView } from './place.ts';
import type { PtzView } from './ptz.ts';
import type { SectorView } from './sector.ts';
import type { ShiftView } from './shift.ts';
import type { ZoneView } from './zone.ts';

/**
 * Realtime is a snapshot plus what changed after it. A client subscribes to a topic and is answered with every item and
 * the number of the last change; each later change carries the next number. A client that sees a gap, or another
 * `epoch` (the api was restarted), subscribes again.
 */
export interface TopicItems {
  cameras: CameraView;
  zones: ZoneView;
  sectors: SectorView;
  places: PlaceView;
  candidates: CandidateView;
  discoveryRuns: DiscoveryRunView;
  ptz: PtzView;
  incidents: IncidentItem;
  units: UnitView;
  /** The shift that runs and the one after it. */
  shifts: ShiftView;
  incidentTypes: IncidentTypeView;
  dispatchAlarms: DispatchAlarmView;
  /** Alarms that are open, and those that wait to be acknowledged. */
  alarms: AlarmView;
}
export type Topic = keyof TopicItems;

export const TOPICS = [
  'cameras',
  'zones',
  'sectors',
  'places',
  'candidates',
  'discoveryRuns',
  'ptz',
  'incidents',
  'units',
  'shifts',
  'incidentTypes',
  'dispatchAlarms',
  'alarms',
] as const satisfies readonly Topic[];

/** What a socket's owner must be allowed to do, checked at subscription and again at every publication. */
export const TOPIC_PERMISSION: Readonly<Record<Topic, Permission>> = {
  cameras: 'camera:view',
  zones: 'zone:view',
  sectors: 'zone:view',
  places: 'zone:view',
  candidates: 'camera:manage',
  discoveryRuns: 'camera:manage',
  ptz: 'camera:view',
  incidents: 'incident:view',
  units: 'unit:view',
  shifts: 'shift:view',
  incidentTypes: 'incident:view',
  dispatchAlarms: 'incident:view',
  alarms: 'alarm:view',
};

export interface Snapshot<T extends Topic> {
  readonly topic: T;
  readonly epoch: string;
  readonly seq: number;
  readonly items: readonly TopicItems[T][];
  /** Wall clock of the api when it answered: the client measures its own clock error from it. */
  readonly serverNowMs: number;
}

export type TopicChange = {
  [T in Topic]: {
    readonly topic: T;
    readonly epoch: string;
    readonly seq: number;
  } & ({ readonly kind: 'changed'; readonly item: TopicItems[T] } | { readonly kind: 'removed'; readonly id: string });
}[Topic];

export type SubscribeAnswer<T extends Topic = Topic> =
  | { readonly ok: true; readonly snapshot: Snapshot<T> }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Milliseconds between two tries of a page whose api is gone, once it has tried a few times. */
const LONGEST_WAIT_MS = [800, 1_600] as const;

/**
 * How a page comes back to an api that was gone, as socket.io's client takes it: a wall must be right within three seconds of
 * the api's return. Each page has a longest wait of its own, since the client cuts off its own chance there
 * (socket.io-client/lib/contrib/backo2.ts) and pages that lost their line together would knock together for ever.
 * `random` is 0..1.
 */
export function reconnection(random: () => number) {
  const [least, most] = LONGEST_WAIT_MS;
  return {
    reconnectionDelay: 500,
    reconnectionDelayMax: Math.round(least + random() * (most - least)),
    randomizationFactor: 0.3,
    timeout: 5_000,
  };
}

/** Events from the server. `session:ended` comes before the server closes the socket of somebody who was signed out. */
export interface ServerEvents {
  'topic:changed': (change: TopicChange) => void;
  /** Where units went, to sockets that subscribe to `units`; see `positionBatch`. */
  'positions:moved': (batch: PositionBatch) => void;
  'session:ended': (reason: { readonly code: string }) => void;
  'ledger:appended': (appended: LedgerAppended) => void;
}

export interface ClientEvents {
  'topic:subscribe': (request: { readonly topic: Topic }, answer: (result: SubscribeAnswer) => void) => void;
  'topic:unsubscribe': (request: { readonly topic: Topic }) => void;
  /** Asking again begins anew; one page follows one way. */
  'ledger:follow': (request: FollowLedger, answer: (result: FollowLedgerAnswer) => void) => void;
  'ledger:unfollow': () => void;
  /** A crew's tablet says where its unit is or was. Answered when it is on disk; see `positionReport`. */
  'position:report': (report: PositionReport, answer: (result: PositionReportAnswer) => void) => void;
}

/**
 * PostgreSQL NOTIFY channels between relay and api, and between apis. The reader asks the tables what is new: payloads are
 * empty, of `ledger` the number of the last event, of `unitMoves` who speaks and which units
 * moved, of `cameraAlarm` the id of the alarm.
 */
export const PG_CHANNELS = {
  cameraHealth: 'atalaya_camera_health',
  cameraConfig: 'atalaya_camera_config',
  ledger: 'atalaya_ledger',
  unitMoves: 'atalaya_unit_moves',
  cameraAlarm: 'atalaya_camera_alarm',
} as const;
