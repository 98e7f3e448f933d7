import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { silentLogger, systemClock } from '#libs/base';
import { createTestDatabase, type TestDatabase } from '../../../../scripts/test-database.ts';
import { addCommand, COUNTER_KINDS, CREATE_COUNTERS, startWriter } from '../../testing/test-ledger.ts';
import { loadConfig } from '../config.ts';
import { connect, migrate } from '../data-source.ts';
import { LedgerStore } from './ledger.store.ts';
import { checkRebuild } from './rebuild.ts';
import { TableProjection } from './table-projection.ts';

let database: TestDatabase;
let dataSource: DataSource;
let stop: () => Promise<void>;
let writer: ReturnType<typeof startWriter>['writer'];

const counters = new TableProjection(
  'counters',
  [{ table: 'counter', key: ['id'], columns: ['id', 'total'] }],
  async (event, manager) => {
    const added = COUNTER_KINDS.read(event);
    if (added)
      await manager.query('UPDATE counter SET total = $2 WHERE id = $1', [added.subject.id, added.payload.total]);
  },
);
/** What a real one does by an event: rows come from the ledger alone. */
const made = new TableProjection(
  'made',
  [{ table: 'made', key: ['id'], columns: ['id', 'total'] }],
  async (event, manager) => {
    const added = COUNTER_KINDS.read(event);
    if (!added) return;
    await manager.query('INSERT INTO made VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET total = excluded.total', [
      added.subject.id,
      added.payload.total,
    ]);
  },
);

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await connect(loadConfig({ DATABASE_URL: database.url, ATALAYA_KEY: '07'.repeat(32) }), silentLogger);
  await migrate(dataSource);
  await dataSource.query(`${CREATE_COUNTERS}; CREATE TABLE made (id text PRIMARY KEY, total int NOT NULL, note text)`);
  const started = startWriter(database.url, systemClock, silentLogger);
  ({ writer } = started);
  stop = async () => {
    await started.writer.stop();
    await started.own.destroy();
  };
});
afterAll(async () => {
  await stop();
  await dataSource.destroy();
  await database.drop();
});

const check = () => checkRebuild(dataSource, new LedgerStore(dataSource), [made]);

describe('a rebuild', () => {
  it('finds the same as what is there, and touches none of it', async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => writer.execute(addCommand(`c-${index % 3}`))));
    await dataSource.query("INSERT INTO made SELECT id, total, 'kept' FROM counter WHERE total > 0");
    expect(await check()).toEqual({ events: 30, projections: [{ name: 'made', differences: [] }] });
    expect(await dataSource.query('SELECT DISTINCT note FROM made')).toEqual([{ note: 'kept' }]);
  });

  it('names what differs, is missing and is too much', async () => {
    await dataSource.query(`UPDATE made SET total = 99 WHERE id = 'c-0'; DELETE FROM made WHERE id = 'c-1';
      INSERT INTO made VALUES ('ghost', 1)`);
    expect((await check()).projections[0]!.differences).toEqual([
      { what: 'made c-0', problem: 'missing' },
      { what: 'made c-1', problem: 'missing' },
      { what: 'made c-0', problem: 'unexpected' },
      { what: 'made ghost', problem: 'unexpected' },
    ]);
  });

  it('says so when a projection forgets to make its rows', async () => {
    const { projections } = await checkRebuild(dataSource, new LedgerStore(dataSource), [counters]);
    expect(projections[0]!.differences).toHaveLength(20);
  });

  it('of nothing is of nothing', async () => {
    expect(await checkRebuild(dataSource, new LedgerStore(dataSource), [])).toEqual({ events: 30, projections: [] });
  });
});
