import {
  clocksOf,
  isMasked,
  type Agency,
  type Assignment,
  type AssignmentEndCause,
  type DismissalCause,
  type Disposition,
  type Incident,
  type IncidentLife,
  type Priority,
} from '#libs/dispatch';

export type LifeKind = IncidentLife['kind'];

/**
 * What reports count of an incident: no name, no phone, no text. Times are milliseconds after the call; `null` is a step that
 * did not happen (or is not known), of the first unit to reach it.
 */
export interface IncidentFigure {
  readonly incidentId: string;
  readonly callAtMs: number;
  readonly priority: Priority | null;
  readonly typeCode: string | null;
  readonly typeGroup: string | null;
  readonly sectorId: string | null;
  readonly channel: string;
  readonly masked: boolean;
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
  readonly life: LifeKind;
  readonly disposition: Disposition | null;
  readonly dismissal: DismissalCause | null;
  readonly referred: boolean;
  readonly openedMs: number;
  readonly dispatchedMs: number | null;
  readonly acknowledgedMs: number | null;
  readonly enRouteMs: number | null;
  readonly arrivedMs: number | null;
  /** When another agency first took it. */
  readonly referralTakenMs: number | null;
  /** When it was controlled, closed, dismissed or merged; `null` while it is open. */
  readonly endedMs: number | null;
  readonly closedMs: number | null;
}

/** A hand-over to another agency, and who took it. */
export interface ReferralFigure {
  readonly referralId: string;
  readonly incidentId: string;
  readonly callAtMs: number;
  readonly agency: Agency;
  readonly answer: 'taken' | 'declined' | null;
  /** From told to answered. */
  readonly answerMs: number | null;
  readonly takenBy: string | null;
}

/** One unit at one incident. */
export interface AttendanceFigure {
  readonly assignmentId: string;
  readonly incidentId: string;
  readonly unitId: string;
  readonly assignedAtMs: number;
  readonly arrivedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly endCause: AssignmentEndCause | null;
}

export function figureOf(incident: Incident): IncidentFigure {
  const { callAtMs, classification, place, life } = incident;
  const clocks = clocksOf(incident);
  const after = (atMs: number | null): number | null => (atMs === null ? null : atMs - callAtMs);
  return {
    incidentId: incident.id,
    callAtMs,
    priority: incident.priority,
    typeCode: classification?.typeCode ?? null,
    typeGroup: classification?.group ?? null,
    sectorId: place?.sectorId ?? null,
    channel: incident.channel,
    masked: isMasked(incident),
    latitudeDeg: place?.point?.latitudeDeg ?? null,
    longitudeDeg: place?.point?.longitudeDeg ?? null,
    life: life.kind,
    disposition: life.kind === 'closed' ? life.disposition : null,
    dismissal: life.kind === 'dismissed' ? life.cause : null,
    referred: incident.referrals.length > 0,
    openedMs: incident.openedAtMs - callAtMs,
    dispatchedMs: after(clocks.dispatchedAtMs),
    acknowledgedMs: after(clocks.acknowledgedAtMs),
    enRouteMs: after(clocks.enRouteAtMs),
    arrivedMs: after(clocks.arrivedAtMs),
    referralTakenMs: after(firstTakenMs(incident)),
    endedMs: life.kind === 'open' ? null : life.atMs - callAtMs,
    closedMs: after(clocks.closedAtMs),
  };
}

function firstTakenMs({ referrals }: Incident): number | null {
  const taken = referrals.flatMap(({ answer }) => (answer?.kind === 'taken' ? [answer.atMs] : []));
  return taken.length === 0 ? null : Math.min(...taken);
}

/** Referrals of an incident; those of one that was merged stay with it. */
export function referralsOf({ id, callAtMs, referrals }: Incident): ReferralFigure[] {
  return referrals.map(({ id: referralId, agency, atMs, answer }) => ({
    referralId,
    incidentId: id,
    callAtMs,
    agency,
    answer: answer?.kind ?? null,
    answerMs: answer === null ? null : answer.atMs - atMs,
    takenBy: answer?.takenBy ?? null,
  }));
}

/** Who went. What went on under the survivor of a merge is told there alone. */
export function attendancesOf({ id, assignments }: Incident): AttendanceFigure[] {
  return assignments.filter(({ end }) => end?.cause !== 'moved').map((assignment) => attendanceOf(id, assignment));
}

function attendanceOf(incidentId: string, { id, unitId, reachedAtMs, end }: Assignment): AttendanceFigure {
  return {
    assignmentId: id,
    incidentId,
    unitId,
    assignedAtMs: reachedAtMs.assigned ?? 0,
    arrivedAtMs: reachedAtMs['on-scene'] ?? null,
    endedAtMs: end?.atMs ?? null,
    endCause: end?.cause ?? null,
  };
}
