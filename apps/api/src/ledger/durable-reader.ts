import type { DataSource, EntityManager } from 'typeorm';
import { Backoff, reasonOf, sleep, type Clock, type Logger } from '#libs/base';
import type { LedgerEvent } from '#libs/ledger';
import type { LedgerFeed } from './ledger-feed.ts';
import type { LedgerStore } from './ledger.store.ts';

const BATCH_EVENTS = 100;
const RETRY = { firstMs: 500, maxMs: 60_000, jitter: 0.3 };

/**
 * Deals with a batch of events. What it writes through `manager` is committed together with the cursor, so exactly once; what
 * it tells the outside (a webhook) may be told again after a crash: receivers know repeats by `seq`. To reject is to get the
 * same batch again later.
 */
export type DurableHandler = (events: readonly LedgerEvent[], manager: EntityManager) => Promise<void>;

/**
 * Reads the ledger by a named cursor that is stored, from the first event ever to the last, across restarts. Two processes
 * with the same name take turns.
 */
export class DurableReader {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private stopListening: () => void = () => {};
  private wake: () => void = () => {};
  private told = false;

  constructor(
    readonly name: string,
    private readonly handle: DurableHandler,
    private readonly dataSource: DataSource,
    private readonly store: LedgerStore,
    private readonly feed: LedgerFeed,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.stopListening = this.feed.listen(() => this.tell());
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopListening();
    this.stopping.abort();
    this.tell();
    await this.loop;
  }

  private tell(): void {
    this.told = true;
    this.wake();
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(RETRY);
    while (!this.stopping.signal.aborted) {
      this.told = false;
      try {
        const count = await this.readBatch();
        backoff.reset();
        if (count < BATCH_EVENTS) await this.nextEvents();
      } catch (thrown) {
        this.logger.warn(
          { reader: this.name, reason: reasonOf(thrown) },
          'a reader of the ledger failed, it tries again',
        );
        await sleep(this.clock, backoff.nextMs(), this.stopping.signal);
      }
    }
  }

  private readBatch(): Promise<number> {
    return this.dataSource.transaction(async (manager) => {
      const after = await this.store.lockCursor(this.name, manager);
      const events = await this.store.eventsAfter(after, BATCH_EVENTS, manager);
      const last = events.at(-1);
      if (!last) return 0;
      await this.handle(events, manager);
      await this.store.moveCursor(this.name, last.seq, new Date(this.clock.nowMs()), manager);
      return events.length;
    });
  }

  private nextEvents(): Promise<void> {
    if (this.told || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = () => {};
        resolve();
      };
    });
  }
}
