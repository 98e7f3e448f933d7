import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { ok, refusal, refused, silentLogger, systemClock, type Clock } from '#libs/base';
import { sqlSource, verifyLedger, type Json } from '#libs/ledger';
import { createTestDatabase, type TestDatabase } from '../../../../scripts/test-database.ts';
import { eventually } from '../../testing/eventually.ts';
import { addCommand, COUNTER_KINDS, CREATE_COUNTERS, FULL_TOTAL, startWriter } from '../../testing/test-ledger.ts';
import { loadConfig } from '../config.ts';
import { connect, migrate } from '../data-source.ts';
import type { LedgerCommand } from './ledger-command.ts';
import type { LedgerWriter } from './ledger-writer.ts';

/**
 * Patience is a tenth of what it is, for a writer that is meant to lose it. Others keep the system's clock: on a busy machine
 * a command that is as quick as ever would take longer than a tenth of what it may.
 */
const HURRIED: Clock = {
  ...systemClock,
  monotonicMs: () => systemClock.monotonicMs() * 10,
  every: (periodMs, task) => systemClock.every(periodMs / 10, task),
};
/** Only a turn is cut short by this one; whoever waits for the writer is as patient as ever. */
const SHORT_TURNS: Clock = { ...systemClock, after: (delayMs, task) => systemClock.after(delayMs / 10, task) };

let database: TestDatabase;
let dataSource: DataSource;
let writer: LedgerWriter;
let own: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await connect(loadConfig({ DATABASE_URL: database.url, ATALAYA_KEY: '07'.repeat(32) }), silentLogger);
  await migrate(dataSource);
  await dataSource.query(CREATE_COUNTERS);
  ({ writer, own } = startWriter(database.url, systemClock, silentLogger));
});
afterAll(async () => {
  await writer.stop();
  await own.destroy();
  await dataSource.destroy();
  await database.drop();
});

const totalOf = async (counter: string): Promise<number> =>
  (await dataSource.query<{ total: number }[]>('SELECT total FROM counter WHERE id = $1', [counter]))[0]!.total;
const verdict = () => verifyLedger(sqlSource((sql, parameters) => dataSource.query(sql, [...parameters])));
const entriesOf = (commandId: string): Promise<{ seq: string; text: string }[]> =>
  dataSource.query('SELECT seq, text FROM ledger_entry WHERE command_id = $1 ORDER BY seq', [commandId]);

/** A command that does something else than add. */
function command(run: LedgerCommand<Json>['run'], commandId: string = randomUUID()): LedgerCommand<Json> {
  return { commandId, actor: { type: 'account', id: 'a-1', name: 'Ana' }, name: 'counter:try', input: {}, run };
}

describe('the writer of the ledger', () => {
  it('gives many commands at once a number each, in the order in which they are answered, without a gap', async () => {
    const published: number[] = [];
    writer.onCommitted((events) => published.push(...events.map(({ seq }) => seq)));
    const answered: number[] = [];
    await Promise.all(
      Array.from({ length: 500 }, async (_, index) => {
        const result = await writer.execute(addCommand(`c-${index % 7}`));
        if (!result.ok) throw new Error(result.refusal.code);
        answered.push(result.value.events!.lastSeq);
      }),
    );
    const first = answered[0]!;
    expect(answered).toEqual(Array.from({ length: 500 }, (_, index) => first + index));
    expect(published).toEqual(answered);
    expect(await totalOf('c-0')).toBe(72);
    expect(await verdict()).toMatchObject({ broken: null, entries: 500 });
  });

  it('chains so that PostgreSQL itself, by its own SHA-256, finds nothing wrong', async () => {
    const wrong: unknown[] = await dataSource.query(`
      SELECT seq FROM (
        SELECT seq, text, hash, lag(hash, 1, repeat('0', 64)) OVER w AS before, lag(seq, 1, 0::bigint) OVER w AS seq_before
        FROM ledger_entry WINDOW w AS (ORDER BY seq)) AS link
      WHERE hash <> encode(sha256(convert_to(text, 'UTF8')), 'hex') OR text::json ->> 'prev' <> before
        OR seq <> seq_before + 1 OR (text::json ->> 'seq')::bigint <> seq`);
    expect(wrong).toEqual([]);
  });

  it('undoes a command that is refused, fails or breaks a rule, and not its neighbours', async () => {
    const before = await totalOf('c-9');
    await dataSource.query("INSERT INTO counter VALUES ('full', $1)", [FULL_TOTAL]);
    const bad = [
      addCommand('full'),
      addCommand('nobody'),
      command(async ({ manager }) => {
        await manager.query("UPDATE counter SET total = total + 100 WHERE id = 'c-9'");
        throw new Error('a bug');
      }),
      command(async ({ manager }) => {
        await manager.query("INSERT INTO counter VALUES ('c-9', 1)");
        return ok({ value: null, events: [] });
      }),
      // It hides that its statement failed: the transaction is spoiled, and it must not stay so for others.
      command(async ({ manager }) => {
        await manager.query("INSERT INTO counter VALUES ('c-9', 1)").catch(() => undefined);
        return ok({ value: null, events: [] });
      }),
      command(() => Promise.resolve(ok({ value: null, events: [{ ...draft, kind: 'counter:forgotten' }] }))),
      command(() =>
        Promise.resolve(ok({ value: null, events: [{ ...draft, payload: { text: 'x'.repeat(70_000) } }] })),
      ),
      command(() => Promise.resolve(ok({ value: 'x'.repeat(20_000), events: [draft] }))),
    ];
    const all = bad.flatMap((one) => [addCommand('c-9'), one as LedgerCommand<Json>, addCommand('c-9')]);
    const results = await Promise.allSettled(all.map((one) => writer.execute<Json>(one)));
    const told = results.map((result) =>
      result.status === 'rejected' ? 'threw' : result.value.ok ? 'done' : result.value.refusal.code,
    );
    const middle = [
      'counter-full',
      'counter-unknown',
      'threw',
      'threw',
      'threw',
      'threw',
      'ledger-event-too-large',
      'threw',
    ];
    expect(told).toEqual(middle.flatMap((one) => ['done', one, 'done']));
    expect(await totalOf('c-9')).toBe(before + 16);
    expect(await totalOf('full')).toBe(FULL_TOTAL);
    for (const { commandId } of bad) expect(await entriesOf(commandId)).toEqual([]);
    expect((await verdict()).broken).toBeNull();
  });

  it('tries each alone when one spoils the commit of all', async () => {
    await dataSource.query(`CREATE TABLE promise (counter text REFERENCES counter (id) DEFERRABLE INITIALLY DEFERRED)`);
    const before = await totalOf('c-10');
    const liar = command(async ({ manager }) => {
      await manager.query("INSERT INTO promise VALUES ('nobody')");
      return ok({ value: null, events: [draft] });
    });
    const results = await Promise.allSettled(
      [addCommand('c-10'), liar, addCommand('c-10')].map((one) => writer.execute<Json>(one)),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await totalOf('c-10')).toBe(before + 2);
    expect(await entriesOf(liar.commandId)).toEqual([]);
    expect((await verdict()).broken).toBeNull();
  });

  it('does not let a forgotten promise write in the turn of another, nor a command end the transaction', async () => {
    const before = await totalOf('c-11');
    let late: Promise<unknown> = Promise.resolve();
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const careless = command(({ manager }) => {
      late = gate.then(() => manager.query("UPDATE counter SET total = 0 WHERE id = 'c-11'"));
      late.catch(() => undefined);
      return Promise.resolve(ok({ value: null, events: [] }));
    });
    await writer.execute(careless);
    release();
    await expect(late).rejects.toThrow('the turn of this command is over');
    const ending = command(({ manager }) => manager.queryRunner!.commitTransaction() as never);
    await expect(writer.execute(ending)).rejects.toThrow("runs in the ledger's transaction");
    expect(await totalOf('c-11')).toBe(before);
  });

  it('takes the turn from a command that does not end', async () => {
    await restart(SHORT_TURNS);
    const endless = command(() => new Promise(() => {}));
    expect(await writer.execute(endless)).toMatchObject({ ok: false, refusal: { code: 'ledger-turn-too-long' } });
    await restart();
    expect((await writer.execute(addCommand('c-12'))).ok).toBe(true);
  });

  it('takes the turn from a command that waits for a row of somebody else', async () => {
    const holder = dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query("SELECT 1 FROM counter WHERE id = 'c-12' FOR UPDATE");
    const impatient = addCommand('c-12');
    const blocked = writer.execute({
      ...impatient,
      run: async (turn) => {
        await turn.manager.query("SET LOCAL lock_timeout = '30ms'");
        return impatient.run(turn);
      },
    });
    const free = writer.execute(addCommand('c-13'));
    expect(await blocked).toMatchObject({ ok: false, refusal: { code: 'ledger-contended', kind: 'unavailable' } });
    expect((await free).ok).toBe(true);
    await holder.rollbackTransaction();
    await holder.release();
  });

  it('takes so many commands and no more', async () => {
    const results = await Promise.all(
      Array.from({ length: 2_100 }, (_, index) => writer.execute(addCommand(`c-${30 + (index % 50)}`))),
    );
    const codes = new Set(
      results.flatMap((result) => (result.ok ? [] : [`${result.refusal.kind} ${result.refusal.code}`])),
    );
    expect([...codes]).toEqual(['too-many ledger-busy']);
    expect(results.filter(({ ok }) => ok).length).toBeGreaterThanOrEqual(2_000);
  });
});

const draft = COUNTER_KINDS.draft('counter:added', 'c-0', { by: 1, total: 1 });

describe('the same command again', () => {
  it('is done once, and answered the same, at once, later and after a restart', async () => {
    const again = addCommand('c-20', 5);
    const [one, other] = await Promise.all([writer.execute(again), writer.execute(again)]);
    expect(other).toEqual(one);
    await writer.execute(addCommand('c-20'));
    expect(await writer.execute(again)).toEqual(one);
    await restart();
    expect(await writer.execute(again)).toEqual(one);
    expect(await totalOf('c-20')).toBe(6);
    expect(await entriesOf(again.commandId)).toHaveLength(1);
  });

  it('is refused again, though it would be done now', async () => {
    const early = addCommand('later');
    expect(await writer.execute(early)).toMatchObject({ refusal: { code: 'counter-unknown' } });
    await dataSource.query("INSERT INTO counter VALUES ('later', 0)");
    expect(await writer.execute(early)).toMatchObject({ refusal: { code: 'counter-unknown', message: 'later' } });
    expect((await writer.execute(addCommand('later'))).ok).toBe(true);
  });

  it('is tried again when "not now" was the answer', async () => {
    let open = false;
    const patient = command(() =>
      Promise.resolve(open ? ok({ value: 1, events: [] }) : refused(refusal('unavailable', 'not-now', 'not now'))),
    );
    expect((await writer.execute(patient)).ok).toBe(false);
    open = true;
    expect(await writer.execute(patient)).toEqual(ok({ value: 1, events: null }));
  });

  it('is refused under an id that was used for something else, by whomever', async () => {
    const first = addCommand('c-21');
    await writer.execute(first);
    const reused = { ok: false, refusal: { code: 'command-id-reused', kind: 'conflict' } };
    expect(await writer.execute(addCommand('c-21', 2, first.commandId))).toMatchObject(reused);
    expect(await writer.execute({ ...first, actor: { type: 'account', id: 'eve' } })).toMatchObject(reused);
    const both = [addCommand('c-21', 1), addCommand('c-21', 2)].map((one) => ({ ...one, commandId: randomUUID() }));
    const [winner, loser] = await Promise.all(
      both.map((one) => writer.execute({ ...one, commandId: both[0]!.commandId })),
    );
    expect(winner?.ok).toBe(true);
    expect(loser).toMatchObject(reused);
    expect(await writer.execute({ ...first, commandId: 'ABC' })).toMatchObject({
      refusal: { code: 'command-id-malformed' },
    });
  });
});

describe('two writers', () => {
  it('are one: the other stands by, says so, and takes over', async () => {
    await dataSource.query('SELECT 1');
    const second = startWriter(database.url, HURRIED, silentLogger);
    try {
      await eventually(async () => {
        const result = await second.writer.execute(addCommand('c-30'));
        return !result.ok && result.refusal.code === 'ledger-elsewhere';
      });
      expect(second.writer.at).toBeUndefined();
      expect((await writer.execute(addCommand('c-30'))).ok).toBe(true);
      await writer.stop();
      await eventually(async () => (await second.writer.execute(addCommand('c-30'))).ok);
      expect(await writer.execute(addCommand('c-30'))).toMatchObject({ refusal: { code: 'ledger-unavailable' } });
      expect((await verdict()).broken).toBeNull();
    } finally {
      await second.writer.stop();
      await second.own.destroy();
    }
    await restart();
  });
});

async function restart(clock: Clock = systemClock): Promise<void> {
  await writer.stop();
  await own.destroy();
  ({ writer, own } = startWriter(database.url, clock, silentLogger));
}
