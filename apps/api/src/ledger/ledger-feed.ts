import pg from 'pg';
import { Backoff, ErrorCounter, reasonOf, sleep, type Clock, type Logger, type Timer } from '#libs/base';
import type { LedgerEvent } from '#libs/ledger';
import { PG_CHANNELS } from '#libs/wire';
import type { LedgerStore } from './ledger.store.ts';

/** The table is asked this often whether or not anybody notified: a lost notification costs a second. */
const POLL_MS = 1_000;
const PAGE_EVENTS = 500;
const MAX_END_MS = 1_000;
const RECONNECT = { firstMs: 250, maxMs: 5_000, jitter: 0.3 };

/** Hears events in order, each once, none left out. Must not throw and must not wait. */
export type FeedListener = (events: readonly LedgerEvent[]) => void;

/**
 * The ledger as it grows, for whoever listens in this process. What this process wrote comes straight from its writer; what
 * another wrote is read from the table when the database says so. Either way the numbers that listeners hear have no gap.
 */
export class LedgerFeed {
  private readonly listeners = new Set<FeedListener>();
  private readonly stopping = new AbortController();
  private readonly problems: ErrorCounter;
  private delivered = 0;
  private reading = false;
  /** Something may have been appended since the reading began. */
  private again = false;
  private poll: Timer | undefined;
  private hearing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<LedgerStore, 'head' | 'eventsAfter'>,
    private readonly databaseUrl: string,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.problems = new ErrorCounter(clock, (count, last) =>
      logger.warn({ count, reason: last }, 'the ledger cannot be read'),
    );
  }

  /** Number of the last event that listeners heard. */
  get seq(): number {
    return this.delivered;
  }

  /** Begins behind the last event that is committed now. */
  async start(): Promise<void> {
    this.delivered = (await this.store.head()).seq;
    this.poll = this.clock.every(POLL_MS, () => this.wake());
    this.hearing = this.runNotifications();
  }

  async stop(): Promise<void> {
    this.poll?.cancel();
    this.stopping.abort();
    await this.hearing;
    this.problems.flush();
  }

  /** Hears every event after {@link seq} from now on. Answers how to stop. */
  listen(listener: FeedListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Events that were committed here just now. Told at once when they are the next ones, else read with what is between. */
  offer(events: readonly LedgerEvent[]): void {
    if (!this.reading && events[0]?.seq === this.delivered + 1) this.deliver(events);
    else if (events.at(-1)!.seq > this.delivered) this.wake();
  }

  /** Reads what is new. */
  wake(): void {
    this.again = true;
    if (!this.reading) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    try {
      while (this.again && !this.stopping.signal.aborted) {
        this.again = false;
        const events = await this.store.eventsAfter(this.delivered, PAGE_EVENTS);
        if (events.length > 0) this.deliver(events);
        if (events.length === PAGE_EVENTS) this.again = true;
      }
    } catch (thrown) {
      this.problems.add(reasonOf(thrown));
    } finally {
      this.reading = false;
    }
  }

  private deliver(events: readonly LedgerEvent[]): void {
    if (events[0]!.seq !== this.delivered + 1)
      throw new Error(`after event ${this.delivered} came ${events[0]!.seq}: npm run ledger:verify`);
    this.delivered = events.at(-1)!.seq;
    for (const listener of this.listeners) {
      try {
        listener(events);
      } catch (thrown) {
        this.logger.error({ reason: reasonOf(thrown) }, 'a listener of the ledger failed');
      }
    }
  }

  private async runNotifications(): Promise<void> {
    const backoff = new Backoff(RECONNECT);
    while (!this.stopping.signal.aborted) {
      const reason = await this.hearUntilLost(() => backoff.reset());
      if (this.stopping.signal.aborted) return;
      this.logger.warn({ reason }, 'notifications of the ledger are not heard; asking each second');
      await sleep(this.clock, backoff.nextMs(), this.stopping.signal);
    }
  }

  /** One connection's life. Answers why it ended. */
  private async hearUntilLost(onHeard: () => void): Promise<string> {
    const client = new pg.Client({
      connectionString: this.databaseUrl,
      application_name: 'atalaya-ledger-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    let leave = (_reason: string): void => {};
    const lost = new Promise<string>((resolve) => (leave = resolve));
    const onStop = (): void => leave('stopping');
    client.on('error', (thrown) => leave(reasonOf(thrown)));
    client.on('end', () => leave('the connection ended'));
    this.stopping.signal.addEventListener('abort', onStop, { once: true });
    client.on('notification', ({ payload }) => {
      if (!(Number(payload) <= this.delivered)) this.wake();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${PG_CHANNELS.ledger}`);
      onHeard();
      this.wake();
      return await lost;
    } catch (thrown) {
      return reasonOf(thrown);
    } finally {
      this.stopping.signal.removeEventListener('abort', onStop);
      // A server that is gone without a word would be waited for as long as TCP likes.
      await Promise.race([client.end().catch(() => undefined), sleep(this.clock, MAX_END_MS)]);
    }
  }
}
