import { readFile } from 'node:fs/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { RefusalError, reasonOf, refusal, uuidV7, type Logger } from '#libs/base';
import { parseSignedHead, verifyLedger, type SignedHead } from '#libs/ledger';
import type { LedgerStateView, LedgerVerificationView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';
import type { LedgerVerificationEntity } from './ledger-verification.entity.ts';
import { LedgerStore } from './ledger.store.ts';
import { SignedHeadsService } from './signed-heads.service.ts';
import { keptHeadFile } from './signing-key.ts';

type Running = NonNullable<LedgerStateView['running']>;

/** Checks the whole ledger when somebody asks, one at a time, page by page beside the normal work. */
@Injectable()
export class VerificationService implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private now: Running | null = null;
  private job: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: LedgerStore,
    private readonly heads: SignedHeadsService,
    private readonly audit: AuditService,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.job;
  }

  get running(): Running | null {
    return this.now;
  }

  async last(): Promise<LedgerVerificationView | null> {
    const last = await this.store.lastVerification();
    return last ? viewOf(last) : null;
  }

  /** Begins; how it goes is asked for. @throws {RefusalError} `ledger-verifying` while one runs. */
  async start(by: SignedInUser): Promise<Running> {
    if (this.now) throw new RefusalError(refusal('conflict', 'ledger-verifying', 'a verification is running already'));
    this.now = { startedAtMs: this.clock.nowMs(), requestedBy: by.displayName, seq: 0, ofSeq: 0 };
    try {
      this.now = { ...this.now, ofSeq: (await this.store.head()).seq };
      await this.audit.record({ action: 'ledger:verify', objectKind: 'ledger', outcome: 'done' }, by);
    } catch (thrown) {
      this.now = null;
      throw thrown;
    }
    this.job = this.run(this.now);
    return this.now;
  }

  private async run({ startedAtMs, requestedBy }: Running): Promise<void> {
    try {
      const verdict = await verifyLedger(this.store.source(), {
        trusted: [this.heads.key.publicKey],
        expected: await this.keptHeads(),
        signal: this.stopping.signal,
        onProgress: (seq) => (this.now = this.now && { ...this.now, seq, ofSeq: Math.max(seq, this.now.ofSeq) }),
      });
      // Half a verification says nothing.
      if (this.stopping.signal.aborted) return;
      const times = { startedAt: new Date(startedAtMs), finishedAt: new Date(this.clock.nowMs()) };
      await this.store.addVerification({ id: uuidV7(startedAtMs), ...times, requestedBy, verdict });
      if (verdict.broken) this.logger.error({ ...verdict.broken }, 'the ledger is broken');
    } catch (thrown) {
      this.logger.warn({ reason: reasonOf(thrown) }, 'the ledger could not be verified');
    } finally {
      this.now = null;
    }
  }

  /** A file that is not there yet is no reason for doubt; one that cannot be read is told in the log. */
  private async keptHeads(): Promise<SignedHead[]> {
    const text = await readFile(keptHeadFile(this.config.dataFolder), 'utf8').catch(() => undefined);
    if (text === undefined) return [];
    const head = parseSignedHead(text);
    if (!head) this.logger.warn({}, 'the head that was kept in the data folder cannot be read');
    return head ? [head] : [];
  }
}

function viewOf({ startedAt, finishedAt, requestedBy, verdict }: LedgerVerificationEntity): LedgerVerificationView {
  return { startedAtMs: startedAt.getTime(), finishedAtMs: finishedAt.getTime(), requestedBy, ...verdict };
}
