import type { GeoPoint } from '#libs/geo';
import type { AssignmentEndCause, AssignmentPhase } from './assignment.ts';
import type { Call } from './call.ts';
import type { Classification, IncidentAlarm, LinkRelation, Narrative } from './incident.ts';
import type { IncidentPlace } from './place.ts';
import type { StrayEnd, StrayKind } from './stray.ts';
import type { CrewMember, FreeStatus, UnitProfile } from './unit.ts';
import type { Agency, Channel, DismissalCause, Disposition, Priority } from './vocabulary.ts';

/** On every event. `atMs` is the server's clock when it was decided; it never goes back within one incident or unit. */
interface Stamp {
  readonly atMs: number;
  /** Account that did it. */
  readonly by: string;
}
interface OfIncident extends Stamp {
  readonly incidentId: string;
}
interface OfAssignment extends OfIncident {
  readonly unitId: string;
  readonly assignmentId: string;
}
interface OfUnit extends Stamp {
  readonly unitId: string;
}
interface OfStray extends OfUnit {
  readonly strayKind: StrayKind;
  readonly sectorId: string;
}

/**
 * What happened. Every event holds all that folding it needs, apart from the incidents and units that it names, so that
 * the state can be rebuilt from the ledger alone.
 */
export type DispatchEvent =
  | (OfIncident & {
      readonly kind: 'incident:opened';
      readonly code: string;
      readonly channel: Channel;
      readonly cameraId: string | null;
      readonly callAtMs: number;
      readonly place: IncidentPlace | null;
    })
  | (OfIncident & { readonly kind: 'incident:callAdded'; readonly call: Call })
  | (OfIncident & {
      readonly kind: 'incident:classified';
      readonly classification: Classification;
      readonly priority: Priority;
      /** Why not the priority of the type; empty when it is. */
      readonly reason: string;
    })
  | (OfIncident & { readonly kind: 'incident:prioritySet'; readonly priority: Priority; readonly reason: string })
  | (OfIncident & { readonly kind: 'incident:relocated'; readonly place: IncidentPlace })
  | (OfIncident & { readonly kind: 'incident:narrated'; readonly narrative: Narrative })
  | (OfIncident & { readonly kind: 'incident:masked'; readonly reason: string })
  /** The mask put on by hand was taken off for everybody. */
  | (OfIncident & { readonly kind: 'incident:maskLifted'; readonly reason: string })
  /** One person was shown what the mask hides. Changes no state: it is there to be seen. */
  | (OfIncident & { readonly kind: 'incident:unmasked'; readonly reason: string; readonly untilMs: number })
  | (OfIncident & { readonly kind: 'incident:linked'; readonly otherId: string; readonly relation: LinkRelation })
  | (OfIncident & { readonly kind: 'incident:unlinked'; readonly otherId: string })
  | (OfIncident & { readonly kind: 'incident:alarmLinked' } & IncidentAlarm)
  /** `incidentId` goes on under `survivorId`, with its active units. */
  | (OfIncident & { readonly kind: 'incident:merged'; readonly survivorId: string })
  | (OfIncident & { readonly kind: 'incident:backupRequested'; readonly note: string })
  | (OfIncident & {
      readonly kind: 'incident:referred';
      readonly referralId: string;
      readonly agency: Agency;
      readonly note: string;
    })
  | (OfIncident & {
      readonly kind: 'incident:referralTaken';
      readonly referralId: string;
      readonly takenBy: string;
      readonly reference: string;
    })
  | (OfIncident & {
      readonly kind: 'incident:referralDeclined';
      readonly referralId: string;
      readonly takenBy: string;
      readonly reason: string;
    })
  | (OfIncident & { readonly kind: 'incident:controlled' })
  | (OfIncident & { readonly kind: 'incident:closed'; readonly disposition: Disposition; readonly note: string })
  | (OfIncident & { readonly kind: 'incident:dismissed'; readonly cause: DismissalCause; readonly note: string })
  | (OfIncident & { readonly kind: 'incident:reopened'; readonly reason: string })
  /** The record of a closed incident was put right without opening it. */
  | (OfIncident & {
      readonly kind: 'incident:amended';
      readonly reason: string;
      readonly classification: Classification | null;
      readonly priority: Priority | null;
      readonly disposition: Disposition | null;
    })
  | (OfAssignment & {
      readonly kind: 'assignment:made';
      readonly priority: Priority;
      readonly override: { readonly codes: readonly string[]; readonly reason: string } | null;
    })
  | (OfAssignment & {
      readonly kind: 'assignment:advanced';
      readonly phase: AssignmentPhase;
      /** When it was so; a person without coverage tells later. */
      readonly reachedAtMs: number;
      readonly destination: string;
    })
  /** A phase said by mistake was taken back: later phases did not happen. */
  | (OfAssignment & { readonly kind: 'assignment:corrected'; readonly phase: AssignmentPhase; readonly reason: string })
  | (OfAssignment & {
      readonly kind: 'assignment:ended';
      readonly cause: Exclude<AssignmentEndCause, 'moved'>;
      readonly reason: string;
    })
  | (OfUnit & { readonly kind: 'unit:registered'; readonly profile: UnitProfile })
  | (OfUnit & { readonly kind: 'unit:changed'; readonly profile: UnitProfile })
  | (OfUnit & { readonly kind: 'unit:retired'; readonly reason: string })
  | (OfUnit & {
      readonly kind: 'unit:dutyStarted';
      readonly shiftId: string | null;
      readonly crew: readonly CrewMember[];
      readonly startKm: number | null;
      /** Why somebody who is not on the roster; empty when all are. */
      readonly reason: string;
    })
  | (OfUnit & { readonly kind: 'unit:dutyEnded'; readonly endKm: number | null })
  | (OfUnit & { readonly kind: 'unit:statusChanged'; readonly status: FreeStatus; readonly reason: string })
  | (OfUnit & { readonly kind: 'unit:checkedIn' })
  | (OfUnit & { readonly kind: 'unit:sosRaised'; readonly point: GeoPoint | null })
  | (OfUnit & { readonly kind: 'unit:sosAcknowledged' })
  | (OfUnit & { readonly kind: 'unit:sosResolved'; readonly outcome: string })
  /** Found by the centre from positions: `sinceMs` is the first of them. */
  | (OfStray & { readonly kind: 'unit:strayed'; readonly sinceMs: number })
  | (OfStray & { readonly kind: 'unit:strayAcknowledged' })
  | (OfStray & { readonly kind: 'unit:strayEnded'; readonly cause: StrayEnd });

export type DispatchEventKind = DispatchEvent['kind'];

/** Every kind, for readers of the ledger that check what they read. */
export const DISPATCH_EVENT_KINDS = [
  'incident:opened',
  'incident:callAdded',
  'incident:classified',
  'incident:prioritySet',
  'incident:relocated',
  'incident:narrated',
  'incident:masked',
  'incident:maskLifted',
  'incident:unmasked',
  'incident:linked',
  'incident:unlinked',
  'incident:alarmLinked',
  'incident:merged',
  'incident:backupRequested',
  'incident:referred',
  'incident:referralTaken',
  'incident:referralDeclined',
  'incident:controlled',
  'incident:closed',
  'incident:dismissed',
  'incident:reopened',
  'incident:amended',
  'assignment:made',
  'assignment:advanced',
  'assignment:corrected',
  'assignment:ended',
  'unit:registered',
  'unit:changed',
  'unit:retired',
  'unit:dutyStarted',
  'unit:dutyEnded',
  'unit:statusChanged',
  'unit:checkedIn',
  'unit:sosRaised',
  'unit:sosAcknowledged',
  'unit:sosResolved',
  'unit:strayed',
  'unit:strayAcknowledged',
  'unit:strayEnded',
] as const satisfies readonly DispatchEventKind[];

export type EventOf<K extends DispatchEventKind> = Extract<DispatchEvent, { readonly kind: K }>;
