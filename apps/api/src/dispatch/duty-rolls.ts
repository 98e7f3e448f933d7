import type { EntityManager } from 'typeorm';
import type { DutyRoll } from '#libs/dispatch';

/** Who is on duty by the roster. Shifts provide it: `shifts/roster-rolls.ts`. */
export abstract class DutyRolls {
  /** The roll at a moment, read in the transaction that decides; `null` when none is kept for it. */
  abstract at(atMs: number, manager: EntityManager): Promise<DutyRoll | null>;
}
