import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { silentLogger } from '#libs/base';
import { createTestDatabase, type TestDatabase } from '../../../scripts/test-database.ts';
import { loadConfig } from './config.ts';
import { connect, migrate, MIGRATIONS } from './data-source.ts';

let database: TestDatabase;
const open: DataSource[] = [];

async function connectTo(url: string): Promise<DataSource> {
  const dataSource = await connect(loadConfig({ DATABASE_URL: url, ATALAYA_KEY: '07'.repeat(32) }), silentLogger);
  open.push(dataSource);
  return dataSource;
}

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(open.map((dataSource) => dataSource.destroy()));
  await database.drop();
});

describe('migrations', () => {
  it('are all listed, oldest first', () => {
    const files = readdirSync(new URL('../../../migrations', import.meta.url)).filter((name) => name.endsWith('.ts'));
    const stamps = files.map((name) => name.split('-')[0]);
    expect(MIGRATIONS.map((migration) => /\d{13}$/.exec(migration.name)?.[0])).toEqual(stamps.sort());
  });

  it('are applied once when two processes start together', async () => {
    const [one, other] = await Promise.all([connectTo(database.url), connectTo(database.url)]);
    const applied = await Promise.all([migrate(one), migrate(other)]);
    expect(applied.flat().sort()).toEqual(MIGRATIONS.map((migration) => migration.name).sort());
    expect(await migrate(one)).toEqual([]);
  });

  it('make the tables that the entities describe', async () => {
    const dataSource = await connectTo(database.url);
    await migrate(dataSource);
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map((query) => query.query)).toEqual([]);
  });

  it('can be taken back, newest first, and applied again', async () => {
    const own = await createTestDatabase();
    const dataSource = await connect(loadConfig({ DATABASE_URL: own.url, ATALAYA_KEY: '07'.repeat(32) }), silentLogger);
    try {
      await migrate(dataSource);
      for (let count = 0; count < MIGRATIONS.length; count++) await dataSource.undoLastMigration();
      const left: unknown[] = await dataSource.query(`SELECT relname FROM pg_class c JOIN pg_namespace n
        ON n.oid = relnamespace WHERE nspname = 'public' AND relkind IN ('r', 'S') AND relname !~ '^migration'`);
      expect(left).toEqual([]);
      expect(await migrate(dataSource)).toHaveLength(MIGRATIONS.length);
    } finally {
      await dataSource.destroy();
      await own.drop();
    }
  });
});

describe('the audit table', () => {
  it('takes lines and refuses to change or lose any', async () => {
    const dataSource = await connectTo(database.url);
    await migrate(dataSource);
    await dataSource.query(`INSERT INTO audit_entry (at, action, outcome) VALUES (now(), 'test:do', 'done')`);
    for (const sql of [`UPDATE audit_entry SET action = 'x'`, 'DELETE FROM audit_entry', 'TRUNCATE audit_entry']) {
      await expect(dataSource.query(sql)).rejects.toThrow('audit_entry is append-only');
    }
  });
});
