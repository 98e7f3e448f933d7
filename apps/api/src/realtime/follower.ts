import { BoundedQueue } from '#libs/base';
import type { LedgerEvent } from '#libs/ledger';
import type { Snapshot, SubscribeAnswer, Topic, TopicChange } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import type { LedgerFollow } from './ledger-follow.ts';
import { MAX_BACKLOG, MAX_MOVES_BACKLOG, type Line } from './line.ts';

/** Changes that may wait for one snapshot to be read. */
const MAX_WAITING = 2_000;

/** How far a page has been told of a topic. `loading` ends when its snapshot is sent. */
type Cursor =
  { readonly state: 'loading'; readonly waiting: BoundedQueue<TopicChange> } | { readonly state: 'live'; seq: number };

/**
 * One signed-in page and the topics it follows. Holds what is published while a snapshot is being read and lets it
 * follow the snapshot, so that the page sees `seq`, `seq + 1`, ... without a gap, or loses its connection.
 */
export class Follower {
  private readonly cursors = new Map<Topic, Cursor>();
  private ledger: LedgerFollow | undefined;
  private over = false;
  /** Number of the last batch of moves that this page was told or had in its snapshot. */
  movesSeq = 0;

  constructor(
    /** Who it is, as last checked. */
    public user: SignedInUser,
    /** When that was, by the monotonic clock. */
    public checkedAtMs: number,
    readonly line: Line,
    private readonly onDropped: () => void,
  ) {}

  follows(topic: Topic): boolean {
    return this.cursors.has(topic);
  }

  /** Listens first, then reads. Subscribing again while the first read runs gives up the first. */
  async subscribe(
    topic: Topic,
    read: () => Promise<Snapshot<Topic>>,
    answer: (result: SubscribeAnswer) => void,
  ): Promise<void> {
    const loading: Cursor = { state: 'loading', waiting: new BoundedQueue(MAX_WAITING) };
    this.cursors.set(topic, loading);
    const snapshot = await read().catch((thrown: unknown) => {
      if (this.cursors.get(topic) === loading) this.cursors.delete(topic);
      throw thrown;
    });
    if (this.over || this.cursors.get(topic) !== loading) {
      answer({ ok: false, code: 'superseded', message: 'this subscription was given up' });
      return;
    }
    this.cursors.set(topic, { state: 'live', seq: snapshot.seq });
    // One socket keeps the order of what is written to it: the answer first, then what came after it.
    answer({ ok: true, snapshot });
    for (let next = loading.waiting.shift(); next; next = loading.waiting.shift()) this.deliver(next);
  }

  unsubscribe(topic: Topic): void {
    this.cursors.delete(topic);
  }

  deliver(change: TopicChange): void {
    const cursor = this.cursors.get(change.topic);
    if (this.over || !cursor) return;
    if (cursor.state === 'loading') {
      if (!cursor.waiting.push(change)) this.drop();
      return;
    }
    if (change.seq <= cursor.seq) return;
    if (change.seq !== cursor.seq + 1 || this.line.backlog() >= MAX_BACKLOG) return this.drop();
    cursor.seq = change.seq;
    this.line.send(change);
  }

  /** Whether a batch of moves would be read now: the units are there to be moved, and the line is not behind. */
  takesMoves(): boolean {
    return !this.over && this.cursors.get('units')?.state === 'live' && this.line.backlog() <= MAX_MOVES_BACKLOG;
  }

  /** Takes the place of an earlier one; `undefined` ends it. */
  followLedger(ledger: LedgerFollow | undefined): void {
    this.ledger?.stop();
    this.ledger = this.over ? undefined : ledger;
  }

  deliverEvents(events: readonly LedgerEvent[]): void {
    this.ledger?.deliver(events);
  }

  /** Nothing reaches this page any more. */
  drop(): void {
    if (this.over) return;
    this.close();
    this.onDropped();
    this.line.drop();
  }

  end(code: string): void {
    if (this.over) return;
    this.close();
    this.line.end(code);
  }

  close(): void {
    this.over = true;
    this.cursors.clear();
    this.followLedger(undefined);
  }
}
