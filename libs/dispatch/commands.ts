import type { GeoPoint } from '#libs/geo';
import type { AssignmentPhase } from './assignment.ts';
import type { Call } from './call.ts';
import type { IncidentAlarm, LinkRelation } from './incident.ts';
import type { IncidentPlace } from './place.ts';
import type { StrayEnd, StrayKind } from './stray.ts';
import type { CrewMember, FreeStatus, UnitProfile } from './unit.ts';
import type { Agency, Channel, DismissalCause, Disposition, Priority } from './vocabulary.ts';

interface ToIncident {
  readonly incidentId: string;
}
interface ToAssignment extends ToIncident {
  readonly unitId: string;
}
interface Reported extends ToAssignment {
  /** When it happened, if it is told later than it happened. */
  readonly happenedAtMs?: number | undefined;
}
interface ToUnit {
  readonly unitId: string;
}
interface OfStray extends ToUnit {
  readonly strayKind: StrayKind;
  readonly sectorId: string;
}

/** What somebody asks for. Ids of new things are made by the caller, so that the same command twice is one. */
export type DispatchCommand =
  | (ToIncident & {
      readonly kind: 'openIncident';
      readonly code: string;
      readonly channel: Channel;
      readonly cameraId?: string | undefined;
      readonly call?: Call | undefined;
      readonly typeCode?: string | undefined;
      readonly priority?: Priority | undefined;
      readonly priorityReason?: string | undefined;
      readonly place?: IncidentPlace | undefined;
      readonly narrative?: { readonly id: string; readonly text: string } | undefined;
      /** The alarm that it came of. Its camera is the incident's. */
      readonly alarm?: IncidentAlarm | undefined;
    })
  | (ToIncident & { readonly kind: 'addCall'; readonly call: Call })
  | (ToIncident & {
      readonly kind: 'classify';
      readonly typeCode: string;
      /** Instead of the type's own, with a reason. */
      readonly priority?: Priority | undefined;
      readonly reason?: string | undefined;
    })
  | (ToIncident & { readonly kind: 'setPriority'; readonly priority: Priority; readonly reason: string })
  | (ToIncident & { readonly kind: 'relocate'; readonly place: IncidentPlace })
  | (ToIncident & {
      readonly kind: 'addNarrative';
      readonly narrativeId: string;
      readonly text: string;
      readonly corrects?: string | undefined;
    })
  | (ToIncident & { readonly kind: 'mask'; readonly reason: string })
  | (ToIncident & { readonly kind: 'liftMask'; readonly reason: string })
  | (ToIncident & { readonly kind: 'unmask'; readonly reason: string; readonly forMs: number })
  | (ToIncident & { readonly kind: 'link'; readonly otherId: string; readonly relation: LinkRelation })
  | (ToIncident & { readonly kind: 'unlink'; readonly otherId: string })
  | (ToIncident & { readonly kind: 'linkAlarm'; readonly alarm: IncidentAlarm })
  | (ToIncident & { readonly kind: 'merge'; readonly survivorId: string; readonly moveUnits: boolean })
  | (ToIncident & { readonly kind: 'requestBackup'; readonly note: string })
  | (ToIncident & {
      readonly kind: 'refer';
      readonly referralId: string;
      readonly agency: Agency;
      readonly note: string;
    })
  | (ToIncident & {
      readonly kind: 'referralTaken';
      readonly referralId: string;
      readonly takenBy: string;
      readonly reference: string;
    })
  | (ToIncident & {
      readonly kind: 'referralDeclined';
      readonly referralId: string;
      readonly takenBy: string;
      readonly reason: string;
    })
  | (ToIncident & { readonly kind: 'control' })
  | (ToIncident & { readonly kind: 'close'; readonly disposition: Disposition; readonly note: string })
  | (ToIncident & { readonly kind: 'dismiss'; readonly cause: DismissalCause; readonly note: string })
  | (ToIncident & { readonly kind: 'reopen'; readonly reason: string })
  | (ToIncident & {
      readonly kind: 'amend';
      readonly reason: string;
      readonly typeCode?: string | undefined;
      readonly priority?: Priority | undefined;
      readonly disposition?: Disposition | undefined;
    })
  | (ToAssignment & {
      readonly kind: 'assign';
      readonly assignmentId: string;
      /** Takes the unit from an incident of lower priority. */
      readonly preempt?: boolean | undefined;
      /** Sets soft rules aside: rest, meal, off duty, alone on foot. */
      readonly overrideReason?: string | undefined;
    })
  | (Reported & { readonly kind: 'acknowledgeAssignment' })
  | (Reported & { readonly kind: 'enRoute' })
  | (Reported & { readonly kind: 'arrive' })
  | (Reported & { readonly kind: 'transport'; readonly destination: string })
  | (Reported & { readonly kind: 'reachStation' })
  | (ToAssignment & { readonly kind: 'clear'; readonly note: string })
  | (ToAssignment & { readonly kind: 'withdraw'; readonly reason: string })
  | (ToAssignment & { readonly kind: 'decline'; readonly reason: string })
  | (ToAssignment & { readonly kind: 'correctStatus'; readonly phase: AssignmentPhase; readonly reason: string })
  | (ToUnit & { readonly kind: 'registerUnit'; readonly profile: UnitProfile })
  | (ToUnit & { readonly kind: 'changeUnit'; readonly profile: UnitProfile })
  | (ToUnit & { readonly kind: 'retireUnit'; readonly reason: string })
  | (ToUnit & {
      readonly kind: 'startDuty';
      readonly shiftId: string | null;
      readonly crew: readonly CrewMember[];
      readonly startKm: number | null;
      readonly overrideReason?: string | undefined;
    })
  | (ToUnit & { readonly kind: 'endDuty'; readonly endKm: number | null })
  | (ToUnit & { readonly kind: 'setUnitStatus'; readonly status: FreeStatus; readonly reason: string })
  | (ToUnit & { readonly kind: 'checkIn' })
  | (ToUnit & { readonly kind: 'raiseSos'; readonly point: GeoPoint | null })
  | (ToUnit & { readonly kind: 'acknowledgeSos' })
  | (ToUnit & { readonly kind: 'resolveSos'; readonly outcome: string })
  | (OfStray & { readonly kind: 'raiseStray'; readonly sinceMs: number })
  | (OfStray & { readonly kind: 'acknowledgeStray' })
  | (OfStray & { readonly kind: 'endStray'; readonly cause: StrayEnd });

export type DispatchCommandKind = DispatchCommand['kind'];
export type CommandOf<K extends DispatchCommandKind> = Extract<DispatchCommand, { readonly kind: K }>;

/** Ids of incidents and units that a decision reads. See {@link readBy}. */
export interface Reads {
  readonly incidentIds: readonly string[];
  readonly unitIds: readonly string[];
}

/**
 * What a command names. Lock these rows, in the order of their ids, before deciding; then also the units with an active
 * assignment of the incidents (a merge moves them) and the incident that a named unit attends (a preemption ends it).
 */
export function readBy(command: DispatchCommand): Reads {
  const incidentIds = new Set<string>();
  if ('incidentId' in command) incidentIds.add(command.incidentId);
  if ('otherId' in command) incidentIds.add(command.otherId);
  if ('survivorId' in command) incidentIds.add(command.survivorId);
  return { incidentIds: [...incidentIds].sort(), unitIds: 'unitId' in command ? [command.unitId] : [] };
}
