import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RecentDurations, type DurationFigures, type Logger, type Result } from '#libs/base';
import type { Json, LedgerEvent } from '#libs/ledger';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { ledgerDataSource } from '../data-source.ts';
import { LOGGER } from '../logging.ts';
import { DurableReader, type DurableHandler } from './durable-reader.ts';
import type { LedgerCommand, LedgerOutcome } from './ledger-command.ts';
import { LedgerFeed, type FeedListener } from './ledger-feed.ts';
import type { KnownKinds } from './ledger-session.ts';
import { LedgerWriter, type CommandListener } from './ledger-writer.ts';
import { LedgerStore } from './ledger.store.ts';

/** The registry, as much of it as this slice needs. */
export interface RegisteredKinds extends KnownKinds {
  readonly names: readonly string[];
}

const KEPT_DURATIONS = 500;

/** What the writer did and has to do. */
export interface LedgerFigures {
  /** Events that this process appended. */
  readonly appended: number;
  /** Commands that wait for their turn. */
  readonly waiting: number;
  readonly commands: DurationFigures;
}

/** Injection token of the registry of every kind that may be appended. */
export const KINDS = Symbol('KINDS');

/** The ledger, for every slice that changes or follows something: {@link execute}, {@link listen}, {@link eventsAfter}, {@link readDurably}. */
@Injectable()
export class LedgerService implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly own: DataSource;
  private readonly writer: LedgerWriter;
  private readonly feed: LedgerFeed;
  private readonly durations = new RecentDurations(KEPT_DURATIONS);
  private appendedCount = 0;
  private readonly readers = new Map<string, DurableReader>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly store: LedgerStore,
    @Inject(KINDS) kinds: KnownKinds,
    @Inject(API_CONFIG) config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.own = ledgerDataSource(config, logger);
    this.writer = new LedgerWriter(this.own, kinds, clock, logger);
    this.feed = new LedgerFeed(store, config.databaseUrl, clock, logger);
    this.writer.onCommitted((events) => this.feed.offer(events));
    this.writer.onCommitted((events) => (this.appendedCount += events.length));
    this.writer.onCommand((tookMs, end) => end === 'done' && this.durations.add(tookMs));
  }

  /** The feed stands before any slice listens, and the writer before any request comes. */
  async onModuleInit(): Promise<void> {
    await this.feed.start();
    this.writer.start();
  }

  onApplicationBootstrap(): void {
    for (const reader of this.readers.values()) reader.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([...this.readers.values()].map((reader) => reader.stop()));
    await this.writer.stop();
    await this.feed.stop();
    if (this.own.isInitialized) await this.own.destroy();
  }

  /**
   * Runs a command: its change and its events are one transaction, and it is answered once that is on the disk. See
   * {@link LedgerCommand} for what `run` may do, {@link LedgerWriter.execute} for what is refused.
   */
  execute<T extends Json>(command: LedgerCommand<T>): Promise<Result<LedgerOutcome<T>>> {
    return this.writer.execute(command);
  }

  /**
   * Number of the last event that listeners here have heard. Read it *before* reading rows: those rows hold at least every
   * event up to it, so a page that shows them follows the ledger from this number.
   */
  get seq(): number {
    return this.feed.seq;
  }

  /** This process is the one that writes. */
  get writesHere(): boolean {
    return this.writer.at !== undefined;
  }

  /** How the writing goes, since this process started; the times are those of the last commands that were done. */
  get figures(): LedgerFigures {
    return { appended: this.appendedCount, waiting: this.writer.queued, commands: this.durations.figures() };
  }

  /** Hears how long each command took and how it ended. Must not throw and must not wait. */
  onCommand(listener: CommandListener): void {
    this.writer.onCommand(listener);
  }

  /** Hears every event after {@link seq}, in order, each once. Answers how to stop. */
  listen(listener: FeedListener): () => void {
    return this.feed.listen(listener);
  }

  /** Events by cursor, in order. Nothing with a number up to the last one answered can still appear. */
  eventsAfter(seq: number, limit: number): Promise<LedgerEvent[]> {
    return this.store.eventsAfter(seq, limit);
  }

  /** Deals with every event there ever was and will be, across restarts. Call it from `onModuleInit`; `name` is for ever. */
  readDurably(name: string, handle: DurableHandler): void {
    if (this.readers.has(name)) throw new Error(`a reader "${name}" is there already`);
    const { dataSource, store, feed, clock, logger } = this;
    this.readers.set(name, new DurableReader(name, handle, dataSource, store, feed, clock, logger));
  }
}
