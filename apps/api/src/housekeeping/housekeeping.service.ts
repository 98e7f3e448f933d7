import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { reasonOf, sleep, type Logger } from '#libs/base';
import { SessionService } from '../access/session.service.ts';
import { CandidateService } from '../cameras/candidate.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { PositionsHousekeeping } from '../positions/positions-housekeeping.ts';

const DAY_MS = 86_400_000;
/** A start has more urgent work; a centre that is restarted each night is tidied all the same. */
const FIRST_MS = 120_000;
/** When the database was away. */
const RETRY_MS = 600_000;

/** Removes each day what is no longer needed. The audit is not touched: it is append-only. */
@Injectable()
export class HousekeepingService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly sessions: SessionService,
    private readonly candidates: CandidateService,
    private readonly positions: PositionsHousekeeping,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    let waitMs = FIRST_MS;
    while (await sleep(this.clock, waitMs, this.stop.signal)) waitMs = (await this.tidy()) ? DAY_MS : RETRY_MS;
  }

  /** One round. `false` when something could not be done; the rest was. Never rejects. */
  async tidy(): Promise<boolean> {
    const tasks = {
      'login sessions': () => this.sessions.forgetOld(),
      candidates: () => this.candidates.forgetUnseen(),
      'days of tracks': () => this.positions.tidyTracks(),
      'entries into areas': () => this.positions.tidyCrossings(),
    };
    let whole = true;
    for (const [what, task] of Object.entries(tasks)) {
      try {
        const removed = await task();
        if (removed > 0) this.logger.info({ what, removed }, 'old rows removed');
      } catch (thrown) {
        whole = false;
        this.logger.warn({ what, reason: reasonOf(thrown) }, 'old rows could not be removed');
      }
    }
    return whole;
  }
}
