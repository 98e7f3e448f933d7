import type { Priority } from './vocabulary.ts';

/**
 * How far a unit is with an incident (domain.md 2.4), in order. `transporting` and `at-station` are for those it takes to
 * a comisaría or a hospital.
 */
export const ASSIGNMENT_PHASES = [
  'assigned',
  'acknowledged',
  'en-route',
  'on-scene',
  'transporting',
  'at-station',
] as const;
export type AssignmentPhase = (typeof ASSIGNMENT_PHASES)[number];

export function phaseIndex(phase: AssignmentPhase): number {
  return ASSIGNMENT_PHASES.indexOf(phase);
}

export const ASSIGNMENT_END_CAUSES = ['cleared', 'withdrawn', 'declined', 'preempted', 'moved'] as const;
/**
 * `cleared` done; `withdrawn` by the dispatcher; `declined` by the unit; `preempted` taken for something graver; `moved`
 * went on under the incident that this one was merged into.
 */
export type AssignmentEndCause = (typeof ASSIGNMENT_END_CAUSES)[number];

export interface AssignmentEnd {
  readonly cause: AssignmentEndCause;
  readonly atMs: number;
  readonly by: string;
  readonly reason: string;
}

/** One unit sent to one incident (asignación). */
export interface Assignment {
  readonly id: string;
  readonly unitId: string;
  /** As it was when the unit was sent. */
  readonly priority: Priority;
  readonly by: string;
  readonly phase: AssignmentPhase;
  /** When each phase was reached. Phases that were skipped have no time. `assigned` always has one. */
  readonly reachedAtMs: Readonly<Partial<Record<AssignmentPhase, number>>>;
  /** Soft rules that were set aside, with the reason given. */
  readonly override: { readonly codes: readonly string[]; readonly reason: string } | null;
  /** Where it takes somebody. */
  readonly destination: string;
  /** `null` while the unit is with the incident. */
  readonly end: AssignmentEnd | null;
}

/** The last moment that something was said about it: reports of earlier moments are out of order. */
export function lastReachedMs(assignment: Assignment): number {
  return Math.max(...Object.values(assignment.reachedAtMs));
}

/** When it had reached `phase` at the latest: a skipped phase was passed when the next known one was reached. */
export function reachedByMs(assignment: Assignment, phase: AssignmentPhase): number | null {
  for (const later of ASSIGNMENT_PHASES.slice(phaseIndex(phase))) {
    const atMs = assignment.reachedAtMs[later];
    if (atMs !== undefined) return atMs;
  }
  return null;
}
