import type { Sector } from '#libs/dispatch';

/** Patrol divisions and how many free units each should keep. Whoever keeps sectors provides this in `units.module.ts`. */
export abstract class PatrolSectors {
  abstract all(): Promise<readonly Sector[]>;
}
