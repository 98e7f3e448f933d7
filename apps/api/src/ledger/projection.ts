import type { EntityManager } from 'typeorm';
import type { LedgerEvent } from '#libs/ledger';

/** A difference between a table and what the ledger says should be in it. */
export interface ProjectionDifference {
  /** Where: table and key, never a payload. */
  readonly what: string;
  readonly problem: 'missing' | 'unexpected';
}

/**
 * Something that follows from the ledger alone, such as the table of incidents. It is written together with the events; a
 * rebuild makes it once more from them, and the two must be equal.
 */
export interface Projection {
  readonly name: string;
  /** Makes room to rebuild beside what is there, in this transaction. */
  reset(manager: EntityManager): Promise<void>;
  /** Takes one event, in order; ignores kinds that are not its own. */
  apply(event: LedgerEvent, manager: EntityManager): Promise<void>;
  /** How what is there differs from what was rebuilt; at most `limit` are told. */
  diff(manager: EntityManager, limit: number): Promise<readonly ProjectionDifference[]>;
}
