import type { DataSource } from 'typeorm';
import {
  Backoff,
  isUuid,
  reasonOf,
  refusal,
  refused,
  sleep,
  type Clock,
  type Logger,
  type Refusal,
  type Result,
} from '#libs/base';
import type { Json, LedgerEvent, LedgerHead } from '#libs/ledger';
import { fingerprintOf, type LedgerCommand, type LedgerOutcome, type StoredOutcome } from './ledger-command.ts';
import {
  LedgerSession,
  LostSessionError,
  type KnownKinds,
  SpoiledBatchError,
  type Turn,
  type TurnEnd,
} from './ledger-session.ts';

/** Commands that may wait: half a second of work at the rate of docs/performance.md. */
const MAX_WAITING = 2_000;
/** Commands of one transaction. PostgreSQL keeps 64 subtransactions in shared memory (PGPROC_MAX_CACHED_SUBXIDS). */
const MAX_BATCH = 50;
/** How long a command waits for a connection that was lost. */
const CONNECTION_PATIENCE_MS = 8_000;
/** How long it waits while another api is the writer: as long as one that stops takes to let go. */
const OTHER_WRITER_PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 250;
const RECONNECT = { firstMs: 100, maxMs: 2_000, jitter: 0.3 };

interface Pending extends Turn {
  readonly beganMs: number;
  readonly answer: (result: Result<LedgerOutcome<Json>>) => void;
  readonly fail: (thrown: unknown) => void;
  readonly promise: Promise<Result<LedgerOutcome<Json>>>;
}

/** What the writer is doing; `sinceMs` by the monotonic clock. */
type WriterState =
  | { readonly kind: 'connecting'; readonly sinceMs: number }
  /** Another process holds the lock of this database. */
  | { readonly kind: 'standing-by'; readonly sinceMs: number }
  | { readonly kind: 'writing'; readonly session: LedgerSession }
  | { readonly kind: 'stopped' };

/** How a command ended: it changed something or had nothing to change, was refused, or failed. */
export type CommandEnd = 'done' | 'refused' | 'failed';
/** Hears how long each command took, from its arrival to its answer. Must not throw and must not wait. */
export type CommandListener = (tookMs: number, end: CommandEnd) => void;

/** Hears events once they are committed, in order. Must not throw and must not wait. */
export type CommitListener = (events: readonly LedgerEvent[]) => void;

/**
 * The one hand that writes the ledger of a database. Commands queue; what queued while the last commit was in flight is
 * the next transaction, so the disk is flushed once for many. An answer is given after the commit, never before.
 */
export class LedgerWriter {
  private readonly waiting: Pending[] = [];
  /** Commands that wait or have their turn, by id. */
  private readonly open = new Map<string, Pending>();
  private readonly listeners = new Set<CommitListener>();
  private readonly commandListeners = new Set<CommandListener>();
  private readonly stopping = new AbortController();
  private state: WriterState;
  private loop: Promise<void> = Promise.resolve();
  /** Commands whose COMMIT was under way when the connection was lost. */
  private doubtful: readonly Pending[] = [];
  private wake: () => void = () => {};

  /** @param dataSource its own, of one connection, pipelined: `ledgerDataSource` */
  constructor(
    private readonly dataSource: DataSource,
    private readonly kinds: KnownKinds,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.state = { kind: 'connecting', sinceMs: clock.monotonicMs() };
  }

  /** Whether this process is the writer, and where the ledger stands when it is. */
  get at(): LedgerHead | undefined {
    return this.state.kind === 'writing' ? this.state.session.at : undefined;
  }

  get queued(): number {
    return this.waiting.length;
  }

  onCommitted(listener: CommitListener): void {
    this.listeners.add(listener);
  }

  onCommand(listener: CommandListener): void {
    this.commandListeners.add(listener);
  }

  start(): void {
    this.loop = this.run();
  }

  /** Finishes the batch that runs, refuses what waits, lets go of the lock. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.loop;
    this.state = { kind: 'stopped' };
    this.refuseAll([...this.doubtful, ...this.waiting.splice(0)]);
  }

  /**
   * Runs a command and answers once it is durable. Refusals of the command are its outcome and are kept; these are not:
   * `ledger-busy`, `ledger-unavailable`, `ledger-elsewhere`, `ledger-outcome-unknown`, `ledger-contended`,
   * `ledger-turn-too-long`. After any of them, and after a rejection, the same command id may be sent again.
   */
  execute<T extends Json>(command: LedgerCommand<T>): Promise<Result<LedgerOutcome<T>>> {
    return this.enter(command as LedgerCommand<Json>) as Promise<Result<LedgerOutcome<T>>>;
  }

  private async enter(command: LedgerCommand<Json>): Promise<Result<LedgerOutcome<Json>>> {
    if (!isUuid(command.commandId))
      return refused(refusal('bad-input', 'command-id-malformed', 'a command id is a UUID in lower case'));
    const fingerprint = fingerprintOf(command);
    const same = this.open.get(command.commandId);
    if (same) return same.fingerprint === fingerprint ? same.promise : refused(idReused());
    const reason = this.reasonToRefuse();
    if (reason) return refused(reason);
    return this.queue(command, fingerprint).promise;
  }

  private queue(command: LedgerCommand<Json>, fingerprint: string): Pending {
    let answer: Pending['answer'] = () => {};
    let fail: Pending['fail'] = () => {};
    const promise = new Promise<Result<LedgerOutcome<Json>>>((resolve, reject) => {
      answer = resolve;
      fail = reject;
    });
    const beganMs = this.clock.monotonicMs();
    const pending: Pending = { command, fingerprint, answer, fail, promise, beganMs };
    this.open.set(command.commandId, pending);
    this.waiting.push(pending);
    this.wake();
    return pending;
  }

  private reasonToRefuse(): Refusal | undefined {
    if (this.stopping.signal.aborted || this.isImpatient()) return this.awayRefusal();
    if (this.waiting.length < MAX_WAITING) return undefined;
    return refusal('too-many', 'ledger-busy', `${MAX_WAITING} changes wait already, try again in a second`, {
      retryAfterS: 1,
    });
  }

  /** There was no writer here for longer than a command waits. */
  private isImpatient(): boolean {
    const { state } = this;
    if (state.kind === 'writing' || state.kind === 'stopped') return false;
    const patienceMs = state.kind === 'connecting' ? CONNECTION_PATIENCE_MS : OTHER_WRITER_PATIENCE_MS;
    return this.clock.monotonicMs() - state.sinceMs >= patienceMs;
  }

  private async run(): Promise<void> {
    const patience = this.clock.every(LOOK_EVERY_MS, () => {
      if (this.isImpatient()) this.refuseAll([...this.doubtful, ...this.waiting.splice(0)]);
    });
    const backoff = new Backoff(RECONNECT);
    while (!this.stopping.signal.aborted) {
      const session = await this.openSession();
      if (!session) {
        const waitMs = this.state.kind === 'standing-by' ? LOOK_EVERY_MS : backoff.nextMs();
        await sleep(this.clock, waitMs, this.stopping.signal);
        continue;
      }
      backoff.reset();
      await this.serve(session);
      await session.close().catch(() => undefined);
      this.become('connecting');
    }
    patience.cancel();
  }

  private async openSession(): Promise<LedgerSession | undefined> {
    try {
      if (!this.dataSource.isInitialized) await this.dataSource.initialize();
      const session = await LedgerSession.open(this.dataSource, this.kinds, this.clock, () => this.wake());
      if (!session) this.become('standing-by');
      return session;
    } catch (thrown) {
      // Said once per outage.
      if (this.become('connecting')) this.logger.warn({ reason: reasonOf(thrown) }, 'the ledger has no database');
      return undefined;
    }
  }

  /** `false` when it was so already: its time goes on. */
  private become(kind: 'connecting' | 'standing-by'): boolean {
    if (this.state.kind === kind) return false;
    if (kind === 'standing-by') this.logger.info({}, 'another process writes the ledger; standing by');
    this.state = { kind, sinceMs: this.clock.monotonicMs() };
    return true;
  }

  /** One session's life, until it is lost or everything stops. */
  private async serve(session: LedgerSession): Promise<void> {
    try {
      await this.settleDoubtful(session);
      this.state = { kind: 'writing', session };
      this.logger.info({ seq: session.at.seq }, 'writing the ledger');
      while (!session.lost) {
        if (this.waiting.length > 0) await this.commit(session, this.waiting.splice(0, MAX_BATCH));
        else if (this.stopping.signal.aborted) return;
        else await this.nextCommand(session);
      }
    } catch (thrown) {
      if (thrown instanceof LostSessionError)
        this.logger.warn({ reason: reasonOf(thrown.cause) }, 'the connection of the ledger was lost');
      else this.failAll(thrown);
    }
  }

  private nextCommand(session: LedgerSession): Promise<void> {
    if (this.waiting.length > 0 || session.lost || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = () => {};
        // Commands of one burst arrive in one turn of the event loop: they share a transaction.
        setImmediate(resolve);
      };
    });
  }

  private async commit(session: LedgerSession, batch: readonly Pending[]): Promise<void> {
    try {
      const { ends, events } = await session.commit(batch);
      if (events.length > 0) this.publish(events.map(({ event }) => event));
      for (const [index, pending] of batch.entries()) this.settle(pending, ends[index]!);
    } catch (thrown) {
      if (thrown instanceof LostSessionError) this.lose(batch, thrown);
      if (!(thrown instanceof SpoiledBatchError)) throw thrown;
      await this.commitAlone(session, batch, thrown);
    }
  }

  /** One of them spoils the commit: each is tried by itself, and the one that cannot be is named by its error. */
  private async commitAlone(
    session: LedgerSession,
    batch: readonly Pending[],
    spoiled: SpoiledBatchError,
  ): Promise<void> {
    const [only, ...others] = batch;
    if (only && others.length === 0) return this.settle(only, { kind: 'failed', thrown: spoiled.cause });
    this.logger.warn({ commands: batch.length, reason: reasonOf(spoiled.cause) }, 'a batch of the ledger was spoiled');
    for (const [index, pending] of batch.entries()) {
      try {
        await this.commit(session, [pending]);
      } catch (thrown) {
        // The connection went with this one: those behind it were not begun.
        this.refuseAll(batch.slice(index + 1));
        throw thrown;
      }
    }
  }

  private lose(batch: readonly Pending[], { committing }: LostSessionError): void {
    if (committing) this.doubtful = batch;
    else this.refuseAll(batch);
  }

  /** The lock is ours again, so the session that was lost is over and its transaction decided: what is stored, happened. */
  private async settleDoubtful(session: LedgerSession): Promise<void> {
    const { doubtful } = this;
    if (doubtful.length === 0) return;
    const known = await session.known(doubtful).catch((thrown: unknown) => {
      throw new LostSessionError(false, thrown);
    });
    this.doubtful = [];
    for (const pending of doubtful) {
      const outcome = known.get(pending.command.commandId);
      if (outcome) this.settle(pending, { kind: 'settled', outcome });
      else this.refuseAll([pending]);
    }
  }

  private settle(pending: Pending, end: TurnEnd): void {
    this.open.delete(pending.command.commandId);
    const tookMs = this.clock.monotonicMs() - pending.beganMs;
    const how = end.kind === 'failed' ? 'failed' : end.outcome.ok ? 'done' : 'refused';
    for (const listener of this.commandListeners) listener(tookMs, how);
    if (end.kind === 'settled') pending.answer(end.outcome satisfies StoredOutcome);
    else pending.fail(end.thrown);
  }

  private refuseAll(batch: readonly Pending[]): void {
    for (const pending of batch) {
      const doubt = this.doubtful.includes(pending);
      this.settle(pending, { kind: 'settled', outcome: refused(doubt ? unknownOutcome() : this.awayRefusal()) });
    }
    this.doubtful = [];
  }

  /** A bug of the writer itself: nobody is left waiting, and it begins anew. */
  private failAll(thrown: unknown): void {
    this.logger.error({ stack: thrown instanceof Error ? thrown.stack : undefined }, 'the ledger writer failed');
    this.waiting.length = 0;
    for (const pending of this.open.values()) this.settle(pending, { kind: 'failed', thrown });
  }

  private awayRefusal(): Refusal {
    return this.state.kind === 'standing-by'
      ? refusal('unavailable', 'ledger-elsewhere', 'another api process writes the ledger; ask that one')
      : refusal('unavailable', 'ledger-unavailable', 'the ledger cannot be written now; nothing was changed');
  }

  private publish(events: readonly LedgerEvent[]): void {
    for (const listener of this.listeners) {
      try {
        listener(events);
      } catch (thrown) {
        this.logger.error({ reason: reasonOf(thrown) }, 'a listener of the ledger failed');
      }
    }
  }
}

function idReused(): Refusal {
  return refusal('conflict', 'command-id-reused', 'this command id was used for another command');
}

function unknownOutcome(): Refusal {
  return refusal(
    'unavailable',
    'ledger-outcome-unknown',
    'the connection was lost while this was written: send it again with the same command id to learn how it ended',
  );
}
