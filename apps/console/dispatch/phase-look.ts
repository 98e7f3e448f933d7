import { phaseIndex, type AssignmentPhase } from '#libs/dispatch';
import type { UnitLook } from '../ui/unit-look.ts';

/** The mark of a unit that attends something, by how far it is. */
export function phaseLook(phase: AssignmentPhase): UnitLook {
  return phaseIndex(phase) >= phaseIndex('on-scene') ? 'scene' : 'route';
}
