import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Backoff, reasonOf, sleep, type Logger } from '#libs/base';
import { PastBoard, isLive, type BoardChange } from '#libs/dispatch';
import { CLOCK, type Clock } from '../clock.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { LOGGER } from '../logging.ts';
import { foldPast } from './past-fold.ts';
import { CHECKPOINTS, PastStateStore, type PastState } from './past-state.store.ts';

/**
 * Entries between two checkpoints. A look back folds at most so many beside those of its page; a year of a million entries
 * makes two thousand checkpoints, each with what changed since the one before: 299 MB where the ledger has 1,075 (docs/replay.md).
 */
export const CHECKPOINT_ENTRIES = 500;
/** Between two checkpoints of a ledger that is long already: normal work goes first. */
const CATCH_UP_PAUSE_MS = 20;
const RETRY = { firstMs: 1_000, maxMs: 60_000, jitter: 0.3 };

/**
 * Follows the ledger and keeps, every {@link CHECKPOINT_ENTRIES} entries, how incidents and units were. It is behind by less
 * than that; of several processes one does it at a time, and the next goes on where it was. A database that was upgraded
 * is caught up from its first entry.
 */
@Injectable()
export class CheckpointWriter implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private stopListening: () => void = () => undefined;
  private wake: () => void = () => undefined;
  private heardSeq = 0;
  private nextSeq = CHECKPOINT_ENTRIES;

  constructor(
    private readonly dataSource: DataSource,
    private readonly ledger: LedgerService,
    private readonly entries: LedgerStore,
    private readonly states: PastStateStore,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.stopListening = this.ledger.listen((events) => this.hear(events.at(-1)?.seq ?? 0));
    this.heardSeq = this.ledger.seq;
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopListening();
    this.stopping.abort();
    this.wake();
    await this.loop;
  }

  /** Writes every checkpoint that is due, and resolves when none is. */
  async catchUp(): Promise<void> {
    while (!this.stopping.signal.aborted && (await this.writeNext()))
      await sleep(this.clock, CATCH_UP_PAUSE_MS, this.stopping.signal);
  }

  private hear(seq: number): void {
    this.heardSeq = Math.max(this.heardSeq, seq);
    if (this.heardSeq >= this.nextSeq) this.wake();
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(RETRY);
    while (!this.stopping.signal.aborted) {
      try {
        await this.catchUp();
        backoff.reset();
        await this.nextDue();
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'a checkpoint of the replay failed, it is tried again');
        await sleep(this.clock, backoff.nextMs(), this.stopping.signal);
      }
    }
  }

  private nextDue(): Promise<void> {
    if (this.heardSeq >= this.nextSeq || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = () => undefined;
        resolve();
      };
    });
  }

  /** `false` when no whole stretch of entries waits. */
  private writeNext(): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const before = await this.entries.lockCursor(CHECKPOINTS, manager);
      this.nextSeq = before + CHECKPOINT_ENTRIES;
      const found = await this.entries.eventsAfter(before, CHECKPOINT_ENTRIES, manager);
      if (found.length < CHECKPOINT_ENTRIES) return false;
      await this.write(before, found, manager);
      await this.entries.moveCursor(CHECKPOINTS, this.nextSeq, new Date(this.clock.nowMs()), manager);
      this.nextSeq += CHECKPOINT_ENTRIES;
      return true;
    });
  }

  private async write(
    before: number,
    found: Awaited<ReturnType<LedgerStore['eventsAfter']>>,
    manager: EntityManager,
  ): Promise<void> {
    const changed = new Map<string, PastState>();
    const fetch = (reads: Parameters<PastStateStore['asOf']>[0]) => this.states.asOf(reads, before, manager);
    await foldPast(new PastBoard(), found, fetch, (_entry, _event, change) => {
      for (const state of statesOf(change)) changed.set(`${state.kind}/${state.id}`, state);
    });
    await this.states.add([...changed.values()], before, before + CHECKPOINT_ENTRIES, manager);
  }
}

function statesOf(change: BoardChange = { incidents: [], units: [] }): PastState[] {
  return [
    ...change.incidents.map((state) => ({ kind: 'incident', id: state.id, open: isLive(state), state }) as const),
    ...change.units.map((state) => ({ kind: 'unit', id: state.id, open: state.retiredAtMs === null, state }) as const),
  ];
}
