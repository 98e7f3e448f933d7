import { phaseIndex, type Assignment } from './assignment.ts';
import type { Call } from './call.ts';
import type { IncidentGroup } from './incident-type.ts';
import type { IncidentPlace } from './place.ts';
import type { Agency, Channel, DismissalCause, Disposition, Priority } from './vocabulary.ts';

export const INCIDENT_CAPS = {
  narrativeChars: 4_000,
  reasonChars: 300,
  narratives: 300,
  assignments: 60,
  referrals: 30,
  links: 40,
  alarms: 50,
} as const;

/** What somebody wrote about it. Never changed: a later one may say that it corrects an earlier one. */
export interface Narrative {
  readonly id: string;
  readonly atMs: number;
  readonly by: string;
  readonly text: string;
  readonly corrects: string | null;
}

/** Handing it, or a part, to another agency (derivación). */
export interface Referral {
  readonly id: string;
  readonly agency: Agency;
  readonly atMs: number;
  readonly by: string;
  readonly note: string;
  readonly answer: ReferralAnswer | null;
}

/** Who took it there, under which number of theirs, or why they did not. */
export type ReferralAnswer =
  | { readonly kind: 'taken'; readonly atMs: number; readonly takenBy: string; readonly reference: string }
  | { readonly kind: 'declined'; readonly atMs: number; readonly takenBy: string; readonly reason: string };

/** An alarm of a camera that this incident came of, or that was found to belong to it. */
export interface IncidentAlarm {
  readonly alarmId: string;
  readonly cameraId: string;
  /** A kind of `AlarmKind` (libs/wire) as it was named then. */
  readonly alarmKind: string;
  readonly startedAtMs: number;
}

export const LINK_RELATIONS = ['related', 'parent', 'child'] as const;
/** What the *other* incident is to this one. */
export type LinkRelation = (typeof LINK_RELATIONS)[number];

export interface IncidentLink {
  readonly incidentId: string;
  readonly relation: LinkRelation;
}

/** A type as it was when the incident was classified: later edits of the catalogue do not change the past. */
export interface Classification {
  readonly typeCode: string;
  readonly group: IncidentGroup;
  readonly masked: boolean;
  readonly video: boolean;
  readonly edan: boolean;
}

/** What goes on with an incident, and what ends each. */
export type IncidentLife =
  /** Ended by `control`, `close`, `dismiss` or `merge`. */
  | { readonly kind: 'open' }
  /** The danger is over, somebody still works. Ended by `close`, or by `reopen`. */
  | { readonly kind: 'controlled'; readonly atMs: number; readonly by: string }
  /** Ended by `reopen`. */
  | {
      readonly kind: 'closed';
      readonly atMs: number;
      readonly by: string;
      readonly disposition: Disposition;
      readonly controlledAtMs: number | null;
    }
  /** Ended by `reopen`. */
  | { readonly kind: 'dismissed'; readonly atMs: number; readonly by: string; readonly cause: DismissalCause }
  /** Final: everything goes on under the survivor. */
  | { readonly kind: 'merged'; readonly atMs: number; readonly by: string; readonly survivorId: string };

/** We respond (incidencia). One report or many, one place, one record. */
export interface Incident {
  readonly id: string;
  /** What people call it by, `2026-000123`. */
  readonly code: string;
  readonly channel: Channel;
  /** The camera whose alarm opened it. */
  readonly cameraId: string | null;
  /** t_call: the first report. At or before `openedAtMs`. */
  readonly callAtMs: number;
  /** When the first of it was registered; a merge takes the earlier of the two. */
  readonly openedAtMs: number;
  readonly openedBy: string;
  /** Of the last event folded in. Never goes back. */
  readonly updatedAtMs: number;
  readonly classification: Classification | null;
  readonly classifiedAtMs: number | null;
  readonly priority: Priority | null;
  readonly place: IncidentPlace | null;
  readonly calls: readonly Call[];
  readonly narratives: readonly Narrative[];
  readonly assignments: readonly Assignment[];
  readonly referrals: readonly Referral[];
  readonly links: readonly IncidentLink[];
  /** Left out while there is none: incidents of earlier versions know the word not. */
  readonly alarms?: readonly IncidentAlarm[];
  /** Incidents merged into this one. Their calls and narratives are copied here. */
  readonly absorbedIds: readonly string[];
  /** Hidden by hand, whatever its type (a minor is involved). */
  readonly maskedByHand: boolean;
  readonly backup: { readonly atMs: number; readonly by: string; readonly note: string } | null;
  readonly reopenings: readonly { readonly atMs: number; readonly by: string; readonly reason: string }[];
  readonly life: IncidentLife;
}

/** Statuses as people say them (domain.md 2.4): Registrado, Clasificado, Derivado, Asignado, En camino, … */
export const INCIDENT_STATUSES = [
  'registered',
  'classified',
  'referred',
  'reopened',
  'assigned',
  'en-route',
  'on-scene',
  'controlled',
  'closed',
  'dismissed',
  'merged',
] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export function isMasked(incident: Incident): boolean {
  return incident.maskedByHand || incident.classification?.masked === true;
}

/** Open or controlled: work may go on. */
export function isLive(incident: Incident): boolean {
  return incident.life.kind === 'open' || incident.life.kind === 'controlled';
}

export function activeAssignments(incident: Incident): readonly Assignment[] {
  return incident.assignments.filter((assignment) => assignment.end === null);
}

/** The one word for a board: how far the furthest unit is, or what is waited for. */
export function statusOf(incident: Incident): IncidentStatus {
  if (incident.life.kind !== 'open') return incident.life.kind;
  const furthest = Math.max(-1, ...activeAssignments(incident).map(({ phase }) => phaseIndex(phase)));
  if (furthest >= phaseIndex('on-scene')) return 'on-scene';
  if (furthest >= phaseIndex('en-route')) return 'en-route';
  if (furthest >= 0) return 'assigned';
  if (incident.referrals.some((referral) => referral.answer?.kind === 'taken')) return 'referred';
  if (incident.reopenings.length > 0) return 'reopened';
  return incident.classification === null ? 'registered' : 'classified';
}
