import type { Clock } from '#libs/base';
import { MAX_REMEMBERED_OFFENDERS, OFFENCES_AT_ONCE, OFFENCE_REFILL_MS } from './limits.ts';

interface Account {
  /** Offences that are still forgiven. */
  left: number;
  atMs: number;
}

/**
 * Who sends garbage or wrong keys again and again. A budget for each offender (an address, or one device behind
 * it) that fills up slowly; once it is empty, the offender is shut out until some of it is back. Bounded: the one that
 * offended longest ago is forgotten.
 */
export class Offences {
  private readonly accounts = new Map<string, Account>();

  constructor(private readonly clock: Clock) {}

  isShutOut(offender: string): boolean {
    const account = this.accounts.get(offender);
    return account !== undefined && this.leftOf(account) < 1;
  }

  note(offender: string): void {
    const account = this.accounts.get(offender);
    const left = account ? this.leftOf(account) : OFFENCES_AT_ONCE;
    this.accounts.delete(offender);
    this.accounts.set(offender, { left: Math.max(0, left - 1), atMs: this.clock.monotonicMs() });
    if (this.accounts.size > MAX_REMEMBERED_OFFENDERS) this.accounts.delete(this.accounts.keys().next().value!);
  }

  private leftOf({ left, atMs }: Account): number {
    return Math.min(OFFENCES_AT_ONCE, left + (this.clock.monotonicMs() - atMs) / OFFENCE_REFILL_MS);
  }
}
