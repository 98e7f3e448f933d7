import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { TOWN } from '../../camera-sim/town.ts';
import { settled } from '../chaos/recovery.ts';
import { TownWatch } from '../chaos/town-watch.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { startProduct, type Product } from './product.ts';

const stopping = new AbortController();
let database: TestDatabase;
let product: Product;

beforeAll(async () => {
  database = await createTestDatabase();
  product = await startProduct({ env: { DATABASE_URL: database.url } });
}, 120_000);
afterAll(async () => {
  stopping.abort();
  await product?.discard();
  await database?.drop();
}, 60_000);

async function rows<T extends pg.QueryResultRow>(sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('a centre on a PostgreSQL server of its own', () => {
  it('migrates it, brings its town there, starts no embedded server and never shows the password', async () => {
    const watch = await TownWatch.signIn(product, stopping.signal);
    const ids = await settled(watch, TOWN.length, 90_000);
    expect((await rows<{ id: string }>('SELECT id FROM camera ORDER BY id')).map((row) => row.id)).toEqual(ids);
    expect(await rows('SELECT name FROM migration')).not.toHaveLength(0);
    expect(await rows("SELECT id FROM relay_node WHERE heartbeat_at > now() - interval '5 seconds'")).toHaveLength(1);
    expect(watch.processOf('postgres')).toBeUndefined();
    expect(existsSync(join(product.dataFolder, 'postgres'))).toBe(false);
    expect(existsSync(join(product.dataFolder, 'postgres.place'))).toBe(false);
    expect(product.output()).toMatch(/PostgreSQL \d+.* de DATABASE_URL/);
    expect(product.output()).not.toContain(database.url);
  }, 120_000);

  it('stops in order, leaves no connection behind, and comes back with the same cameras', async () => {
    const before = await rows<{ id: string }>('SELECT id FROM camera ORDER BY id');
    expect(await product.stop()).toBe(0);
    const left = await rows(
      'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    expect(left).toEqual([]);
    const again = await startProduct({ dataFolder: product.dataFolder, env: { DATABASE_URL: database.url } });
    try {
      const ids = await settled(await TownWatch.signIn(again, stopping.signal), TOWN.length, 60_000);
      expect(ids).toEqual(before.map((row) => row.id));
      expect(await again.stop()).toBe(0);
    } finally {
      await again.discard();
    }
  }, 150_000);
});
