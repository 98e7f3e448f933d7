import type { DispatchEventKind, EventOf } from './events.ts';
import type { Incident, ReferralAnswer } from './incident.ts';

type FoldedElsewhere = 'incident:opened' | 'incident:linked' | 'incident:unlinked' | 'incident:merged';
type IncidentKind = Exclude<Extract<DispatchEventKind, `incident:${string}`>, FoldedElsewhere>;
/** Events that change one incident alone. */
export type IncidentEvent = EventOf<IncidentKind>;

export function openedIncident(event: EventOf<'incident:opened'>): Incident {
  return {
    id: event.incidentId,
    code: event.code,
    channel: event.channel,
    cameraId: event.cameraId,
    callAtMs: event.callAtMs,
    openedAtMs: event.atMs,
    openedBy: event.by,
    updatedAtMs: event.atMs,
    classification: null,
    classifiedAtMs: null,
    priority: null,
    place: event.place,
    calls: [],
    narratives: [],
    assignments: [],
    referrals: [],
    links: [],
    absorbedIds: [],
    maskedByHand: false,
    backup: null,
    reopenings: [],
    life: { kind: 'open' },
  };
}

const CHANGES: {
  readonly [K in IncidentKind]: (incident: Incident, event: EventOf<K>) => Partial<Incident>;
} = {
  'incident:callAdded': ({ calls }, { call }) => ({ calls: [...calls, call] }),
  'incident:classified': ({ classifiedAtMs }, { classification, priority, atMs }) => ({
    classification,
    priority,
    classifiedAtMs: classifiedAtMs ?? atMs,
  }),
  'incident:prioritySet': (_, { priority }) => ({ priority }),
  'incident:relocated': (_, { place }) => ({ place }),
  'incident:narrated': ({ narratives }, { narrative }) => ({ narratives: [...narratives, narrative] }),
  'incident:masked': () => ({ maskedByHand: true }),
  'incident:maskLifted': () => ({ maskedByHand: false }),
  'incident:unmasked': () => ({}),
  'incident:alarmLinked': ({ alarms = [] }, { alarmId, cameraId, alarmKind, startedAtMs }) => ({
    alarms: [...alarms, { alarmId, cameraId, alarmKind, startedAtMs }],
  }),
  'incident:backupRequested': (_, { atMs, by, note }) => ({ backup: { atMs, by, note } }),
  'incident:referred': ({ referrals }, { referralId, agency, atMs, by, note }) => ({
    referrals: [...referrals, { id: referralId, agency, atMs, by, note, answer: null }],
  }),
  'incident:referralTaken': (incident, { referralId, takenBy, reference, atMs }) =>
    answered(incident, referralId, { kind: 'taken', atMs, takenBy, reference }),
  'incident:referralDeclined': (incident, { referralId, takenBy, reason, atMs }) =>
    answered(incident, referralId, { kind: 'declined', atMs, takenBy, reason }),
  'incident:controlled': (_, { atMs, by }) => ({ life: { kind: 'controlled', atMs, by }, backup: null }),
  'incident:closed': ({ life }, { atMs, by, disposition }) => ({
    life: { kind: 'closed', atMs, by, disposition, controlledAtMs: life.kind === 'controlled' ? life.atMs : null },
    backup: null,
  }),
  'incident:dismissed': (_, { atMs, by, cause }) => ({ life: { kind: 'dismissed', atMs, by, cause }, backup: null }),
  'incident:reopened': ({ reopenings }, { atMs, by, reason }) => ({
    life: { kind: 'open' },
    reopenings: [...reopenings, { atMs, by, reason }],
  }),
  'incident:amended': (incident, { classification, priority, disposition }) => ({
    classification: classification ?? incident.classification,
    priority: priority ?? incident.priority,
    life: incident.life.kind === 'closed' && disposition !== null ? { ...incident.life, disposition } : incident.life,
  }),
};

function answered({ referrals }: Incident, referralId: string, answer: ReferralAnswer): Partial<Incident> {
  return { referrals: referrals.map((referral) => (referral.id === referralId ? { ...referral, answer } : referral)) };
}

export function foldIncident(incident: Incident, event: IncidentEvent): Incident {
  const change = CHANGES[event.kind] as (incident: Incident, event: IncidentEvent) => Partial<Incident>;
  return { ...incident, ...change(incident, event), updatedAtMs: event.atMs };
}
