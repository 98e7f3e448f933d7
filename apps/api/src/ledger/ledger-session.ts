import type pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { RefusalError, refusal, refused, type Clock, type Refusal } from '#libs/base';
import { EMPTY_HEAD, EventTooLargeError, seal, type Json, type LedgerHead, type SealedEvent } from '#libs/ledger';
import { PG_CHANNELS } from '#libs/wire';
import { APPEND, allOrFirstProblem, columnsOf, type OutcomeRow } from './append-statement.ts';
import { isFinal, outcomeText, type LedgerChange, type LedgerCommand, type StoredOutcome } from './ledger-command.ts';
import { turnManager } from './turn-runner.ts';

/** Any constant that no other advisory lock of the api takes. Whoever holds it is the one writer of this database. */
const LEDGER_LOCK = 7_215_400_061;
/** Everybody waits for the command that has its turn. */
const MAX_TURN_MS = 2_000;

/** The registry, as much of it as decides whether a kind may be appended. */
export interface KnownKinds {
  has(kind: string): boolean;
}

/** How one command of a batch ended. */
export type TurnEnd =
  | { readonly kind: 'settled'; readonly outcome: StoredOutcome }
  /** It threw: a bug, or a statement that failed. Its writes are undone and nothing is kept of it. */
  | { readonly kind: 'failed'; readonly thrown: unknown };

/** A command, as a session sees it. */
export interface Turn {
  readonly command: LedgerCommand<Json>;
  readonly fingerprint: string;
}

/** The batch is undone and each of its commands may be tried alone; the connection lives. */
export class SpoiledBatchError extends Error {
  override readonly name = 'SpoiledBatchError';
}

/** The connection was lost. `committing`: COMMIT was under way, so only the database knows whether it happened. */
export class LostSessionError extends Error {
  override readonly name = 'LostSessionError';

  constructor(
    readonly committing: boolean,
    cause: unknown,
  ) {
    super('the connection of the ledger was lost', { cause });
  }
}

interface Done {
  readonly ends: TurnEnd[];
  readonly events: SealedEvent[];
  readonly rows: OutcomeRow[];
}

/**
 * One connection that holds the writer's lock and writes by it alone: losing the connection is losing the lock, so two
 * writers cannot be. Its statements are pipelined (the data source is made with `pipeline`): a savepoint costs no round
 * trip of its own.
 */
export class LedgerSession {
  private head: LedgerHead = EMPTY_HEAD;
  private isLost = false;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly runner: QueryRunner,
    private readonly client: pg.Client,
    private readonly kinds: KnownKinds,
    private readonly clock: Clock,
    private readonly onLost: () => void,
  ) {
    client.on('error', this.lose);
    client.on('end', this.lose);
  }

  /** `undefined` while another process is the writer. Rejects when there is no connection. */
  static async open(
    dataSource: DataSource,
    kinds: KnownKinds,
    clock: Clock,
    onLost: () => void,
  ): Promise<LedgerSession | undefined> {
    const runner = dataSource.createQueryRunner();
    const client = (await runner.connect()) as pg.Client;
    const session = new LedgerSession(dataSource, runner, client, kinds, clock, onLost);
    try {
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
        LEDGER_LOCK,
      ]);
      if (rows[0]?.taken) {
        await session.readHead();
        return session;
      }
    } catch (thrown) {
      await session.close();
      throw thrown;
    }
    await session.close();
    return undefined;
  }

  get lost(): boolean {
    return this.isLost;
  }

  get at(): LedgerHead {
    return this.head;
  }

  private readonly lose = (): void => {
    this.isLost = true;
    this.onLost();
  };

  /** The connection goes back to its pool of one, and is asked again by the next session. */
  async close(): Promise<void> {
    this.client.off('error', this.lose);
    this.client.off('end', this.lose);
    if (!this.isLost) await this.client.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await this.runner.release();
  }

  /** Outcomes that are stored, by command. A command whose fingerprint differs is refused. */
  async known(turns: readonly Turn[]): Promise<Map<string, StoredOutcome>> {
    const { rows } = await this.client.query<{ id: string; fingerprint: string; outcome: string }>({
      name: 'ledger-known',
      text: 'SELECT command_id AS id, fingerprint, outcome FROM ledger_command WHERE command_id = ANY($1::uuid[])',
      values: [turns.map(({ command }) => command.commandId)],
    });
    const stored = new Map(rows.map((row) => [row.id, row]));
    const found = new Map<string, StoredOutcome>();
    for (const { command, fingerprint } of turns) {
      const row = stored.get(command.commandId);
      if (!row) continue;
      const same = row.fingerprint === fingerprint;
      found.set(command.commandId, same ? (JSON.parse(row.outcome) as StoredOutcome) : refused(idReused()));
    }
    return found;
  }

  /**
   * One transaction: every command its turn, then all events, then COMMIT. Answers how each ended and what was appended.
   * @throws {SpoiledBatchError} and {LostSessionError}
   */
  async commit(turns: readonly Turn[]): Promise<{ ends: readonly TurnEnd[]; events: readonly SealedEvent[] }> {
    let committing = false;
    try {
      this.send('START TRANSACTION');
      const known = await this.known(turns);
      const done: Done = { ends: [], events: [], rows: [] };
      for (const turn of turns) {
        const before = known.get(turn.command.commandId);
        if (before) done.ends.push({ kind: 'settled', outcome: before });
        else await this.take(turn, done);
      }
      committing = done.rows.length > 0;
      await this.finish(done);
      this.head = headOf(done.events) ?? this.head;
      return { ends: done.ends, events: done.events };
    } catch (thrown) {
      if (this.isLost || this.runner.isReleased) throw new LostSessionError(committing, thrown);
      await this.undo(committing).catch((lost: unknown) => {
        throw new LostSessionError(committing, lost);
      });
      throw new SpoiledBatchError('the batch could not be committed', { cause: thrown });
    }
  }

  private async take(turn: Turn, done: Done): Promise<void> {
    this.send('SAVEPOINT turn');
    const end = await this.runTurn(turn, done);
    // Without waiting: what comes next on this connection comes after it.
    this.send(end.kind === 'settled' && end.outcome.ok ? 'RELEASE SAVEPOINT turn' : 'ROLLBACK TO SAVEPOINT turn');
    if (this.isLost) throw new Error('lost in a turn');
    if (end.kind === 'settled' && isFinal(end.outcome)) {
      const outcome = outcomeText(turn.command.name, end.outcome);
      done.rows.push({ commandId: turn.command.commandId, fingerprint: turn.fingerprint, outcome });
    }
    done.ends.push(end);
  }

  private async runTurn({ command }: Turn, done: Done): Promise<TurnEnd> {
    const { manager, revoke, quiet } = turnManager(this.dataSource, this.runner);
    const atMs = this.clock.nowMs();
    const before = headOf(done.events) ?? this.head;
    try {
      const result = await this.inTime(command.run({ manager, atMs, firstSeq: before.seq + 1 })).finally(revoke);
      await quiet();
      // After a savepoint that cannot be set, the next rollback would undo the wrong command.
      if (this.client.getTransactionStatus() === 'E') throw new Error(`${command.name} hid that a statement failed`);
      if (!result.ok) return { kind: 'settled', outcome: result };
      const sealed = this.sealAll(command, result.value, atMs, before);
      const value = { value: result.value.value, events: spanOf(sealed) };
      outcomeText(command.name, { ok: true, value });
      done.events.push(...sealed);
      return { kind: 'settled', outcome: { ok: true, value } };
    } catch (thrown) {
      const reason = refusalOf(thrown);
      return reason ? { kind: 'settled', outcome: refused(reason) } : { kind: 'failed', thrown };
    } finally {
      await quiet();
    }
  }

  private sealAll(
    { actor, commandId }: LedgerCommand<Json>,
    { events }: LedgerChange<Json>,
    atMs: number,
    from: LedgerHead,
  ): SealedEvent[] {
    let head = from;
    return events.map(({ kind, subject, payload }) => {
      if (!this.kinds.has(kind)) throw new Error(`${kind} is not registered in ledger-inventory.ts`);
      const sealed = seal(head, { atMs, kind, subject, actor: plainActor(actor), commandId, payload });
      head = { seq: sealed.event.seq, hash: sealed.hash };
      return sealed;
    });
  }

  private async inTime<T>(running: Promise<T>): Promise<T> {
    let stop = (): void => {};
    const late = new Promise<never>((_resolve, reject) => {
      const timer = this.clock.after(MAX_TURN_MS, () => reject(new RefusalError(tooSlow())));
      stop = () => timer.cancel();
    });
    // What a late command still says is nobody's business.
    running.catch(() => undefined);
    return Promise.race([running, late]).finally(stop);
  }

  /** Rows, notification and COMMIT leave together; the answers say whether it all happened. */
  private async finish({ events, rows }: Done): Promise<void> {
    if (rows.length === 0) return this.rollback();
    const written = this.client.query({
      name: 'ledger-append',
      text: APPEND,
      values: columnsOf(events, rows, new Date(this.clock.nowMs())),
    });
    const told = events.length === 0 ? [] : [this.notify(events.at(-1)!.event.seq)];
    const committed = this.client.query('COMMIT');
    await allOrFirstProblem([written, ...told, committed]);
    const answer = await committed;
    // PostgreSQL answers a COMMIT of what has failed with ROLLBACK.
    if (answer.command !== 'COMMIT') throw new Error(`COMMIT was answered with ${answer.command}`);
  }

  private async rollback(): Promise<void> {
    await this.client.query('ROLLBACK');
  }

  private notify(seq: number): Promise<unknown> {
    return this.client.query({
      name: 'ledger-notify',
      text: 'SELECT pg_notify($1, $2)',
      values: [PG_CHANNELS.ledger, String(seq)],
    });
  }

  private async undo(committing: boolean): Promise<void> {
    await this.rollback();
    // Somebody wrote past us, or a constraint spoke at COMMIT: the head is asked for, not assumed.
    if (committing) await this.readHead();
  }

  private async readHead(): Promise<void> {
    const { rows } = await this.client.query<{ seq: string; hash: string }>(
      'SELECT seq, hash FROM ledger_entry ORDER BY seq DESC LIMIT 1',
    );
    this.head = rows[0] ? { seq: Number(rows[0].seq), hash: rows[0].hash } : EMPTY_HEAD;
  }

  /** Its failure shows in what follows it: a failed statement fails all until the savepoint, and COMMIT. */
  private send(sql: string): void {
    this.client.query(sql).catch(() => undefined);
  }
}

/** A refusal that was thrown rather than returned, or that the database's answer amounts to. */
function refusalOf(thrown: unknown): Refusal | undefined {
  if (thrown instanceof RefusalError) return thrown.refusal;
  if (thrown instanceof EventTooLargeError) return refusal('too-large', 'ledger-event-too-large', thrown.message);
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
  // Deadlock, lock timeout, statement timeout: somebody outside the ledger holds the rows.
  return code === '40P01' || code === '55P03' || code === '57014'
    ? refusal('unavailable', 'ledger-contended', 'something else is changing this just now, try again')
    : undefined;
}

function idReused(): Refusal {
  return refusal('conflict', 'command-id-reused', 'this command id was used for another command');
}

function tooSlow(): Refusal {
  return refusal('unavailable', 'ledger-turn-too-long', `the change took longer than ${MAX_TURN_MS} ms and was undone`);
}

function plainActor({ type, id, name }: LedgerCommand<Json>['actor']): LedgerCommand<Json>['actor'] {
  return name === undefined ? { type, id } : { type, id, name };
}

function headOf(events: readonly SealedEvent[]): LedgerHead | undefined {
  const last = events.at(-1);
  return last && { seq: last.event.seq, hash: last.hash };
}

function spanOf(events: readonly SealedEvent[]): { firstSeq: number; lastSeq: number } | null {
  const [first] = events;
  return first ? { firstSeq: first.event.seq, lastSeq: events.at(-1)!.event.seq } : null;
}
