import type { Audience } from '#libs/access';
import type { Incident } from '#libs/dispatch';
import type { SignedInUser } from '../access/signed-in.ts';

/** An incident with all that a view of it needs. Not for a reader: {@link audienceOf} and `redactFor` come first. */
export interface IncidentSource {
  readonly incident: Incident;
  /** Number in the ledger of the last event that changed it. */
  readonly revision: number;
  /** Accounts that gave a reason to see it in full, and until when that holds. */
  readonly unmasks: ReadonlyMap<string, number>;
  /** Call signs of the units with it, by unit. */
  readonly callSigns: ReadonlyMap<string, string>;
}

/** Who reads. A crew reads its incident by routes of its own, which say so: whoever reads the board of the centre attends nothing. */
export type Reader = Pick<SignedInUser, 'role' | 'accountId'> & { readonly attends?: boolean };

/** Who somebody is to an incident, now. */
export function audienceOf(
  { role, accountId, attends = false }: Reader,
  { incident, unmasks }: IncidentSource,
  nowMs: number,
): Audience {
  return {
    role,
    attends,
    opened: incident.openedBy === accountId,
    unmasked: (unmasks.get(accountId) ?? 0) > nowMs,
  };
}
