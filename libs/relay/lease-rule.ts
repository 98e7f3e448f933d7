/** How relays share the cameras. All times are durations; whose clock measures them is said at each. */
export interface LeaseRule {
  /** How long a lease holds from its last renewal, by the database's clock. */
  readonly leaseMs: number;
  /** A relay renews this often, and says with it that it lives. */
  readonly renewMs: number;
  /**
   * A relay that could not renew lets go this long after it asked for its last renewal, by its own monotonic clock. Shorter
   * than the lease: between the two lies what the two clocks may differ in speed, and the time that letting go takes.
   */
  readonly fenceMs: number;
  /** A relay that could not renew for so long says of itself that it is cut off from the database... */
  readonly cutMs: number;
  /** ...what it says is believed for so long... */
  readonly wordMs: number;
  /** ...and when it is back it leaves cameras alone for so long whose relay may be cut off still and relies on its word. */
  readonly graceMs: number;
  /** A relay that did not speak for so long is not counted any more, by the database's clock. Shorter than the lease. */
  readonly silentMs: number;
  /** Cameras are given back to relays that have spoken for so long without a break: one that crashes again and again moves none. */
  readonly steadyMs: number;
  /** At most so many cameras are given back at each renewal: their viewers see a pause. */
  readonly maxGivenBack: number;
}

/**
 * A relay that is killed is taken over for within ten seconds: six until its leases run out, one until the others look,
 * the rest for connecting and a key frame.
 */
export const LEASE_RULE: LeaseRule = {
  leaseMs: 6_000,
  renewMs: 1_000,
  fenceMs: 5_000,
  cutMs: 2_000,
  wordMs: 1_500,
  graceMs: 3_000,
  silentMs: 4_000,
  steadyMs: 10_000,
  maxGivenBack: 32,
};

/** What a renewal found out. Counted by the database. */
export interface LeaseCensus {
  readonly cameras: number;
  /** Relays that speak, without the one that asks. */
  readonly others: number;
  /** Of those, the ones that have spoken without a break for {@link LeaseRule.steadyMs}. */
  readonly steadyOthers: number;
  /** Of those that speak, the ones that reach the database by another way: another machine. */
  readonly strangers: number;
}

/** How many more cameras a relay that holds `held` may take. */
export function roomFor(held: number, census: LeaseCensus): number {
  return Math.max(0, fairShare(census.cameras, census.others + 1) - held);
}

/**
 * How many cameras a relay gives back at once. One tenth more than its share, and one camera, is not worth a pause in
 * anybody's picture: a camera that comes or goes moves no other.
 */
export function surplusOf(held: number, census: LeaseCensus, rule: LeaseRule = LEASE_RULE): number {
  const share = fairShare(census.cameras, census.steadyOthers + 1);
  const slack = Math.max(1, Math.ceil(share * 0.1));
  return held > share + slack ? Math.min(held - share, rule.maxGivenBack) : 0;
}

function fairShare(cameras: number, relays: number): number {
  return Math.ceil(cameras / relays);
}

/** What a relay knows that cannot renew just now. */
export interface CutOff {
  /** Since it asked for the renewal that succeeded last, by its own monotonic clock. */
  readonly sinceRenewalMs: number;
  /** Longest time in which the process did not run at all since then: stopped, swapped out, starved. */
  readonly sleptMs: number;
  /** Relays of other machines that spoke last and may reach the database now. */
  readonly strangers: number;
}

/**
 * Whether a relay that cannot reach the database goes on with the cameras that it had.
 *
 * It goes on where nobody else was there to take them: the relays that spoke last all reach the database as it does, so
 * that its being away is the same for all, and a wall must not freeze because a database is restarted. Where another machine has a
 * relay, that one may still reach the database and take the cameras as soon as the leases run out: then two would pull one camera, and
 * the one that cannot say so lets go before, unless the other says, asked directly and again and again, that it is cut off too. A process that did not run meanwhile knows nothing of what others did in that time, so
 * it lets go in any case, and asks.
 */
export function holdsOn({ sinceRenewalMs, sleptMs, strangers }: CutOff, rule: LeaseRule = LEASE_RULE): boolean {
  if (sinceRenewalMs < rule.fenceMs) return true;
  return strangers === 0 && sleptMs < rule.fenceMs;
}
