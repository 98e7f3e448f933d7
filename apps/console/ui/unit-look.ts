import { DEFAULT_AGE_BOUNDS, ageOf, type FixAge } from '#libs/avl';
import { phaseIndex, type AssignmentPhase, type UnitStatus } from '#libs/dispatch';
import type { UnitView } from '#libs/wire';

/**
 * The one mark of a unit on every screen: free a circle, on its way a triangle, on the scene a square, not to be sent a
 * bar, without signal a ring, asking for help a pulsing octagon.
 */
export type UnitLook = 'free' | 'route' | 'scene' | 'away' | 'silent' | 'sos';
export const UNIT_LOOKS: readonly UnitLook[] = ['free', 'route', 'scene', 'away', 'silent', 'sos'];

const BY_STATUS: Readonly<Record<UnitStatus, UnitLook>> = {
  available: 'free',
  patrolling: 'free',
  'fixed-post': 'free',
  assigned: 'route',
  'en-route': 'route',
  'on-scene': 'scene',
  transporting: 'scene',
  'at-station': 'scene',
  meal: 'away',
  refuelling: 'away',
  maintenance: 'away',
  'out-of-service': 'away',
};

/** What it does, whether or not it is heard of. */
export function statusLook(unit: Pick<UnitView, 'status' | 'duty' | 'sos'>): UnitLook {
  if (unit.sos) return 'sos';
  return unit.duty === null && BY_STATUS[unit.status] === 'free' ? 'away' : BY_STATUS[unit.status];
}

/** The same for a place where its position matters: a free unit that is not heard of has no signal. */
export function unitLook(
  unit: Pick<UnitView, 'status' | 'duty' | 'sos'>,
  takenAtMs: number | null,
  nowMs: number,
): UnitLook {
  const look = statusLook(unit);
  return look === 'free' && fixAge(takenAtMs, nowMs) === 'lost' ? 'silent' : look;
}

export function fixAge(takenAtMs: number | null, nowMs: number): FixAge {
  return ageOf(takenAtMs, nowMs, DEFAULT_AGE_BOUNDS);
}

/** The mark of a unit that attends something, by how far it is. */
export function phaseLook(phase: AssignmentPhase): UnitLook {
  return phaseIndex(phase) >= phaseIndex('on-scene') ? 'scene' : 'route';
}
