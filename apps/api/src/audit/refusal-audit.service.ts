import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BoundedQueue, reasonOf, type Logger, type Timer } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { AuditService, type AuditActor, type AuditRecord } from './audit.service.ts';
import { RefusalDigest, type RefusalSummary } from './refusal-digest.ts';

const LOOK_EVERY_MS = 5_000;
/** Summaries that wait while the database is away: about an hour of everybody being refused at once. */
const MAX_WAITING = 10_000;

/** Writes refusals into the audit, bounded per account and minute, and loses none silently. */
@Injectable()
export class RefusalAuditService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly digest: RefusalDigest;
  private readonly waiting = new BoundedQueue<RefusalSummary>(MAX_WAITING);
  private unwritten: RefusalSummary | undefined;
  private look: Timer | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.digest = new RefusalDigest(clock);
  }

  onModuleInit(): void {
    this.look = this.clock.every(LOOK_EVERY_MS, () => void this.flush());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.look?.cancel();
    await this.flush(true);
  }

  /** One line, or one more in the count of this minute. Rejects when its line cannot be written. */
  async record(what: AuditRecord, who: AuditActor): Promise<void> {
    if (this.digest.takesLine(what, who)) await this.audit.record(what, who);
  }

  /** Writes the minutes that are over (`everything`: also those that still run). Never rejects; what fails is tried again. */
  flush(everything = false): Promise<void> {
    for (const summary of this.digest.takeSummaries(everything)) this.queue(summary);
    this.writing = this.writing.then(() => this.writeWaiting());
    return this.writing;
  }

  private queue(summary: RefusalSummary): void {
    if (this.waiting.push(summary)) return;
    const { action, code, details } = summary.what;
    this.logger.error({ action, code, more: details?.['more'] }, 'a count of refusals did not reach the audit');
  }

  private async writeWaiting(): Promise<void> {
    for (let next = this.next(); next; next = this.next()) {
      try {
        await this.audit.record(next.what, next.who);
        this.unwritten = undefined;
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'counts of refusals wait for the database');
        return;
      }
    }
  }

  /** The one that could not be written comes first again. */
  private next(): RefusalSummary | undefined {
    return (this.unwritten ??= this.waiting.shift());
  }
}
