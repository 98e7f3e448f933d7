import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { PG_CHANNELS } from '#libs/wire';
import type { TestDatabase } from '../../scripts/test-database.ts';
import { connected, createMigratedDatabase, insertCamera } from './testing/database.ts';
import { eventually, startRelay, ticketFor, type RunningRelay } from './testing/processes.ts';
import { TilesClient } from './testing/tiles-client.ts';
import { startTestTown, type TestTown, type TownCamera } from './testing/town.ts';

const CAMERAS: readonly TownCamera[] = ['sim-01', 'sim-03', 'sim-04', 'sim-05'].map((like, index) => ({
  id: `0190f0a0-0000-7000-8000-0000000003${String(index + 10)}`,
  like,
}));

interface Line {
  readonly msg: string;
  readonly relayId: string;
  readonly pid: number;
  readonly port: number;
}

describe('a relay of two workers', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let town: TestTown;
  let relay: RunningRelay;
  const undo: (() => Promise<unknown>)[] = [];

  /** The process that listens now by the name of a worker. */
  const worker = (name: string): Line | undefined =>
    relay.lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .findLast(({ msg, relayId }) => msg === 'relay listening' && relayId === name);
  const held = async (): Promise<Record<string, string[]>> => {
    const { rows } = await client.query<{ relay_id: string; codes: string[] }>(
      `SELECT l.relay_id, array_agg(c.code ORDER BY c.code) AS codes FROM camera_lease l JOIN camera c ON c.id = l.camera_id
       JOIN camera_health h ON h.camera_id = c.id AND h.relay_id = l.relay_id AND h.state = 'online' GROUP BY l.relay_id`,
    );
    return Object.fromEntries(rows.map((row) => [row.relay_id, row.codes]));
  };
  const count = async (): Promise<number> => Object.values(await held()).flat().length;
  const isGone = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  };
  const start = (): Promise<RunningRelay> =>
    startRelay({ DATABASE_URL: database.url, ATALAYA_RELAY_ID: 'centre', ATALAYA_RELAY_WORKERS: '2' });

  beforeAll(async () => {
    database = await createMigratedDatabase();
    undo.push(() => database.drop());
    client = await connected(database.url);
    undo.push(() => client.end());
    town = await startTestTown(CAMERAS, 92);
    undo.push(() => town.stop());
    relay = await start();
    undo.push(() => relay.kill('SIGKILL'));
    await eventually(() => (worker('centre-w1') && worker('centre-w2') ? true : undefined), 10_000, 'two workers');
    await eventually(
      async () => ((await client.query('SELECT FROM relay_node')).rowCount === 2 ? true : undefined),
      5_000,
    );
    for (const camera of CAMERAS) await insertCamera(client, town.seed(camera));
    await client.query(`NOTIFY ${PG_CHANNELS.cameraConfig}`);
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it('shares its cameras among them, each at a port of its own', async () => {
    await eventually(async () => ((await count()) === CAMERAS.length ? true : undefined), 10_000, 'all online');
    expect(worker('centre-w1')!.port).not.toBe(worker('centre-w2')!.port);
    const { rows } = await client.query('SELECT count(DISTINCT site)::int AS sites, count(*)::int FROM relay_node');
    expect(rows).toEqual([{ sites: 1, count: 2 }]);
    const [name, codes] = Object.entries(await held())[0]!;
    const page = await TilesClient.open(`http://127.0.0.1:${worker(name)!.port}`);
    const { id } = CAMERAS.find(({ like }) => like === codes[0])!;
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(id, 'sub') });
    await page.reaches(1, 3, 5_000);
    await page.close();
  }, 20_000);

  it('starts one again that was killed, which has its cameras again; the other notices nothing', async () => {
    const before = await held();
    const killed = worker('centre-w1')!;
    process.kill(killed.pid, 'SIGKILL');
    await eventually(() => (worker('centre-w1')!.pid !== killed.pid ? true : undefined), 5_000, 'not started again');
    await client.query(`UPDATE camera_health SET state = 'offline' WHERE relay_id = 'centre-w1'`);
    await eventually(async () => ((await count()) === CAMERAS.length ? true : undefined), 8_000, 'all online');
    expect(await held()).toEqual(before);
    const { rows } = await client.query(
      `SELECT DISTINCT reconnects FROM camera_health WHERE relay_id = 'centre-w2' AND state = 'online'`,
    );
    expect(rows.every(({ reconnects }) => reconnects === 0)).toBe(true);
  }, 20_000);

  it('stops with all of them, and leaves no lease', async () => {
    const pids = ['centre-w1', 'centre-w2'].map((name) => worker(name)!.pid);
    expect(await relay.kill('SIGTERM')).toBe(0);
    expect(pids.every(isGone)).toBe(true);
    expect((await client.query('SELECT FROM camera_lease')).rowCount).toBe(0);
  }, 15_000);

  it('leaves no worker behind when it is killed', async () => {
    relay = await start();
    await eventually(() => (worker('centre-w1') && worker('centre-w2') ? true : undefined), 10_000, 'two workers');
    const pids = ['centre-w1', 'centre-w2'].map((name) => worker(name)!.pid);
    await relay.kill('SIGKILL');
    await eventually(() => (pids.every(isGone) ? true : undefined), 8_000, 'workers are left');
  }, 30_000);
});
