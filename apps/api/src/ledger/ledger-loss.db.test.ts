import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { silentLogger, systemClock } from '#libs/base';
import { sqlSource, verifyLedger } from '#libs/ledger';
import { createTestDatabase, type TestDatabase } from '../../../../scripts/test-database.ts';
import { CuttableWire } from '../../testing/cuttable-wire.ts';
import { eventually } from '../../testing/eventually.ts';
import { addCommand, CREATE_COUNTERS, startWriter } from '../../testing/test-ledger.ts';
import { loadConfig } from '../config.ts';
import { connect, migrate } from '../data-source.ts';
import type { LedgerWriter } from './ledger-writer.ts';

/** While a test holds this lock, every COMMIT of an entry waits at its very end. */
const GATE = 42;
const MAKE_GATE = `
  CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 SET statement_timeout = 0 AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(${GATE});
      RETURN NULL;
    END $$;
  CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION wait_at_gate()`;

let database: TestDatabase;
let dataSource: DataSource;
let keeper: pg.Client;
let wire: CuttableWire;
let wireUrl: string;
let writer: LedgerWriter;
let own: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await connect(loadConfig({ DATABASE_URL: database.url, ATALAYA_KEY: '07'.repeat(32) }), silentLogger);
  await migrate(dataSource);
  await dataSource.query(`${CREATE_COUNTERS}; ${MAKE_GATE}`);
  keeper = new pg.Client(database.url);
  await keeper.connect();
  const url = new URL(database.url);
  wire = new CuttableWire(url.hostname, Number(url.port || 5432));
  url.port = String(await wire.join());
  url.hostname = '127.0.0.1';
  wireUrl = url.toString();
});
afterAll(async () => {
  await wire.cut();
  await keeper.end();
  await dataSource.destroy();
  await database.drop();
});
beforeEach(async () => {
  ({ writer, own } = startWriter(wireUrl, systemClock, silentLogger));
  await eventually(() => writer.at !== undefined);
});
afterEach(async () => {
  await writer.stop();
  if (own.isInitialized) await own.destroy();
});

const close = () => keeper.query('SELECT pg_advisory_lock($1)', [GATE]);
const open = () => keeper.query('SELECT pg_advisory_unlock($1)', [GATE]);
const committing = async (): Promise<number | undefined> => {
  const { rows } = await keeper.query<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = 'atalaya-ledger' AND wait_event = 'advisory'
      AND query = 'COMMIT' AND datname = current_database()`,
  );
  return rows[0]?.pid;
};
const countOf = async (ids: readonly string[]): Promise<number> =>
  (await keeper.query('SELECT 1 FROM ledger_entry WHERE command_id = ANY($1::uuid[])', [ids])).rowCount!;
const totalOf = async (counter: string): Promise<number> =>
  (await keeper.query<{ total: number }>('SELECT total FROM counter WHERE id = $1', [counter])).rows[0]!.total;
const soundLedger = async (): Promise<void> => {
  const verdict = await verifyLedger(sqlSource((sql, parameters) => dataSource.query(sql, [...parameters])));
  expect(verdict.broken).toBeNull();
};

describe('a connection that is lost in the middle of COMMIT', () => {
  it('is found out to have committed: everything is answered as done, once', async () => {
    const published: number[] = [];
    writer.onCommitted((events) => published.push(...events.map(({ seq }) => seq)));
    await close();
    const commands = Array.from({ length: 10 }, () => addCommand('c-1'));
    const results = Promise.all(commands.map((command) => writer.execute(command)));
    await eventually(async () => (await committing()) !== undefined);
    await wire.cut();
    await open();
    await wire.join();
    for (const result of await results) expect(result.ok).toBe(true);
    expect(await countOf(commands.map(({ commandId }) => commandId))).toBe(10);
    expect(await totalOf('c-1')).toBe(10);
    // It was not published from here: what readers hear of it, they read.
    expect(published).toEqual([]);
    expect((await writer.execute(addCommand('c-1'))).ok).toBe(true);
    await soundLedger();
  });

  it('is found out not to have: nothing is answered as done, and the same again is done once', async () => {
    await close();
    const commands = Array.from({ length: 10 }, () => addCommand('c-2'));
    const results = Promise.all(commands.map((command) => writer.execute(command)));
    await eventually(async () => (await committing()) !== undefined);
    await keeper.query('SELECT pg_terminate_backend($1)', [await committing()]);
    await open();
    for (const result of await results)
      expect(result).toMatchObject({ ok: false, refusal: { kind: 'unavailable', code: 'ledger-unavailable' } });
    expect(await countOf(commands.map(({ commandId }) => commandId))).toBe(0);
    const again = await Promise.all(commands.map((command) => writer.execute(command)));
    expect(again.every(({ ok }) => ok)).toBe(true);
    expect(await totalOf('c-2')).toBe(10);
    await soundLedger();
  });

  it('is not taken for decided while its server process still may commit', async () => {
    await close();
    const command = addCommand('c-3');
    const result = writer.execute(command);
    await eventually(async () => (await committing()) !== undefined);
    await wire.cut();
    await wire.join();
    // The lost session holds the writer's lock: nobody writes, and nothing is answered.
    const other = startWriter(database.url, systemClock, silentLogger);
    expect(await other.writer.execute(addCommand('c-3'))).toMatchObject({ refusal: { code: 'ledger-elsewhere' } });
    expect(writer.at).toBeUndefined();
    await other.writer.stop();
    await other.own.destroy();
    const pid = await committing();
    expect(pid).toBeDefined();
    await open();
    // Whichever comes first: the answer that was found out, or the end of the patience, which claims nothing.
    const answer = await result;
    expect(answer.ok ? 'done' : answer.refusal.code).toMatch(/^(done|ledger-outcome-unknown)$/);
    await eventually(async () => (await countOf([command.commandId])) === 1);
    await eventually(async () => (await writer.execute(command)).ok);
    expect(await totalOf('c-3')).toBe(1);
    await soundLedger();
  });
});

describe('a database that is away', () => {
  it('is waited for, then said to be away; nothing is half done, and it goes on when it is back', async () => {
    const commands = Array.from({ length: 200 }, () => addCommand('c-4'));
    const results = Promise.all(commands.map((command) => writer.execute(command)));
    await wire.cut();
    const answers = results.then((list) => list.filter(({ ok }) => ok).length);
    await wire.join();
    const doneAtOnce = await answers;
    expect(await totalOf('c-4')).toBe(doneAtOnce);
    const again = await Promise.all(commands.map((command) => writer.execute(command)));
    expect(again.every(({ ok }) => ok)).toBe(true);
    expect(await totalOf('c-4')).toBe(200);
    await soundLedger();
  });
});
