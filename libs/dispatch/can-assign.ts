import { ok, type Refusal, type Result } from '#libs/base';
import { phaseIndex } from './assignment.ts';
import type { DutyRoll } from './context.ts';
import { activeAssignments, type Incident } from './incident.ts';
import { dispatchRefusal, no, type DispatchCode } from './refusals.ts';
import type { DispatchRules } from './rules.ts';
import type { IncidentType } from './incident-type.ts';
import { CALLABLE_STATUSES, READY_STATUSES, type Unit } from './unit.ts';
import { comparePriority } from './vocabulary.ts';

/** Soft rules: a dispatcher sets them aside with a reason, which is kept. */
export const SOFT_CODES = [
  'unit-off-duty',
  'unit-not-available',
  'unit-resting',
  'unit-kind-alone',
] as const satisfies readonly DispatchCode[];
export type SoftCode = (typeof SOFT_CODES)[number];

/** That a unit may be sent: at once, with excuses, or by taking it from something less grave. */
export interface Assignable {
  readonly soft: readonly SoftCode[];
  /** The incident that it has to be taken from. */
  readonly preempts: string | null;
}

/**
 * Whether a unit can be sent to an incident: the one place where "busy" is decided, seen from the unit (it attends
 * something) and from the incident (it has the unit already). Hard refusals: `unit-retired`, `unit-in-emergency`,
 * `unit-already-assigned`, `unit-busy`, `unit-without-crew`, `unit-not-available` (in maintenance). Soft ones are answered.
 */
export function canAssign(
  unit: Unit,
  incident: Incident,
  roll: DutyRoll | null,
  nowMs: number,
  rules: DispatchRules,
  type?: IncidentType,
): Result<Assignable> {
  if (unit.retiredAtMs !== null) return no('unit-retired', `${unit.callSign} was retired`, { unitId: unit.id });
  if (unit.sos !== null) return no('unit-in-emergency', `${unit.callSign} asks for help itself`, { unitId: unit.id });
  const busy = busyWith(unit, incident);
  if (!busy.ok) return busy;
  if (unit.state.kind === 'free' && unit.state.status === 'maintenance')
    return no('unit-not-available', `${unit.callSign} is in maintenance`, { unitId: unit.id, status: 'maintenance' });
  const soft = softCodes(unit, incident, roll, nowMs, rules, type);
  return ok({ soft, preempts: busy.value });
}

/** The incident that it could be taken from, `null` when it attends none, or why it cannot be had. */
function busyWith(unit: Unit, incident: Incident): Result<string | null> {
  const { state } = unit;
  const isThere = activeAssignments(incident).some(({ unitId }) => unitId === unit.id);
  if (isThere || (state.kind === 'assigned' && state.incidentId === incident.id))
    return no('unit-already-assigned', `${unit.callSign} attends this incident already`, { unitId: unit.id });
  if (state.kind === 'free') return ok(null);
  if (mayPreempt(unit, incident)) return ok(state.incidentId);
  return no('unit-busy', `${unit.callSign} attends another incident`, {
    unitId: unit.id,
    incidentId: state.incidentId,
    phase: state.phase,
  });
}

/** Only for a P1 or P2, from something graver by no more than its number, and not from people it stands before. */
function mayPreempt({ state }: Unit, incident: Incident): boolean {
  if (state.kind !== 'assigned' || incident.priority === null) return false;
  const grave = incident.priority === 'P1' || incident.priority === 'P2';
  return (
    grave &&
    comparePriority(incident.priority, state.priority) < 0 &&
    phaseIndex(state.phase) < phaseIndex('transporting')
  );
}

function softCodes(
  unit: Unit,
  incident: Incident,
  roll: DutyRoll | null,
  nowMs: number,
  rules: DispatchRules,
  type: IncidentType | undefined,
): SoftCode[] {
  const soft: SoftCode[] = [];
  if (unit.duty === null || (roll !== null && !roll.unitIds.has(unit.id))) soft.push('unit-off-duty');
  const { state } = unit;
  if (state.kind === 'free' && !READY_STATUSES.includes(state.status)) soft.push('unit-not-available');
  const rested = unit.clearedAtMs === null || nowMs - unit.clearedAtMs >= rules.restMs;
  if (!rested && incident.priority !== 'P1') soft.push('unit-resting');
  const alone = unit.kind === 'PIE' && activeAssignments(incident).length === 0;
  if (alone && type?.instructions.includes('no-foot-alone')) soft.push('unit-kind-alone');
  return soft;
}

/** What an excuse is asked for, or `null` when none is needed or one was given. */
export function excuseMissing(assignable: Assignable, unit: Unit, reason: string): Refusal | null {
  const [first] = assignable.soft;
  if (first === undefined || reason.trim() !== '') return null;
  const status = unit.state.kind === 'free' ? unit.state.status : unit.state.phase;
  const mayOverride = unit.state.kind !== 'free' || status === 'out-of-service' || isCallable(status);
  return dispatchRefusal(first, `${unit.callSign} cannot be sent without a reason`, {
    unitId: unit.id,
    codes: assignable.soft,
    status,
    mayOverride,
  });
}

function isCallable(status: string): boolean {
  return [...READY_STATUSES, ...CALLABLE_STATUSES].some((one) => one === status);
}
