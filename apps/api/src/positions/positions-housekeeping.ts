import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { removeInBatches } from '../housekeeping/batches.ts';
import { CrossingStore } from './crossing.store.ts';
import { TrackStore } from './track.store.ts';

const DAY_MS = 86_400_000;
/** Housekeeping comes each day; a database that is away for a night must not leave a day without its partition. */
const DAYS_AHEAD = 3;
/** Whatever the days, no more entries than this. A hundred units that cross a border each minute fill it in a week. */
const MAX_CROSSINGS = 1_000_000;

/** Makes the days that come and drops those that are no longer kept. */
@Injectable()
export class PositionsHousekeeping implements OnModuleInit {
  constructor(
    private readonly tracks: TrackStore,
    private readonly crossings: CrossingStore,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.makeDays();
  }

  /** Answers how many days of tracks were dropped. */
  async tidyTracks(): Promise<number> {
    await this.makeDays();
    return this.tracks.dropDaysBefore(this.keepSinceMs());
  }

  /** Answers how many entries were removed. */
  tidyCrossings(): Promise<number> {
    return removeInBatches((limit) => this.crossings.removeOld(this.keepSinceMs(), MAX_CROSSINGS, limit));
  }

  private keepSinceMs(): number {
    return this.clock.nowMs() - this.config.positions.trackKeepDays * DAY_MS;
  }

  /** From the oldest fix that may still be taken. */
  private async makeDays(): Promise<void> {
    const nowMs = this.clock.nowMs();
    await this.tracks.makeDays(nowMs - this.config.positions.fixBounds.maxAgeMs, nowMs + DAYS_AHEAD * DAY_MS);
  }
}
