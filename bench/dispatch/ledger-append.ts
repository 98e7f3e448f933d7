import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { systemClock } from '#libs/base';
import { OwnPostgres } from '../../scripts/chaos/own-postgres.ts';
import { withClient } from '../../scripts/supervisor/database.ts';
import { PROJECT_ROOT } from '../../scripts/supervisor/settings.ts';
import type { BenchRecorder } from '../report.ts';

const PROGRAM = join(PROJECT_ROOT, 'dist', 'apps', 'api', 'testing', 'ledger-program.js');
const CASE = 'ledger-append';
/** Commands under way at once: a busy centre, not a full queue. */
const PARALLEL = 100;

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
}

/**
 * Durable appends a second, each with one row locked, read and changed, on an embedded PostgreSQL with its default durability.
 * `atalaya` is the writer of the api in a process of its own. `floor` is one connection and one transaction per command: the
 * same row, one entry with a hash that chains to the last, nothing else.
 */
export async function measureLedgerAppend({ rounds, seconds }: Plan, into: BenchRecorder): Promise<void> {
  const postgres = await OwnPostgres.start();
  try {
    const env = { ...process.env, DATABASE_URL: postgres.url, ATALAYA_KEY: '07'.repeat(32) };
    await promisify(execFile)(process.execPath, [PROGRAM, '--migrate'], { env });
    await withClient(postgres.url, (client) => client.query(FLOOR_TABLE));
    for (let round = 1; round <= rounds; round++) {
      console.log(`${CASE}: round ${round} of ${rounds}`);
      const args = [PROGRAM, '--measure', String(PARALLEL), String(seconds * 1_000)];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env });
      const { acknowledged, tookMs } = JSON.parse(stdout) as { acknowledged: number; tookMs: number };
      await expectAll(postgres.url, acknowledged);
      into.add(CASE, 'atalaya', 'per_second', '1/s', (1_000 * acknowledged) / tookMs);
      into.add(CASE, 'floor', 'per_second', '1/s', await withClient(postgres.url, (client) => floor(client, seconds)));
    }
  } finally {
    await postgres.stop();
  }
}

/** A figure counts only when what was acknowledged is there. */
async function expectAll(url: string, atLeast: number): Promise<void> {
  const { rows } = await withClient(url, (client) =>
    client.query<{ entries: number; total: number }>(
      'SELECT (SELECT count(*)::int FROM ledger_entry) AS entries, (SELECT sum(total)::int FROM counter) AS total',
    ),
  );
  const { entries, total } = rows[0]!;
  if (entries < atLeast || entries !== total)
    throw new Error(`${atLeast} were acknowledged, ${entries} are there, the rows say ${total}`);
}

const FLOOR_TABLE = `
  CREATE TABLE floor_counter AS SELECT id, total FROM counter;
  ALTER TABLE floor_counter ADD PRIMARY KEY (id);
  CREATE TABLE floor_entry (seq bigint PRIMARY KEY, text text NOT NULL, hash text NOT NULL)`;

async function floor(client: pg.Client, seconds: number): Promise<number> {
  const { rows } = await client.query<{ seq: string; hash: string }>(
    'SELECT seq, hash FROM floor_entry ORDER BY seq DESC LIMIT 1',
  );
  let seq = Number(rows[0]?.seq ?? 0);
  let hash = rows[0]?.hash ?? '';
  const first = seq;
  const beganMs = systemClock.monotonicMs();
  while (systemClock.monotonicMs() - beganMs < seconds * 1_000) {
    const counter = `c-${seq % 100}`;
    await client.query('BEGIN');
    const found = await client.query<{ total: number }>('SELECT total FROM floor_counter WHERE id = $1 FOR UPDATE', [
      counter,
    ]);
    const total = found.rows[0]!.total + 1;
    await client.query('UPDATE floor_counter SET total = $2 WHERE id = $1', [counter, total]);
    seq++;
    const text = JSON.stringify({ seq, prev: hash, kind: 'counter:added', counter, total, commandId: randomUUID() });
    hash = createHash('sha256').update(text).digest('hex');
    await client.query('INSERT INTO floor_entry VALUES ($1, $2, $3)', [seq, text, hash]);
    await client.query('COMMIT');
  }
  return (1_000 * (seq - first)) / (systemClock.monotonicMs() - beganMs);
}
