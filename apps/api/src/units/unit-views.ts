import { checkInOf, unitStatusOf, type DispatchRules, type Unit } from '#libs/dispatch';
import type { UnitPositionView, UnitView } from '#libs/wire';

/** A unit as the centre sees it. */
export function unitViewOf(
  unit: Unit,
  position: UnitPositionView | undefined,
  nowMs: number,
  rules: DispatchRules,
): UnitView {
  const { id, callSign, kind, vehicle, equipment, sectorId, checkInEveryMs, duty, state, retiredAtMs } = unit;
  return {
    id,
    callSign,
    kind,
    status: unitStatusOf(unit),
    statusSinceMs: state.sinceMs,
    vehicle,
    equipment: [...equipment],
    sectorId,
    checkInEveryMs,
    crew: (duty?.crew ?? []).map((member) => ({ ...member, skills: [...member.skills] })),
    duty: dutyOf(unit),
    attends: attendsOf(unit),
    checkIn: checkInOf(unit, nowMs, rules),
    sos: sosOf(unit),
    position: position ?? null,
    retiredAtMs,
  };
}

function dutyOf({ duty }: Unit): UnitView['duty'] {
  if (duty === null) return null;
  const { shiftId, sinceMs, startKm, assignments, busyMs } = duty;
  return { shiftId, sinceMs, startKm, assignments, busyMs };
}

function attendsOf({ state }: Unit): UnitView['attends'] {
  if (state.kind === 'free') return null;
  const { incidentId, assignmentId, priority, phase } = state;
  return { incidentId, assignmentId, priority, phase };
}

function sosOf({ sos }: Unit): UnitView['sos'] {
  if (sos === null) return null;
  const { atMs, by, point } = sos;
  const answered = sos.kind === 'acknowledged';
  return {
    atMs,
    by,
    point,
    acknowledgedAtMs: answered ? sos.acknowledgedAtMs : null,
    acknowledgedBy: answered ? sos.acknowledgedBy : null,
  };
}
