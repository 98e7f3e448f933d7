import { allows } from '#libs/access';
import { BoundedQueue, ErrorCounter, reasonOf, sleep, type Clock, type Logger } from '#libs/base';
import type { LedgerEvent } from '#libs/ledger';
import { TOPIC_PERMISSION, type PositionBatch, type TopicChange } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { coarseRow } from './coarse-row.ts';
import type { Follower } from './follower.ts';
import type { Line } from './line.ts';

/** What is handed to followers in order: a change of a topic, or events of the ledger. */
export type Publication = TopicChange | { readonly topic: 'ledger'; readonly events: readonly LedgerEvent[] };

/** Where units moved, by numbered batches. */
export interface MovedUnits {
  /** Number of the last batch. */
  readonly seq: number;
  /** One row for each unit that moved in a batch after `seq`: where it is now. */
  rowsSince(seq: number): PositionBatch['rows'];
  /** Units that a reader sees to a block only. */
  coarseFor?(reader: SignedInUser): ReadonlySet<string>;
}

/** Pages that are told the same. */
interface MovesGroup {
  readonly since: number;
  readonly coarse: ReadonlySet<string>;
  readonly lines: Line[];
}
const NO_UNITS: ReadonlySet<string> = new Set();

/** Sends one batch to several lines, written once. */
export type MoveSender = (lines: readonly Line[], seq: number, rows: PositionBatch['rows']) => void;

/** A change as one reader may see it. */
export type ChangeView = (change: TopicChange, reader: SignedInUser) => TopicChange;

/** Answers who of these sessions is still signed in, and with which role now. */
export type StandingSessions = (sessionIds: readonly string[]) => Promise<ReadonlyMap<string, SignedInUser>>;

/** A session is believed for this long. One that this process ends itself is believed no longer at all. */
const BELIEVED_MS = 1_000;
/** Pages that are told nothing are asked about this often, so that they close too. */
const CHECK_EVERY_MS = 5_000;
/** Changes that may wait while the database does not say who is signed in. */
const MAX_PENDING = 5_000;
const RETRY_MS = 500;

/**
 * Takes changes as they are published and hands them to followers in the same order, after asking whether each may
 * still see them: permission is decided when something is published, not when the socket opened. While that cannot be
 * asked, changes wait; when too many wait, every follower is dropped and begins anew.
 */
export class Delivery {
  private readonly followers = new Set<Follower>();
  private readonly pending = new BoundedQueue<Publication>(MAX_PENDING);
  private readonly stopping = new AbortController();
  private readonly problems: ErrorCounter;
  private draining = false;
  private moving = false;
  private asking = false;
  /** Number of the last batch of moves that was handed out. */
  private movesSeq = 0;

  constructor(
    private readonly standing: StandingSessions,
    private readonly clock: Clock,
    logger: Logger,
    private readonly viewOf: ChangeView = (change) => change,
  ) {
    this.problems = new ErrorCounter(clock, (count, last) =>
      logger.warn({ count, reason: last }, 'sessions of open pages could not be checked'),
    );
    const timer = clock.every(CHECK_EVERY_MS, () => void this.checkAll());
    this.stopping.signal.addEventListener('abort', () => timer.cancel());
  }

  get size(): number {
    return this.followers.size;
  }

  /** How many pages an account has open. */
  countOf(accountId: string): number {
    return [...this.followers].filter((follower) => follower.user.accountId === accountId).length;
  }

  add(follower: Follower): void {
    this.followers.add(follower);
  }

  remove(follower: Follower): void {
    this.followers.delete(follower);
    follower.close();
  }

  push(change: Publication): void {
    if (this.followers.size === 0 && !this.draining) return;
    if (!this.pending.push(change)) {
      this.pending.clear();
      for (const follower of this.followers) follower.drop();
      return;
    }
    void this.drain();
  }

  /** A page that begins to follow units: what moved after this is told to it, and may be in its snapshot already. */
  followMoves(follower: Follower): void {
    follower.movesSeq = this.movesSeq;
  }

  /**
   * Tells pages that follow units who moved. A page that reads too slowly is passed over: later it is told in one batch
   * where everything that moved meanwhile is. Nothing waits in a queue, and nothing older ever follows something newer.
   */
  async tellMoves(moved: MovedUnits, send: MoveSender): Promise<void> {
    if (this.moving || this.followers.size === 0) return;
    this.moving = true;
    this.askAhead();
    try {
      if (await this.check(BELIEVED_MS)) this.deliverMoves(moved, send);
    } finally {
      this.moving = false;
    }
  }

  endSessions(sessionIds: readonly string[]): void {
    for (const follower of this.followers) {
      if (sessionIds.includes(follower.user.sessionId)) follower.end('session-ended');
    }
  }

  stop(): void {
    this.stopping.abort();
    this.pending.clear();
    this.problems.flush();
  }

  private async drain(): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    try {
      while (this.pending.size > 0 && !this.stopping.signal.aborted) {
        if (await this.check(BELIEVED_MS)) this.deliverPending();
        else await sleep(this.clock, RETRY_MS, this.stopping.signal);
      }
    } finally {
      this.draining = false;
    }
  }

  /** Runs without waiting, so that what was checked is still so. */
  private deliverPending(): void {
    for (let change = this.pending.shift(); change; change = this.pending.shift()) {
      for (const follower of this.followers) {
        if (change.topic === 'ledger') follower.deliverEvents(change.events);
        else if (!allows(follower.user.role, TOPIC_PERMISSION[change.topic])) follower.unsubscribe(change.topic);
        else if (follower.follows(change.topic)) follower.deliver(this.viewOf(change, follower.user));
      }
    }
  }

  /** Asks before belief ends, so that moves do not wait for the database each second. */
  private askAhead(): void {
    if (this.asking) return;
    this.asking = true;
    void this.check(BELIEVED_MS / 2).finally(() => (this.asking = false));
  }

  private deliverMoves(moved: MovedUnits, send: MoveSender): void {
    const { seq } = moved;
    this.movesSeq = seq;
    const groups = new Map<string, MovesGroup>();
    for (const follower of this.followers) {
      if (follower.movesSeq === seq || !follower.takesMoves()) continue;
      if (!allows(follower.user.role, TOPIC_PERMISSION.units)) continue;
      const since = follower.movesSeq;
      const coarse = moved.coarseFor?.(follower.user) ?? NO_UNITS;
      const key = `${since} ${[...coarse].join()}`;
      const group = groups.get(key) ?? { since, coarse, lines: [] };
      group.lines.push(follower.line);
      groups.set(key, group);
      follower.movesSeq = seq;
    }
    for (const { since, coarse, lines } of groups.values()) {
      const rows = moved.rowsSince(since);
      const seen = coarse.size === 0 ? rows : rows.map((row) => (coarse.has(row[0]) ? coarseRow(row) : row));
      if (rows.length > 0) send(lines, seq, seen);
    }
  }

  /** Who a page is, asked anew unless it was just asked. `undefined`: nobody any more. Rejects when it cannot be asked. */
  async userOf(follower: Follower): Promise<SignedInUser | undefined> {
    const askedAtMs = this.clock.monotonicMs();
    if (askedAtMs - follower.checkedAtMs < BELIEVED_MS) return follower.user;
    const { sessionId } = follower.user;
    const user = (await this.standing([sessionId])).get(sessionId);
    if (user) Object.assign(follower, { user, checkedAtMs: askedAtMs });
    return user;
  }

  private async checkAll(): Promise<void> {
    if (!this.draining) await this.check(0);
  }

  /** Asks about every follower whose last answer is older than `believedMs`. `false` when there was no answer. */
  private async check(believedMs: number): Promise<boolean> {
    const sinceMs = this.clock.monotonicMs() - believedMs;
    const doubtful = [...this.followers].filter((follower) => follower.checkedAtMs <= sinceMs);
    if (doubtful.length === 0) return true;
    const askedAtMs = this.clock.monotonicMs();
    try {
      const standing = await this.standing([...new Set(doubtful.map((follower) => follower.user.sessionId))]);
      for (const follower of doubtful) {
        const user = standing.get(follower.user.sessionId);
        if (!user) follower.end('session-ended');
        else Object.assign(follower, { user, checkedAtMs: askedAtMs });
      }
      return true;
    } catch (thrown) {
      this.problems.add(reasonOf(thrown));
      return false;
    }
  }
}
