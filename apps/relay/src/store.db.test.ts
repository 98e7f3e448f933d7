import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { silentLogger } from '#libs/base';
import { PG_CHANNELS } from '#libs/wire';
import type { TestDatabase } from '../../../scripts/test-database.ts';
import { connected, createMigratedDatabase, insertCamera } from '../testing/database.ts';
import { LeaseStore } from './lease-store.ts';
import { Store, type HealthRow, type RelayNode } from './store.ts';

const IDS = [1, 2, 3].map((number) => `0190f0a0-0000-7000-8000-00000000000${number}`);
const NODE: RelayNode = {
  id: 'relay-1',
  publicUrl: 'http://{host}:8081',
  version: '1',
  instance: '0190f0a0-0000-7000-8000-0000000000a1',
  site: '0190f0a0-0000-7000-8000-0000000000b1',
  rtmpUrl: null,
  ffmpeg: { available: false, canConvert: false, conversions: 0, maxConversions: 0 },
};
const NOW_MS = Date.UTC(2026, 4, 1, 12);

function row(cameraId: string, change: Partial<HealthRow> = {}): HealthRow {
  return {
    cameraId,
    state: 'online',
    sinceMs: NOW_MS - 5_000,
    reasonCode: null,
    reasonMessage: null,
    reconnects: 2,
    bitrateKbps: 512.5,
    framesPerSecond: 15,
    keyFrameIntervalMs: 2_000,
    activityState: 'quiet',
    activityScore: 0.5,
    activitySinceMs: NOW_MS - 5_000,
    lastKeyFrameAtMs: NOW_MS - 1_000,
    yields: false,
    checkedAtMs: null,
    lossShare: 0.01,
    jitterMs: 2.5,
    delayMs: 40,
    readers: 3,
    ...change,
  };
}

describe('Store', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let store: Store;
  let leases: LeaseStore;

  beforeAll(async () => {
    database = await createMigratedDatabase();
    client = await connected(database.url);
    store = new Store(database.url, silentLogger);
    leases = new LeaseStore(database.url, NODE, silentLogger);
    for (const [index, id] of IDS.entries()) {
      await insertCamera(client, {
        id,
        code: `C-0${index + 1}`,
        host: `10.0.0.${index + 1}`,
        login: { username: 'u', password: 'p' },
        streams: [
          { role: 'sub', uri: 'rtsp://x/sub' },
          { role: 'main', uri: 'rtsp://x/main' },
        ],
      });
    }
    await client.query('UPDATE camera SET clock_error_ms = 1350.5 WHERE id = $1', [IDS[1]]);
    await client.query(
      "UPDATE camera SET rtsp_transport = 'udp', audio_enabled = true, audio_reason = 'prueba' WHERE id = $1",
      [IDS[1]],
    );
    await client.query('UPDATE camera SET removed_at = now() WHERE id = $1', [IDS[2]]);
    await leases.beat(true);
    await leases.take(10);
  });

  afterAll(async () => {
    await Promise.all([store.close(), leases.close()]);
    await client.end();
    await database.drop();
  });

  it('reads cameras that are not removed, with their streams', async () => {
    const cameras = await store.cameras();
    expect(cameras.map((camera) => camera.code)).toEqual(['C-01', 'C-02']);
    expect(cameras.map((camera) => camera.clockErrorMs)).toEqual([null, 1_350.5]);
    expect(cameras.map((camera) => camera.transport)).toEqual(['tcp', 'udp']);
    expect(cameras.map((camera) => camera.withAudio)).toEqual([false, true]);
    expect(cameras[0]).toMatchObject({
      id: IDS[0],
      host: '10.0.0.1',
      credentialSealed: expect.any(Buffer),
      streams: [
        { role: 'main', uri: 'rtsp://x/main', framesPerSecond: 25 },
        { role: 'sub', uri: 'rtsp://x/sub', framesPerSecond: 25 },
      ],
    });
  });

  it('writes many rows at once, leaves out cameras that are gone, and tells the api once', async () => {
    let notices = 0;
    client.on('notification', () => notices++);
    await client.query(`LISTEN ${PG_CHANNELS.cameraHealth}`);
    const offline = { state: 'offline', reasonCode: 'no-frames', reasonMessage: 'none', bitrateKbps: null } as const;
    await store.writeHealth(
      NODE,
      [row(IDS[0]!), row(IDS[1]!, offline), row(IDS[2]!), row(IDS[0]!.replace(/1$/, '9'))],
      NOW_MS,
    );
    const { rows } = await client.query('SELECT * FROM camera_health ORDER BY camera_id');
    expect(notices).toBe(1);
    expect(rows).toMatchObject([
      {
        camera_id: IDS[0],
        relay_id: 'relay-1',
        state: 'online',
        reason_code: null,
        reconnects: 2,
        bitrate_kbps: 512.5,
        activity_state: 'quiet',
        activity_score: 0.5,
        activity_since: new Date(NOW_MS - 5_000),
      },
      {
        camera_id: IDS[1],
        state: 'offline',
        reason_code: 'no-frames',
        bitrate_kbps: null,
        key_frame_interval_ms: 2_000,
      },
    ]);
    const times = rows.map(({ since, updated_at, last_key_frame_at }) =>
      [since, updated_at, last_key_frame_at].map(Number),
    );
    expect(times[0]).toEqual([NOW_MS - 5_000, NOW_MS, NOW_MS - 1_000]);
  });

  it('gives every write of a row a higher revision', async () => {
    const revisions = async (): Promise<bigint[]> => {
      const { rows } = await client.query<{ revision: string }>(
        'SELECT revision FROM camera_health ORDER BY camera_id',
      );
      return rows.map(({ revision }) => BigInt(revision));
    };
    const before = await revisions();
    await store.writeHealth(NODE, [row(IDS[0]!)], NOW_MS + 1);
    const after = await revisions();
    expect(after[0]! > before[0]! && after[0]! > before[1]!).toBe(true);
    expect(after[1]).toBe(before[1]);
  });

  it('writes what is known of a camera at rest, and nothing of what is not', async () => {
    const rest = { state: 'standby', checkedAtMs: NOW_MS - 9_000, bitrateKbps: null, lossShare: null } as const;
    await store.writeHealth(NODE, [row(IDS[1]!, rest)], NOW_MS + 2);
    const { rows } = await client.query('SELECT * FROM camera_health ORDER BY camera_id');
    expect(rows).toMatchObject([
      { checked_at: null, loss_share: 0.01, jitter_ms: 2.5, delay_ms: 40, readers: 3 },
      { state: 'standby', checked_at: new Date(NOW_MS - 9_000), loss_share: null, readers: 3 },
    ]);
  });

  it('reads what a camera that pushes is known by, and writes what it sends', async () => {
    const hash = Buffer.alloc(32, 9);
    await client.query(
      `INSERT INTO camera_publisher (camera_id, kind, stream_name, key_hash, key_changed_at)
       VALUES ($1, 'phone', 'abcd2345', $2, now())`,
      [IDS[0], hash],
    );
    const format = { codec: 'h265', widthPx: 1280, heightPx: 720, framesPerSecond: undefined } as const;
    await store.writePushedFormat(IDS[0]!, format);
    const [pushed, pulled] = await store.cameras();
    expect([pushed!.streamName, pushed!.keyHash]).toEqual(['abcd2345', hash]);
    expect([pulled!.streamName, pulled!.keyHash]).toEqual([null, null]);
    const { rows } = await client.query('SELECT * FROM camera_stream WHERE camera_id = $1 ORDER BY role', [IDS[0]]);
    expect(rows).toMatchObject([
      { role: 'main', codec: 'h265', width_px: 1280, frames_per_second: null },
      { role: 'sub', codec: 'h264', width_px: 320 },
    ]);
  });

  it('leaves a camera that sends nothing here to the relay that speaks for it, until that one is silent', async () => {
    const teller = async (): Promise<unknown> => {
      const { rows } = await client.query('SELECT relay_id FROM camera_health WHERE camera_id = $1', [IDS[0]]);
      return (rows[0] as { relay_id: string }).relay_id;
    };
    const other = { id: 'relay-2', instance: '0190f0a0-0000-7000-8000-0000000000a2' };
    await client.query(
      `INSERT INTO relay_node (id, instance, public_url, version, started_at, heartbeat_at)
       VALUES ($1, $2, 'http://{host}:8082', '1', now(), now())`,
      [other.id, other.instance],
    );
    await store.writeHealth(other, [row(IDS[0]!)], NOW_MS);
    await store.writeHealth(NODE, [row(IDS[0]!, { yields: true })], NOW_MS + 5_000);
    expect(await teller()).toBe('relay-2');
    await store.writeHealth(NODE, [row(IDS[0]!, { yields: true })], NOW_MS + 11_000);
    expect(await teller()).toBe('relay-1');
    await store.writeHealth(other, [row(IDS[0]!)], NOW_MS + 12_000);
    expect(await teller()).toBe('relay-2');
  });

  it('outlives its connections', async () => {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atalaya-relay'`,
    );
    await expect(store.cameras().catch(() => store.cameras())).resolves.toHaveLength(2);
  });
});
