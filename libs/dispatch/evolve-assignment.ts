import { ASSIGNMENT_PHASES, phaseIndex, reachedByMs, type Assignment, type AssignmentPhase } from './assignment.ts';
import type { BoardChange } from './board.ts';
import type { DispatchEventKind, EventOf } from './events.ts';
import type { Incident } from './incident.ts';
import type { Unit } from './unit.ts';

export type AssignmentEvent = EventOf<Extract<DispatchEventKind, `assignment:${string}`>>;

/** An assignment event changes the incident and the unit at once: neither ever knows more than the other. */
export function foldAssignment(incident: Incident, unit: Unit, event: AssignmentEvent): BoardChange {
  const before = incident.assignments.find(({ id }) => id === event.assignmentId);
  const after = event.kind === 'assignment:made' ? madeBy(event) : changed(before, event);
  const assignments = before
    ? incident.assignments.map((one) => (one === before ? after : one))
    : [...incident.assignments, after];
  return {
    incidents: [{ ...incident, assignments, ...life(incident, event), updatedAtMs: event.atMs }],
    units: [{ ...unit, ...unitChange(unit, after, event), updatedAtMs: event.atMs }],
  };
}

/** Sending one more unit to what was under control says that it is not. */
function life(incident: Incident, event: AssignmentEvent): Partial<Incident> {
  return event.kind === 'assignment:made' && incident.life.kind === 'controlled' ? { life: { kind: 'open' } } : {};
}

function madeBy(event: EventOf<'assignment:made'>): Assignment {
  return {
    id: event.assignmentId,
    unitId: event.unitId,
    priority: event.priority,
    by: event.by,
    phase: 'assigned',
    reachedAtMs: { assigned: event.atMs },
    override: event.override,
    destination: '',
    end: null,
  };
}

function changed(
  assignment: Assignment | undefined,
  event: Exclude<AssignmentEvent, EventOf<'assignment:made'>>,
): Assignment {
  if (!assignment) throw new Error(`assignment ${event.assignmentId} is not of the incident`);
  switch (event.kind) {
    case 'assignment:advanced': {
      const { phase, reachedAtMs, destination } = event;
      const reached = { ...assignment.reachedAtMs, [phase]: reachedAtMs };
      return { ...assignment, phase, reachedAtMs: reached, destination: destination || assignment.destination };
    }
    case 'assignment:corrected':
      return { ...assignment, phase: event.phase, reachedAtMs: reachedUpTo(assignment, event.phase) };
    case 'assignment:ended': {
      const { cause, atMs, by, reason } = event;
      return { ...assignment, end: { cause, atMs, by, reason } };
    }
  }
}

/** The times up to a phase. One that was skipped was passed, at the latest, when the next was reached. */
function reachedUpTo(assignment: Assignment, phase: AssignmentPhase): Assignment['reachedAtMs'] {
  const kept = ASSIGNMENT_PHASES.slice(0, phaseIndex(phase) + 1).flatMap((one) => {
    const atMs = assignment.reachedAtMs[one] ?? (one === phase ? reachedByMs(assignment, one) : null);
    return atMs === null ? [] : [[one, atMs] as const];
  });
  return Object.fromEntries(kept);
}

function unitChange(unit: Unit, assignment: Assignment, event: AssignmentEvent): Partial<Unit> {
  const { incidentId, atMs } = event;
  const attends = { kind: 'assigned', incidentId, assignmentId: assignment.id, priority: assignment.priority } as const;
  switch (event.kind) {
    case 'assignment:made':
      return { state: { ...attends, phase: 'assigned', sinceMs: atMs }, heardAtMs: atMs, ...countedIn(unit) };
    case 'assignment:advanced':
      return { state: { ...attends, phase: event.phase, sinceMs: event.reachedAtMs }, heardAtMs: atMs };
    case 'assignment:corrected':
      return { state: { ...attends, phase: event.phase, sinceMs: atMs } };
    case 'assignment:ended':
      return freed(unit, assignment, atMs);
  }
}

function countedIn({ duty }: Unit): Partial<Unit> {
  return duty === null ? {} : { duty: { ...duty, assignments: duty.assignments + 1 } };
}

/** Free again; available when somebody is on duty. Time worked is counted into the duty. */
function freed(unit: Unit, assignment: Assignment, atMs: number): Partial<Unit> {
  const busyMs = Math.max(0, atMs - (assignment.reachedAtMs.assigned ?? atMs));
  const duty = unit.duty === null ? null : { ...unit.duty, busyMs: unit.duty.busyMs + busyMs };
  const status = unit.duty === null ? 'out-of-service' : 'available';
  return { state: { kind: 'free', status, sinceMs: atMs }, clearedAtMs: atMs, heardAtMs: atMs, duty };
}
