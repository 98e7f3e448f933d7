import { ok, type Result } from '#libs/base';
import { lastReachedMs, phaseIndex, type Assignment, type AssignmentPhase } from './assignment.ts';
import type { Board } from './board.ts';
import { canAssign, excuseMissing, type Assignable } from './can-assign.ts';
import type { CommandOf } from './commands.ts';
import type { DecisionContext } from './context.ts';
import type { DispatchEvent, EventOf } from './events.ts';
import { knownUnit, live, reasoned, remark, stampMs } from './guards.ts';
import { INCIDENT_CAPS, activeAssignments, type Incident } from './incident.ts';
import { no } from './refusals.ts';
import type { Unit } from './unit.ts';

type Decision = Result<readonly DispatchEvent[]>;

const MAX_DESTINATION_CHARS = 120;

/** Sends a unit. Of two operators who want the same unit at once, the second is told who has it (`unit-busy`). */
export function assign(board: Board, command: CommandOf<'assign'>, context: DecisionContext): Decision {
  const found = live(board, command.incidentId);
  if (!found.ok) return found;
  const unit = knownUnit(board, command.unitId);
  if (!unit.ok) return unit;
  const ready = checkReady(found.value);
  if (!ready.ok) return ready;
  const type = context.catalogue.typeOf(found.value.classification?.typeCode ?? '');
  const able = canAssign(unit.value, found.value, context.roll, context.nowMs, context.rules, type);
  if (!able.ok) return able;
  if (able.value.preempts !== null && command.preempt !== true) return busyButPreemptable(unit.value);
  const excuse = excuseFor(command, able.value, unit.value);
  return excuse.ok ? ok(made(board, command, context, found.value, unit.value, able.value, excuse.value)) : excuse;
}

function checkReady(incident: Incident): Result<null> {
  if (incident.classification === null || incident.priority === null)
    return no('incident-not-classified', 'an incident is classified before a unit is sent');
  if (incident.place === null) return no('incident-without-place', 'a unit is sent to a place');
  if (incident.assignments.length >= INCIDENT_CAPS.assignments)
    return no('assignments-full', `an incident has at most ${INCIDENT_CAPS.assignments} assignments`);
  return ok(null);
}

function busyButPreemptable({ id, callSign, state }: Unit): Result<never> {
  const incidentId = state.kind === 'assigned' ? state.incidentId : null;
  return no('unit-busy', `${callSign} attends an incident of lower priority`, {
    unitId: id,
    incidentId,
    mayPreempt: true,
  });
}

/** The reason for setting soft rules aside, when there is something to set aside. */
function excuseFor(command: CommandOf<'assign'>, able: Assignable, unit: Unit): Result<string> {
  const reason = command.overrideReason ?? '';
  const missing = excuseMissing(able, unit, reason);
  if (missing !== null) return { ok: false, refusal: missing };
  return able.soft.length === 0 ? ok('') : reasoned(reason, 'override-needs-reason');
}

function made(
  board: Board,
  command: CommandOf<'assign'>,
  context: DecisionContext,
  incident: Incident,
  unit: Unit,
  able: Assignable,
  reason: string,
): DispatchEvent[] {
  const left = able.preempts === null ? undefined : board.incident(able.preempts);
  const atMs = stampMs(context, incident, unit, ...(left ? [left] : []));
  const stamp = { atMs, by: context.by, unitId: unit.id };
  const events: DispatchEvent[] = [];
  if (unit.state.kind === 'assigned') {
    const { incidentId, assignmentId } = unit.state;
    events.push({
      kind: 'assignment:ended',
      ...stamp,
      incidentId,
      assignmentId,
      cause: 'preempted',
      reason: incident.code,
    });
  }
  const override = able.soft.length === 0 ? null : { codes: able.soft, reason };
  const { incidentId, assignmentId } = command;
  const priority = incident.priority ?? 'P1';
  return [...events, { kind: 'assignment:made', ...stamp, incidentId, assignmentId, priority, override }];
}

export function acknowledgeAssignment(
  board: Board,
  command: CommandOf<'acknowledgeAssignment'>,
  context: DecisionContext,
): Decision {
  const found = activeOf(board, command.incidentId, command.unitId);
  if (!found.ok) return found;
  if (found.value.assignment.phase !== 'assigned')
    return no('assignment-already-acknowledged', 'the unit has acknowledged already');
  return advanced(found.value, 'acknowledged', command.happenedAtMs, '', context);
}

export function enRoute(board: Board, command: CommandOf<'enRoute'>, context: DecisionContext): Decision {
  return advance(board, command, 'en-route', '', context);
}

export function arrive(board: Board, command: CommandOf<'arrive'>, context: DecisionContext): Decision {
  return advance(board, command, 'on-scene', '', context);
}

export function transport(board: Board, command: CommandOf<'transport'>, context: DecisionContext): Decision {
  const destination = remark(command.destination, MAX_DESTINATION_CHARS);
  return destination.ok ? advance(board, command, 'transporting', destination.value, context) : destination;
}

export function reachStation(board: Board, command: CommandOf<'reachStation'>, context: DecisionContext): Decision {
  return advance(board, command, 'at-station', '', context);
}

interface Active {
  readonly incident: Incident;
  readonly unit: Unit;
  readonly assignment: Assignment;
}

function activeOf(board: Board, incidentId: string, unitId: string): Result<Active> {
  const found = live(board, incidentId);
  if (!found.ok) return found;
  const unit = board.unit(unitId);
  if (!unit) return no('unit-unknown', 'no such unit', { unitId });
  const assignment = activeAssignments(found.value).find((one) => one.unitId === unitId);
  if (!assignment)
    return no('assignment-unknown', `${unit.callSign} is not with this incident`, { incidentId, unitId });
  return ok({ incident: found.value, unit, assignment });
}

interface Reported {
  readonly incidentId: string;
  readonly unitId: string;
  readonly happenedAtMs?: number | undefined;
}

/** Phases may be skipped (a unit next door arrives before it says that it goes), never gone back to. */
function advance(
  board: Board,
  command: Reported,
  phase: AssignmentPhase,
  destination: string,
  context: DecisionContext,
): Decision {
  const found = activeOf(board, command.incidentId, command.unitId);
  if (!found.ok) return found;
  if (phaseIndex(phase) <= phaseIndex(found.value.assignment.phase))
    return no('assignment-phase-passed', `the unit is ${found.value.assignment.phase} already`, { phase });
  if (phaseIndex(phase) > phaseIndex('on-scene') && found.value.assignment.reachedAtMs['on-scene'] === undefined)
    return no('assignment-phase-not-reached', 'the unit was not on the scene yet', { phase });
  return advanced(found.value, phase, command.happenedAtMs, destination, context);
}

function advanced(
  { incident, unit, assignment }: Active,
  phase: AssignmentPhase,
  happenedAtMs: number | undefined,
  destination: string,
  context: DecisionContext,
): Decision {
  const atMs = stampMs(context, incident, unit);
  const reached = reachedMs(happenedAtMs, assignment, atMs, context);
  if (!reached.ok) return reached;
  const of = { incidentId: incident.id, unitId: unit.id, assignmentId: assignment.id, atMs, by: context.by };
  return ok([{ kind: 'assignment:advanced', ...of, phase, reachedAtMs: reached.value, destination }]);
}

/** When a phase was reached: now, or as a late report says, between the phase before and now. */
function reachedMs(
  happenedAtMs: number | undefined,
  assignment: Assignment,
  atMs: number,
  { rules }: DecisionContext,
): Result<number> {
  if (happenedAtMs === undefined) return ok(atMs);
  if (happenedAtMs > atMs + rules.maxClockErrorMs) return no('time-in-future', 'it cannot have happened after now');
  if (happenedAtMs < atMs - rules.maxLateReportMs) return no('time-too-old', 'too long ago to be reported like this');
  const earliestMs = lastReachedMs(assignment);
  if (happenedAtMs < earliestMs)
    return no('time-out-of-order', 'an earlier phase was reached later than that', { earliestMs });
  return ok(Math.min(happenedAtMs, atMs));
}

/** The unit is done and free again. */
export function clear(board: Board, command: CommandOf<'clear'>, context: DecisionContext): Decision {
  const found = activeOf(board, command.incidentId, command.unitId);
  if (!found.ok) return found;
  if (phaseIndex(found.value.assignment.phase) < phaseIndex('on-scene'))
    return no('assignment-phase-not-reached', 'a unit that was not there is withdrawn, not cleared');
  const note = remark(command.note);
  return note.ok ? ok([ended(found.value, 'cleared', note.value, context)]) : note;
}

/** The dispatcher takes the unit off. */
export function withdraw(board: Board, command: CommandOf<'withdraw'>, context: DecisionContext): Decision {
  return endedWithReason(board, command, 'withdrawn', context);
}

/** The crew says that it cannot. */
export function decline(board: Board, command: CommandOf<'decline'>, context: DecisionContext): Decision {
  const found = activeOf(board, command.incidentId, command.unitId);
  if (found.ok && phaseIndex(found.value.assignment.phase) >= phaseIndex('on-scene'))
    return no('assignment-phase-passed', 'a unit that is there does not decline');
  return endedWithReason(board, command, 'declined', context);
}

function endedWithReason(
  board: Board,
  command: CommandOf<'withdraw' | 'decline'>,
  cause: 'withdrawn' | 'declined',
  context: DecisionContext,
): Decision {
  const found = activeOf(board, command.incidentId, command.unitId);
  if (!found.ok) return found;
  const reason = reasoned(command.reason);
  return reason.ok ? ok([ended(found.value, cause, reason.value, context)]) : reason;
}

function ended(
  { incident, unit, assignment }: Active,
  cause: EventOf<'assignment:ended'>['cause'],
  reason: string,
  context: DecisionContext,
): DispatchEvent {
  const of = { incidentId: incident.id, unitId: unit.id, assignmentId: assignment.id };
  return { kind: 'assignment:ended', ...of, atMs: stampMs(context, incident, unit), by: context.by, cause, reason };
}

/** A button pressed by mistake: the phase is set back, and its time is forgotten. */
export function correctStatus(board: Board, command: CommandOf<'correctStatus'>, context: DecisionContext): Decision {
  const found = activeOf(board, command.incidentId, command.unitId);
  if (!found.ok) return found;
  const { incident, unit, assignment } = found.value;
  if (phaseIndex(command.phase) >= phaseIndex(assignment.phase))
    return no('assignment-phase-not-reached', 'a correction goes back to an earlier phase', { phase: command.phase });
  const reason = reasoned(command.reason);
  if (!reason.ok) return reason;
  const of = { incidentId: incident.id, unitId: unit.id, assignmentId: assignment.id, by: context.by };
  const atMs = stampMs(context, incident, unit);
  return ok([{ kind: 'assignment:corrected', ...of, atMs, phase: command.phase, reason: reason.value }]);
}
