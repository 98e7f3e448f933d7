import { ErrorCounter, reasonOf, sleep, type Clock, type Logger, type Timer } from '#libs/base';
import { LEASE_RULE, holdsOn, roomFor, surplusOf, type LeaseRule } from '#libs/relay';
import type { LeaseStore, RelayPeer, Renewal } from './lease-store.ts';

/** The fence is looked at this often, and a process that did not run for much longer slept. */
const LOOK_MS = 100;
/** A name that another process has taken is tried again this often; it is given when that one is silent. */
const NAME_TAKEN_MS = 1_000;
/** Relays of other machines are asked this often while the database cannot be. */
const ASK_PEERS_MS = 500;
const FINAL_MS = 2_000;

export interface LeasesOptions {
  readonly store: Pick<LeaseStore, 'beat' | 'renew' | 'take' | 'release' | 'leave'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly rule?: LeaseRule;
  /** Whether all of these say that they have not reached the database for `cutMs` either. Never rejects. */
  areCutOff(peers: readonly RelayPeer[], cutMs: number): Promise<boolean>;
  /** How many watch a camera: those that nobody watches are given back first. */
  readersOf(cameraId: string): number;
  /** Other cameras are held than before. When it returns, nothing else is pulled any more. */
  onChange(): void;
}

/**
 * The cameras that this relay may pull. Renews their leases each second, takes what is free up to its share, gives back what is
 * too much, and lets go by itself, on its own clock, when it cannot renew and another relay may take them ({@link holdsOn}).
 */
export class Leases {
  private readonly held = new Set<string>();
  private readonly rule: LeaseRule;
  private readonly errors: ErrorCounter;
  private readonly takenName: ErrorCounter;
  private claims = true;
  private wake = new AbortController();
  /** When the renewal that succeeded last was asked for; monotonic. */
  private renewedMs: number | undefined;
  private peers: readonly RelayPeer[] = [];
  private strangers = 0;
  /** Until then no relay of another machine reaches the database, by their own word. */
  private othersCutUntilMs = Number.NEGATIVE_INFINITY;
  private nextPeersMs = 0;
  /** Until then leases of others that ran out are left alone. */
  private sparesUntilMs = Number.NEGATIVE_INFINITY;
  private sleptMs = 0;
  private lookedMs = 0;
  private hasTold = false;
  private fenced = 0;

  constructor(private readonly options: LeasesOptions) {
    const { clock, log } = options;
    this.rule = options.rule ?? LEASE_RULE;
    this.errors = new ErrorCounter(
      clock,
      (count, reason) => log.warn({ count, reason }, 'leases cannot be renewed'),
      10_000,
    );
    const say = (count: number, reason: string): void => log.error({ count, reason }, 'another relay has this name');
    this.takenName = new ErrorCounter(clock, say, 60_000);
  }

  /** The database has said at least once what is this relay's. */
  get areKnown(): boolean {
    return this.renewedMs !== undefined;
  }

  holds(cameraId: string): boolean {
    return this.held.has(cameraId);
  }

  get size(): number {
    return this.held.size;
  }

  /** For those who watch over relays. */
  get figures(): { readonly cameras: number; readonly confirmedAgoMs: number; readonly fenced: number } {
    const { held, fenced, renewedMs = 0 } = this;
    return { cameras: held.size, confirmedAgoMs: this.options.clock.monotonicMs() - renewedMs, fenced };
  }

  /** Cameras changed, or another relay gave some back. */
  nudge(): void {
    this.wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    this.lookedMs = clock.monotonicMs();
    const fence: Timer = clock.every(LOOK_MS, () => this.look());
    while (!signal.aborted) {
      this.wake = new AbortController();
      const waitMs = await this.runOnce();
      await sleep(clock, waitMs, AbortSignal.any([signal, this.wake.signal]));
    }
    fence.cancel();
    this.errors.flush();
    this.takenName.flush();
  }

  /** After every camera was let go. Gives up when the database is away: the leases run out by themselves. */
  async leave(): Promise<void> {
    const left = this.options.store.leave().catch((error: unknown) => this.errors.add(reasonOf(error)));
    await Promise.race([left, sleep(this.options.clock, FINAL_MS)]);
    this.errors.flush();
  }

  /** Answers how long to wait. */
  private async runOnce(): Promise<number> {
    const { store, clock } = this.options;
    const askedMs = clock.monotonicMs();
    try {
      if (!(await store.beat(this.claims))) return this.standBy();
      this.claims = false;
      await this.settle(await store.renew(), askedMs);
    } catch (error) {
      this.errors.add(reasonOf(error));
    }
    return Math.max(0, askedMs + this.rule.renewMs - clock.monotonicMs());
  }

  /** The process that began later has the name: two of one name would take each other's cameras without end. */
  private standBy(): number {
    this.takenName.add('ATALAYA_RELAY_ID must differ between relays; this one pulls nothing until the other is gone');
    this.become([]);
    return NAME_TAKEN_MS;
  }

  private async settle(renewal: Renewal, askedMs: number): Promise<void> {
    // An answer that is older than the fence tells what was, not what is.
    if (this.options.clock.monotonicMs() - askedMs >= this.rule.fenceMs) return;
    // A relay that has just begun knows as little of the others as one that was cut off.
    const wasCut = this.renewedMs === undefined || askedMs - this.renewedMs >= this.rule.cutMs;
    if (wasCut) this.sparesUntilMs = this.options.clock.monotonicMs() + this.rule.graceMs;
    this.renewedMs = askedMs;
    this.strangers = renewal.strangers;
    this.peers = renewal.peers;
    this.sleptMs = 0;
    const surplus = surplusOf(renewal.held.length, renewal, this.rule);
    if (surplus > 0) return this.giveBack(renewal.held, surplus);
    this.become(renewal.held);
    const room = roomFor(renewal.held.length, renewal);
    if (room === 0) return;
    const takenAskedMs = this.options.clock.monotonicMs();
    const taken = await this.options.store.take(room, takenAskedMs < this.sparesUntilMs);
    // What was taken while the fence fell is not ours by our own clock: the next renewal says whether it still is.
    if (taken.length === 0 || this.options.clock.monotonicMs() - takenAskedMs >= this.rule.fenceMs) return;
    this.options.log.info({ cameras: taken.length, held: renewal.held.length + taken.length }, 'cameras taken');
    this.become([...renewal.held, ...taken]);
  }

  /** First nobody pulls them, then others may. */
  private async giveBack(held: readonly string[], count: number): Promise<void> {
    const readers = new Map(held.map((id) => [id, this.options.readersOf(id)]));
    const given = held.toSorted((a, b) => readers.get(a)! - readers.get(b)!).slice(0, count);
    const gone = new Set(given);
    this.become(held.filter((id) => !gone.has(id)));
    await this.options.store.release(given);
    this.options.log.info({ cameras: given.length, held: this.held.size }, 'cameras given back to other relays');
  }

  /** The fence: falls without asking anybody. */
  private look(): void {
    const nowMs = this.options.clock.monotonicMs();
    this.sleptMs = Math.max(this.sleptMs, nowMs - this.lookedMs);
    this.lookedMs = nowMs;
    if (this.held.size === 0 || this.renewedMs === undefined) return;
    const sinceRenewalMs = nowMs - this.renewedMs;
    if (sinceRenewalMs >= this.rule.cutMs && nowMs >= this.nextPeersMs) this.askPeers(nowMs);
    const strangers = nowMs < this.othersCutUntilMs ? 0 : this.strangers;
    const cut = { sinceRenewalMs, sleptMs: this.sleptMs, strangers };
    if (holdsOn(cut, this.rule)) return;
    this.fenced++;
    this.options.log.error({ cameras: this.held.size, ...cut }, 'leases ran out: cameras let go');
    this.become([]);
  }

  private askPeers(nowMs: number): void {
    this.nextPeersMs = nowMs + ASK_PEERS_MS;
    if (this.strangers === 0 || this.strangers !== this.peers.length) return;
    void this.options.areCutOff(this.peers, this.rule.cutMs).then((areCut) => {
      // One that is back leaves our cameras alone for longer than its last word counts: time to try as well.
      if (areCut) this.othersCutUntilMs = nowMs + this.rule.wordMs;
      else this.nudge();
    });
  }

  private become(cameraIds: readonly string[]): void {
    const isSame = cameraIds.length === this.held.size && cameraIds.every((id) => this.held.has(id));
    if (this.hasTold && isSame) return;
    this.held.clear();
    for (const id of cameraIds) this.held.add(id);
    this.hasTold = true;
    this.options.onChange();
  }
}
