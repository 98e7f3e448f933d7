import { activeAssignments, isLive, type Incident } from './incident.ts';
import { escalationOf, levelOf, type EscalationLevel } from './incident-clocks.ts';
import type { DispatchRules } from './rules.ts';
import type { StrayKind } from './stray.ts';
import type { Unit } from './unit.ts';

/** When the next sign of life of a unit is due, and how late it is. `null`: nobody waits for one. */
export interface CheckIn {
  readonly dueAtMs: number;
  readonly level: EscalationLevel;
}

/**
 * Check-in timer of one unit (PAR): counted from its own last act, by the priority it attends. A unit that is off duty,
 * at its meal or out of service owes none.
 */
export function checkInOf(unit: Unit, nowMs: number, rules: DispatchRules): CheckIn | null {
  const everyMs = checkInEveryMs(unit, rules);
  if (everyMs === null) return null;
  return { dueAtMs: unit.heardAtMs + everyMs, level: levelOf((nowMs - unit.heardAtMs) / everyMs, rules) };
}

function checkInEveryMs(unit: Unit, rules: DispatchRules): number | null {
  if (unit.duty === null || unit.retiredAtMs !== null) return null;
  const { state } = unit;
  if (state.kind === 'assigned') return unit.checkInEveryMs ?? rules.targets[state.priority].checkInMs;
  const asked = state.status === 'available' || state.status === 'patrolling' || state.status === 'fixed-post';
  return asked ? (unit.checkInEveryMs ?? rules.idleCheckInMs) : null;
}

/** Something that takes the dispatcher's focus and sounds (consoles.md). */
export type DispatchAlarm =
  | { readonly kind: 'sos'; readonly unitId: string; readonly sinceMs: number; readonly acknowledged: boolean }
  | {
      readonly kind: 'unanswered-assignment';
      readonly unitId: string;
      readonly incidentId: string;
      readonly sinceMs: number;
      readonly overdueMs: number;
    }
  | {
      readonly kind: StrayKind;
      readonly unitId: string;
      /** The area it came into, or the sector it left. */
      readonly sectorId: string;
      readonly sinceMs: number;
      readonly acknowledged: boolean;
    }
  | { readonly kind: 'check-in-overdue'; readonly unitId: string; readonly sinceMs: number; readonly overdueMs: number }
  | {
      readonly kind: 'incident-overdue';
      readonly incidentId: string;
      readonly sinceMs: number;
      readonly level: EscalationLevel;
    };

const ORDER: readonly DispatchAlarm['kind'][] = [
  'sos',
  'unanswered-assignment',
  'check-in-overdue',
  'off-limits',
  'out-of-sector',
  'incident-overdue',
];

/** Every alarm that stands at `nowMs`: a cry for help first, then by kind, the oldest first. */
export function alarmsOf(
  incidents: Iterable<Incident>,
  units: Iterable<Unit>,
  nowMs: number,
  rules: DispatchRules,
): readonly DispatchAlarm[] {
  const alarms: DispatchAlarm[] = [];
  for (const unit of units) alarms.push(...unitAlarms(unit, nowMs, rules));
  for (const incident of incidents) alarms.push(...incidentAlarms(incident, nowMs, rules));
  return alarms.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.sinceMs - b.sinceMs);
}

function unitAlarms(unit: Unit, nowMs: number, rules: DispatchRules): DispatchAlarm[] {
  const alarms: DispatchAlarm[] = [];
  if (unit.sos !== null) {
    const acknowledged = unit.sos.kind === 'acknowledged';
    alarms.push({ kind: 'sos', unitId: unit.id, sinceMs: unit.sos.atMs, acknowledged });
  }
  const checkIn = checkInOf(unit, nowMs, rules);
  if (checkIn !== null && nowMs > checkIn.dueAtMs) {
    const overdueMs = nowMs - checkIn.dueAtMs;
    alarms.push({ kind: 'check-in-overdue', unitId: unit.id, sinceMs: checkIn.dueAtMs, overdueMs });
  }
  for (const { kind, sectorId, sinceMs, acknowledgedBy } of unit.strays ?? [])
    alarms.push({ kind, unitId: unit.id, sectorId, sinceMs, acknowledged: acknowledgedBy !== null });
  return alarms;
}

function incidentAlarms(incident: Incident, nowMs: number, rules: DispatchRules): DispatchAlarm[] {
  if (!isLive(incident)) return [];
  const alarms: DispatchAlarm[] = unanswered(incident, nowMs, rules);
  const level = escalationOf(incident, nowMs, rules);
  if (level === 'overdue' || level === 'critical')
    alarms.push({ kind: 'incident-overdue', incidentId: incident.id, sinceMs: incident.callAtMs, level });
  return alarms;
}

/** Assignments that nobody acknowledged in the time of their priority. */
function unanswered(incident: Incident, nowMs: number, rules: DispatchRules): DispatchAlarm[] {
  return activeAssignments(incident).flatMap((assignment) => {
    if (assignment.phase !== 'assigned') return [];
    const sinceMs = assignment.reachedAtMs.assigned ?? incident.openedAtMs;
    const overdueMs = nowMs - sinceMs - rules.targets[assignment.priority].acknowledgeMs;
    if (overdueMs <= 0) return [];
    const { unitId } = assignment;
    return [{ kind: 'unanswered-assignment', unitId, incidentId: incident.id, sinceMs, overdueMs }];
  });
}
