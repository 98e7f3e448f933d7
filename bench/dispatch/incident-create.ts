import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { sleep, systemClock } from '#libs/base';
import { OwnPostgres } from '../../scripts/chaos/own-postgres.ts';
import { signedInApi, type ApiClient } from '../../scripts/e2e/api-client.ts';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { withClient } from '../../scripts/supervisor/database.ts';
import { PROJECT_ROOT } from '../../scripts/supervisor/settings.ts';
import { BenchChild } from '../relay/child.ts';
import type { BenchRecorder } from '../report.ts';

const API = join(PROJECT_ROOT, 'dist', 'apps', 'api', 'src', 'main.js');
const CASE = 'incident-create';
const PER_SECOND = 100;
const START_WITHIN_MS = 30_000;
/** Before figures count: code is compiled, connections are open. */
const WARM_MS = 1_000;

interface Plan {
  readonly rounds: number;
  readonly seconds: number;
}

/**
 * How long an operator waits for a new incident to be on the disk, at 100 a second, each with a call, a type, a place and a
 * narrative: four events. `atalaya` is the api as it runs, asked over HTTP by somebody signed in. `floor` is one plain INSERT
 * of the same words on one connection. Each is counted from the moment at which it was due, so that a queue shows.
 */
export async function measureIncidentCreate({ rounds, seconds }: Plan, into: BenchRecorder): Promise<void> {
  const postgres = await OwnPostgres.start();
  const folder = await mkdtemp(join(tmpdir(), 'atalaya-bench-'));
  const [port] = await freePorts(1);
  const env = {
    ...process.env,
    DATABASE_URL: postgres.url,
    ATALAYA_KEY: '07'.repeat(32),
    ATALAYA_DATA: folder,
    ATALAYA_PORT: String(port),
  } as Record<string, string>;
  let api: BenchChild | undefined;
  try {
    await promisify(execFile)(process.execPath, [API, '--create-demo-accounts'], { env });
    api = new BenchChild(process.execPath, [API], env);
    const client = await signIn(`http://127.0.0.1:${port}`, folder, api);
    await withClient(postgres.url, (sql) => sql.query('CREATE TABLE floor_incident (id uuid PRIMARY KEY, body jsonb)'));
    await paced(WARM_MS, () => client.post('/api/incidents', wish()));
    for (let round = 1; round <= rounds; round++) {
      console.log(`${CASE}: round ${round} of ${rounds}`);
      const took = await paced(seconds * 1_000, () => client.post('/api/incidents', wish()));
      into.add(CASE, 'atalaya', 'p99_ms', 'ms', p99(took));
      into.add(CASE, 'floor', 'p99_ms', 'ms', await withClient(postgres.url, (sql) => floor(sql, seconds)));
    }
    await withClient(postgres.url, (sql) => expectAll(sql, (WARM_MS / 1_000 + rounds * seconds) * PER_SECOND));
  } finally {
    await api?.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function signIn(url: string, folder: string, api: BenchChild): Promise<ApiClient> {
  const logins = JSON.parse(await readFile(join(folder, 'demo-logins.json'), 'utf8')) as {
    role: string;
    username: string;
    password: string;
  }[];
  const login = logins.find(({ role }) => role === 'dispatcher')!;
  const deadlineMs = systemClock.monotonicMs() + START_WITHIN_MS;
  while (systemClock.monotonicMs() < deadlineMs && api.isRunning) {
    try {
      return await signedInApi(url, login);
    } catch {
      await sleep(systemClock, 100);
    }
  }
  throw new Error(`the api did not start: ${api.lastWords}`);
}

function wish() {
  const nowMs = systemClock.nowMs();
  return {
    commandId: randomUUID(),
    sentAtMs: nowMs,
    incidentId: randomUUID(),
    channel: 'TEL_LOCAL',
    typeCode: 'PAT-02',
    call: {
      id: randomUUID(),
      channel: 'TEL_LOCAL',
      receivedAtMs: nowMs,
      callerName: 'Rosa Quispe',
      callerPhone: '953123456',
    },
    place: {
      point: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 },
      sectorId: null,
      address: 'Jr. Callao 120',
      reference: '',
    },
    narrative: { id: randomUUID(), text: 'Dos sujetos en moto arrebataron una cartera y huyen hacia el malecón.' },
  };
}

/** Milliseconds from when each was due to its answer. */
async function paced(forMs: number, task: () => Promise<unknown>): Promise<number[]> {
  const beganMs = systemClock.monotonicMs();
  const all: Promise<number>[] = [];
  for (let n = 0; n < (forMs / 1_000) * PER_SECOND; n++) {
    const dueMs = beganMs + (n * 1_000) / PER_SECOND;
    const waitMs = dueMs - systemClock.monotonicMs();
    if (waitMs > 0) await sleep(systemClock, waitMs);
    all.push(task().then(() => systemClock.monotonicMs() - dueMs));
  }
  return Promise.all(all);
}

function floor(client: pg.Client, seconds: number): Promise<number> {
  return paced(seconds * 1_000, () => {
    const body = wish();
    return client.query('INSERT INTO floor_incident VALUES ($1, $2)', [body.incidentId, JSON.stringify(body)]);
  }).then(p99);
}

function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1]!;
}

/** A figure counts only when what was acknowledged is there. */
async function expectAll(client: pg.Client, acknowledged: number): Promise<void> {
  const { rows } = await client.query<{ incidents: number; opened: number }>(
    `SELECT (SELECT count(*)::int FROM incident) AS incidents,
     (SELECT count(*)::int FROM ledger_entry WHERE kind = 'incident:opened') AS opened`,
  );
  const { incidents, opened } = rows[0]!;
  if (incidents !== acknowledged || opened !== acknowledged)
    throw new Error(`${acknowledged} were acknowledged, ${incidents} rows and ${opened} entries are there`);
}
