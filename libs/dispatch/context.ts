import type { Catalogue } from './incident-type.ts';
import type { DispatchRules } from './rules.ts';

/** Who a shift's roster has on duty now. */
export interface DutyRoll {
  readonly shiftId: string;
  readonly unitIds: ReadonlySet<string>;
  readonly staffIds: ReadonlySet<string>;
}

/** What a decision knows beside the board. */
export interface DecisionContext {
  /** The server's wall clock. */
  readonly nowMs: number;
  /** Account that asks. */
  readonly by: string;
  readonly catalogue: Catalogue;
  /** `null` when no roster is kept for this hour: then only signing on counts. */
  readonly roll: DutyRoll | null;
  readonly rules: DispatchRules;
  /** Whether a person is in the crew of a unit that is on duty, other than the given one. */
  crewElsewhere(staffId: string, exceptUnitId: string): boolean;
}
