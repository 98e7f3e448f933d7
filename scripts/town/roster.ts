import { uuidV7 } from '#libs/base';
import type { CrewMember } from '#libs/dispatch';
import { DEFAULT_SHIFTS, ShiftTable } from '#libs/shift';
import { FAMILY_NAMES, GIVEN_NAMES } from './call-words.ts';
import { Dice } from './dice.ts';
import type { UnitSpec } from './fleet.ts';

/** When the shift that runs at an instant began (06, 14 and 22 hours of Lima by default). */
export function shiftStartMs(nowMs: number): number {
  return new ShiftTable(DEFAULT_SHIFTS).at(nowMs)?.startMs ?? nowMs;
}

/**
 * Who is in a unit during a shift: other people each shift, the same ones if the town starts again. The first of them has
 * the unit's tablet, so the crew's account is theirs.
 */
export function crewOf(spec: UnitSpec, shiftMs: number, tabletAccountId: string | null): readonly CrewMember[] {
  const dice = new Dice(`crew ${spec.callSign} ${shiftMs}`);
  return postsOf(spec).map((post, index) => ({
    staffId: index === 0 && tabletAccountId !== null ? tabletAccountId : uuidV7(shiftMs),
    name: `${dice.pick(GIVEN_NAMES)} ${dice.pick(FAMILY_NAMES)} ${dice.pick(FAMILY_NAMES)}`,
    post,
    skills: post === 'dog-handler' ? ['dog-handler'] : post === 'paramedic' ? ['paramedic'] : [],
  }));
}

function postsOf({ kind, callSign }: UnitSpec): readonly CrewMember['post'][] {
  switch (kind) {
    case 'PIE':
      return ['sereno', 'sereno'];
    case 'MOT':
      return ['sereno'];
    case 'K9':
      return ['driver', 'dog-handler'];
    case 'PI':
      return ['police-officer', 'driver'];
    default:
      return callSign.endsWith('2') ? ['driver', 'paramedic'] : ['driver', 'sereno'];
  }
}
