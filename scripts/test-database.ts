import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** Connection address of a database that nobody else uses. */
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A fresh, empty database on the server that the test run provides (`ATALAYA_TEST_SERVER`, set by `npm test`). Tests that
 * need PostgreSQL fail, and say so, when there is none: they are never skipped.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env['ATALAYA_TEST_SERVER'];
  if (!server) throw new Error('ATALAYA_TEST_SERVER is not set: run the tests with `npm test`');
  const name = `atalaya_test_${randomBytes(6).toString('hex')}`;
  await runOn(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () => runOn(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function runOn(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
