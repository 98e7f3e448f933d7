import { systemClock } from '#libs/base';
import { until } from '../e2e/until.ts';
import { LedgerFollower } from '../ledger-follow/ledger-follower.ts';

const CATCH_UP_WITHIN_MS = 30_000;

/** Somebody outside who follows the ledger of a centre through all its losses, as `npm run ledger:follow` does. */
export class DeskReader {
  private readonly follower: LedgerFollower;
  private readonly over = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private problem: unknown;
  private last = 0;

  constructor(url: string) {
    this.follower = new LedgerFollower(url, 0, (events) => events.forEach(({ seq }) => this.next(seq)), systemClock);
  }

  /** Reads as somebody who may see every event. */
  start(cookie: string): void {
    this.running = this.follower.run(cookie, this.over.signal).catch((thrown: unknown) => void (this.problem = thrown));
  }

  /** Ends when it has read so many. @throws when one was left out or came twice */
  async expectAll(entries: number): Promise<void> {
    await until(`the reader to come to ${entries}`, CATCH_UP_WITHIN_MS, () =>
      Promise.resolve(this.problem !== undefined || this.follower.cursor >= entries),
    );
    await this.stop();
    if (this.problem !== undefined) throw this.problem;
    if (this.last !== entries) throw new Error(`of ${entries} events the reader has read up to ${this.last}`);
  }

  async stop(): Promise<void> {
    this.over.abort();
    await this.running;
  }

  private next(seq: number): void {
    if (seq !== this.last + 1) throw new Error(`after event ${this.last} the reader was sent ${seq}`);
    this.last = seq;
  }
}
