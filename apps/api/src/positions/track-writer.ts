import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { RefusalError, reasonOf, refusal, sleep, type Logger } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { PositionMeter } from './position-meter.ts';
import { TrackStore, dayOf, type StoredFix } from './track.store.ts';

/** Fixes that may wait for the disk: ten seconds of two thousand units. */
const MAX_WAITING = 20_000;
const MAX_BATCH = 5_000;
/** What arrives meanwhile shares one statement and one flush of the disk. A phone waits longer for its network. */
const GATHER_MS = 50;
/** Days whose partition this process knows to be there. */
const MAX_KNOWN_DAYS = 400;

interface Waiting {
  readonly fixes: readonly StoredFix[];
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Writes fixes in groups: one multi-row insert, committed and flushed, for all that came since the one before. A caller is
 * answered when its fixes are on disk and not earlier; a device that is told "taken" may forget them.
 */
@Injectable()
export class TrackWriter implements BeforeApplicationShutdown {
  private queue: Waiting[] = [];
  private waiting = 0;
  private running: Promise<void> | undefined;
  private readonly stop = new AbortController();
  private readonly knownDays = new Set<number>();

  constructor(
    private readonly store: TrackStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly meter: PositionMeter,
  ) {}

  /** Positions that wait for the disk. */
  get queued(): number {
    return this.waiting;
  }

  /** What waits is written before the database closes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  /** Resolves when the fixes are on disk. @throws {RefusalError} `positions-busy`; rejects when the database refuses. */
  append(fixes: readonly StoredFix[]): Promise<void> {
    if (this.waiting + fixes.length > MAX_WAITING)
      return Promise.reject(
        new RefusalError(
          refusal(
            'unavailable',
            'positions-busy',
            `${this.waiting} positions wait for the disk, at most ${MAX_WAITING}`,
          ),
        ),
      );
    this.waiting += fixes.length;
    return new Promise((resolve, reject) => {
      this.queue.push({ fixes, resolve, reject });
      this.running ??= this.run();
    });
  }

  private async run(): Promise<void> {
    while (this.queue.length > 0) {
      await sleep(this.clock, GATHER_MS, this.stop.signal);
      await this.write(this.takeBatch());
    }
    // In the same turn in which nothing waited: who comes a moment later begins anew, and is not left behind.
    this.running = undefined;
  }

  /** Whole calls, as many as fit; one that is larger than a batch goes alone. */
  private takeBatch(): Waiting[] {
    let rows = 0;
    let count = 0;
    for (const { fixes } of this.queue) {
      if (count > 0 && rows + fixes.length > MAX_BATCH) break;
      rows += fixes.length;
      count++;
    }
    return this.queue.splice(0, count);
  }

  private async write(batch: readonly Waiting[]): Promise<void> {
    const fixes = batch.flatMap((call) => call.fixes);
    const beganMs = this.clock.monotonicMs();
    try {
      await this.ensureDays(fixes);
      await this.store.insert(fixes);
      this.meter.stored(this.clock.monotonicMs() - beganMs);
      for (const { resolve } of batch) resolve();
    } catch (thrown) {
      this.logger.warn({ fixes: fixes.length, reason: reasonOf(thrown) }, 'positions could not be stored');
      // Somebody may have dropped a day: look again.
      this.knownDays.clear();
      this.meter.count('positions-not-stored', fixes.length);
      for (const { reject } of batch) reject(thrown);
    } finally {
      this.waiting -= fixes.length;
    }
  }

  /** Days are made ahead each day; this is for a centre whose clock jumped or whose housekeeping did not come to it. */
  private async ensureDays(fixes: readonly StoredFix[]): Promise<void> {
    for (const dayMs of new Set(fixes.map(({ fix }) => dayOf(fix.takenAtMs)))) {
      if (this.knownDays.has(dayMs)) continue;
      await this.store.makeDays(dayMs, dayMs);
      if (this.knownDays.size >= MAX_KNOWN_DAYS) this.knownDays.clear();
      this.knownDays.add(dayMs);
    }
  }
}
