import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { sleep, systemClock } from '#libs/base';
import { PG_CHANNELS } from '#libs/wire';
import { createTestDatabase, type TestDatabase } from '../../scripts/test-database.ts';
import { DatabaseGate, connected, insertCamera, migrate } from './testing/database.ts';
import {
  eventually,
  gstStream,
  playlistUrl,
  startGstServer,
  startRelay,
  type RunningRelay,
} from './testing/processes.ts';

const LOGIN = { username: 'ana', password: 'una clave larga' };
const FIRST = '0190f0a0-0000-7000-8000-000000000001';
const SECOND = '0190f0a0-0000-7000-8000-000000000002';
const X264 = 'x264enc tune=zerolatency key-int-max=25 bitrate=400 speed-preset=ultrafast';

interface Health {
  readonly state: string;
  readonly reason_code: string | null;
  readonly since: Date;
  readonly updated_at: Date;
  readonly bitrate_kbps: number | null;
  readonly frames_per_second: number | null;
  readonly key_frame_interval_ms: number | null;
  readonly last_key_frame_at: Date | null;
  readonly reconnects: number;
  readonly revision: string;
}

describe('the relay and PostgreSQL', () => {
  let database: TestDatabase;
  let gate: DatabaseGate;
  let client: pg.Client;
  let server: Awaited<ReturnType<typeof startGstServer>>;
  let relay: RunningRelay;
  /** What was opened, in order; undone in reverse even when a later step failed. */
  const undo: (() => Promise<unknown>)[] = [];
  let notices = 0;

  const healthOf = async (id: string): Promise<Health | undefined> =>
    (await client.query<Health>('SELECT * FROM camera_health WHERE camera_id = $1', [id])).rows[0];
  const inState = (id: string, state: string, withinMs: number): Promise<Health> =>
    eventually(
      async () => {
        const health = await healthOf(id);
        return health?.state === state ? health : undefined;
      },
      withinMs,
      `${id} is not ${state}`,
    );
  const ready = async (): Promise<number> => (await fetch(`${relay.base}/health/ready`)).status;
  const camera = (id: string, code: string): Parameters<typeof insertCamera>[1] => ({
    id,
    code,
    host: '127.0.0.1',
    login: LOGIN,
    streams: [{ role: 'main', uri: `rtsp://127.0.0.1:${server.port}/main` }],
  });
  const tellRelay = (): Promise<unknown> => client.query(`NOTIFY ${PG_CHANNELS.cameraConfig}`);

  beforeAll(async () => {
    database = await createTestDatabase();
    undo.push(() => database.drop());
    gate = new DatabaseGate(new URL(database.url));
    await gate.open();
    undo.push(() => gate.shut());
    client = await connected(database.url);
    undo.push(() => client.end());
    server = await startGstServer([gstStream('/main', 320, 240, X264, 'rtph264pay')], {
      login: `${LOGIN.username}:${LOGIN.password}`,
    });
    undo.push(() => server.kill('SIGKILL'));
  }, 30_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it('waits for a database that has no tables yet', async () => {
    relay = await startRelay({ DATABASE_URL: gate.url, ATALAYA_RELAY_ID: 'relay-e2e' });
    undo.push(() => relay.kill('SIGKILL'));
    await sleep(systemClock, 500);
    expect(await ready()).toBe(503);
    await migrate(database.url);
    await eventually(async () => ((await ready()) === 200 ? true : undefined), 10_000, 'not ready');
  });

  it('says every second that it lives, and where', async () => {
    const read = async (): Promise<{ public_url: string; heartbeat_at: Date } | undefined> =>
      (
        await client.query<{ public_url: string; heartbeat_at: Date }>(
          `SELECT * FROM relay_node WHERE id = 'relay-e2e'`,
        )
      ).rows[0];
    const first = await eventually(read, 3_000);
    expect(first.public_url).toBe(`http://{host}:${relay.port}`);
    const next = await eventually(async () => {
      const node = await read();
      return node && node.heartbeat_at > first.heartbeat_at ? node : undefined;
    }, 3_000);
    const aheadMs = next.heartbeat_at.getTime() - first.heartbeat_at.getTime();
    expect(aheadMs).toBeGreaterThan(800);
    expect(aheadMs).toBeLessThan(2_500);
  });

  it('takes a camera as soon as it is told, and writes how it is', async () => {
    await client.query(`LISTEN ${PG_CHANNELS.cameraHealth}`);
    client.on('notification', () => notices++);
    await insertCamera(client, camera(FIRST, 'C-01'));
    await tellRelay();
    const online = await inState(FIRST, 'online', 5_000);
    expect(online).toMatchObject({ reason_code: null, reconnects: 0 });
    const measured = await eventually(async () => {
      const health = await healthOf(FIRST);
      return health?.key_frame_interval_ms && (health.frames_per_second ?? 0) > 20 ? health : undefined;
    }, 12_000);
    expect(measured.frames_per_second).toBeLessThan(30);
    expect(measured.bitrate_kbps).toBeGreaterThan(50);
    expect(Math.round(measured.key_frame_interval_ms! / 100)).toBe(10);
    expect(Math.abs(systemClock.nowMs() - measured.last_key_frame_at!.getTime())).toBeLessThan(4_000);
    expect(BigInt(measured.revision)).toBeGreaterThan(BigInt(online.revision));
    expect(measured.since).toEqual(online.since);
    expect(notices).toBeGreaterThan(1);
  }, 30_000);

  it('lets a removed camera go, and restarts one whose login changed', async () => {
    await insertCamera(client, camera(SECOND, 'C-02'));
    await tellRelay();
    await inState(SECOND, 'online', 5_000);
    await client.query('UPDATE camera SET credential_sealed = $2 WHERE id = $1', [SECOND, Buffer.from('rubbish')]);
    await tellRelay();
    expect(await inState(SECOND, 'offline', 5_000)).toMatchObject({ reason_code: 'credential-unreadable' });
    await client.query('UPDATE camera SET removed_at = now() WHERE id = $1', [SECOND]);
    await tellRelay();
    const status = async (): Promise<number> => (await fetch(playlistUrl(relay, SECOND, 'main'))).status;
    await eventually(async () => ((await status()) === 404 ? true : undefined), 5_000);
    expect((await healthOf(FIRST))?.state).toBe('online');
  }, 30_000);

  it('goes on streaming while the database is away, and says so again when it is back', async () => {
    const before = await inState(FIRST, 'online', 5_000);
    await gate.shut();
    await sleep(systemClock, 3_000);
    const playlist = async (): Promise<string> => (await fetch(playlistUrl(relay, FIRST, 'main'))).text();
    const first = await playlist();
    expect(first).toContain('#EXTINF');
    await sleep(systemClock, 2_500);
    expect(await playlist()).not.toBe(first);
    expect(systemClock.nowMs() - (await healthOf(FIRST))!.updated_at.getTime()).toBeGreaterThan(4_000);
    await gate.open();
    const after = await eventually(async () => {
      const health = await healthOf(FIRST);
      return health && systemClock.nowMs() - health.updated_at.getTime() < 1_500 ? health : undefined;
    }, 15_000);
    expect(after).toMatchObject({ state: 'online', reconnects: 0 });
    expect(after.since).toEqual(before.since);
    await client.query(`UPDATE camera SET code = 'C-99' WHERE id = $1`, [FIRST]);
    await eventually(async () => {
      await tellRelay();
      const metrics = await (await fetch(`${relay.base}/metrics`)).text();
      return metrics.includes('atalaya_camera_state{camera="C-99",state="online"} 1') ? true : undefined;
    }, 15_000);
  }, 60_000);

  it('leaves its cameras as not watched when it is stopped', async () => {
    expect(await relay.kill('SIGTERM')).toBe(0);
    expect(await healthOf(FIRST)).toMatchObject({ state: 'offline', reason_code: 'relay-stopped', bitrate_kbps: null });
    expect(relay.lines.join('\n')).not.toContain(LOGIN.password);
  });
});
