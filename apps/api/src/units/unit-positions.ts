import type { UnitPositionView } from '#libs/wire';

/** Where units were last. Whoever keeps positions provides this in `units.module.ts`. */
export abstract class UnitPositions {
  /** The last position of each of these units that has one. Must be cheap: boards and recommendations ask for hundreds. */
  abstract lastOf(unitIds: readonly string[]): Promise<ReadonlyMap<string, UnitPositionView>>;
}
