import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { BoundedQueue, ErrorCounter, reasonOf, type Logger } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { CrossingStore } from './crossing.store.ts';
import type { AreaCrossing } from './position-board.ts';

/** While the database is away this many are remembered; the rest is counted and can be had from the tracks. */
const MAX_WAITING = 5_000;
const MAX_BATCH = 500;
const WRITE_EVERY_MS = 1_000;

/** Writes down who came into which area, a second later at most. */
@Injectable()
export class CrossingLog implements BeforeApplicationShutdown {
  private readonly waiting = new BoundedQueue<AreaCrossing>(MAX_WAITING);
  private readonly lost: ErrorCounter;
  private readonly timer;
  private unwritten: AreaCrossing[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly store: CrossingStore,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.lost = new ErrorCounter(clock, (count) => logger.warn({ count }, 'entries into areas were not written down'));
    this.timer = clock.every(WRITE_EVERY_MS, () => void this.write());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timer.cancel();
    await this.write();
    await this.write();
    this.lost.flush();
  }

  add(crossing: AreaCrossing): void {
    if (!this.waiting.push(crossing)) this.lost.add(crossing.kind);
  }

  /** Never rejects. One at a time: what could not be written is written first the next time. */
  write(): Promise<void> {
    this.writing ??= this.writeWaiting().finally(() => (this.writing = undefined));
    return this.writing;
  }

  private async writeWaiting(): Promise<void> {
    while (this.unwritten.length > 0 || this.waiting.size > 0) {
      for (let next = this.nextOf(); next; next = this.nextOf()) this.unwritten.push(next);
      try {
        await this.store.insert(this.unwritten);
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'entries into areas could not be written, tried again');
        return;
      }
      this.unwritten = [];
    }
  }

  private nextOf(): AreaCrossing | undefined {
    return this.unwritten.length < MAX_BATCH ? this.waiting.shift() : undefined;
  }
}
