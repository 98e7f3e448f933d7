import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { reasonOf, type Logger, type Timer } from '#libs/base';
import { localDay, midnightMs } from '#libs/report';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';
import { TrackService } from '../positions/track.service.ts';
import { UnitDirectory } from '../positions/unit-directory.ts';
import { PatrolStore } from './patrol.store.ts';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 30 * 60_000;
/** Days measured in one look: after a long absence the rest follows, and the api is not kept busy. */
const DAYS_A_LOOK = 3;

/**
 * Measures each day of each unit once it is over, and once more when no late position of it can come any more. Tracks are
 * dropped after some weeks; what they added up to stays.
 */
@Injectable()
export class PatrolKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private timer: Timer | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly tracks: TrackService,
    private readonly units: UnitDirectory,
    private readonly days: PatrolStore,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = this.clock.every(LOOK_EVERY_MS, () => {
      this.look().catch((thrown: unknown) =>
        this.logger.warn({ reason: reasonOf(thrown) }, 'patrols cannot be measured, tries again'),
      );
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.timer?.cancel();
    this.stopping.abort();
    await this.looking?.catch(() => undefined);
  }

  /** Measures what is due, the newest day first. One look at a time. */
  look(): Promise<void> {
    this.looking ??= this.measureDue().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async measureDue(): Promise<void> {
    for (const day of (await this.due()).slice(0, DAYS_A_LOOK)) await this.measure(day);
  }

  /** Days that are over and kept, and were not measured since the last of their positions could come. */
  private async due(): Promise<string[]> {
    const { trackKeepDays, fixBounds } = this.config.positions;
    const nowMs = this.clock.nowMs();
    const newest = localDay(nowMs - DAY_MS);
    const oldest = localDay(nowMs - (trackKeepDays - 1) * DAY_MS);
    const measured = await this.days.measured(oldest, newest);
    const due: string[] = [];
    for (let atMs = midnightMs(newest); atMs >= midnightMs(oldest); atMs -= DAY_MS) {
      const settledMs = atMs + DAY_MS + fixBounds.maxAgeMs;
      const measuredMs = measured.get(localDay(atMs));
      if (measuredMs === undefined || (measuredMs < settledMs && nowMs >= settledMs)) due.push(localDay(atMs));
    }
    return due;
  }

  private async measure(day: string): Promise<void> {
    const fromMs = midnightMs(day);
    const [units, fences] = await Promise.all([this.units.all(), this.tracks.fences()]);
    const at = new Date(this.clock.nowMs());
    for (const { id } of units) {
      if (this.stopping.signal.aborted) return;
      const { minutesByFence, movingMinutes, standingMinutes, unknownMinutes, ...track } = await this.tracks.measure(
        id,
        fromMs,
        fromMs + DAY_MS,
        fences,
      );
      const minutes = { movingMin: movingMinutes, standingMin: standingMinutes, unknownMin: unknownMinutes };
      await this.days.put(
        { ...track, ...minutes, day, unitId: id, areaMinutes: Object.fromEntries(minutesByFence) },
        at,
      );
    }
  }
}
