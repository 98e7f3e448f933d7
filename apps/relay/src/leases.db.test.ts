import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { silentLogger, sleep, systemClock } from '#libs/base';
import { LEASE_RULE, type LeaseRule } from '#libs/relay';
import { PG_CHANNELS } from '#libs/wire';
import type { TestDatabase } from '../../../scripts/test-database.ts';
import { connected, createMigratedDatabase, insertCamera } from '../testing/database.ts';
import { eventually } from '../testing/processes.ts';
import { LeaseStore } from './lease-store.ts';
import { Leases } from './leases.ts';
import { Store, type HealthRow, type RelayNode } from './store.ts';

const CAMERAS = 12;
const idOf = (index: number): string => `0190f0a0-0000-7000-8000-0000000000${String(index + 10)}`;
const uuid = (last: string): string => `0190f0a0-0000-7000-8000-0000000001${last}`;
/** As the product's, five times as fast. */
const FAST: LeaseRule = {
  leaseMs: 1_200,
  renewMs: 200,
  fenceMs: 900,
  cutMs: 400,
  wordMs: 300,
  graceMs: 600,
  silentMs: 800,
  steadyMs: 1_000,
  maxGivenBack: 3,
};

describe('camera leases', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const stores: LeaseStore[] = [];

  const nodeOf = (id: string, instance: string, site = instance): RelayNode => ({
    id,
    publicUrl: 'http://{host}:8081',
    version: '1',
    instance: uuid(instance),
    site: uuid(site),
    rtmpUrl: null,
    ffmpeg: { available: false, canConvert: false, conversions: 0, maxConversions: 0 },
  });
  const storeOf = (node: RelayNode, rule = LEASE_RULE): LeaseStore => {
    const store = new LeaseStore(database.url, node, silentLogger, rule);
    stores.push(store);
    return store;
  };
  const holders = async (): Promise<Record<string, string>> => {
    const { rows } = await client.query<{ camera_id: string; relay_id: string }>('SELECT * FROM camera_lease');
    return Object.fromEntries(rows.map((row) => [row.camera_id, row.relay_id]));
  };
  const expire = (relayId: string): Promise<unknown> =>
    client.query(`UPDATE camera_lease SET until = clock_timestamp() - interval '1 ms' WHERE relay_id = $1`, [relayId]);
  const silence = (relayId: string): Promise<unknown> =>
    client.query(`UPDATE relay_node SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = $1`, [relayId]);

  beforeAll(async () => {
    database = await createMigratedDatabase();
    client = await connected(database.url);
    for (let index = 0; index < CAMERAS; index++) {
      await insertCamera(client, {
        id: idOf(index),
        code: `C-${index + 10}`,
        host: '10.0.0.1',
        login: { username: 'u', password: 'p' },
        streams: [{ role: 'sub', uri: 'rtsp://x/sub' }],
      });
    }
  });
  beforeEach(() => client.query('DELETE FROM camera_lease; DELETE FROM relay_node; DELETE FROM camera_health'));
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('gives each camera to one of relays that want all of them at the same moment', async () => {
    const relays = ['a1', 'a2', 'a3', 'a4'].map((instance) => storeOf(nodeOf(`relay-${instance}`, instance)));
    await Promise.all(relays.map((relay) => relay.beat(true)));
    const taken = await Promise.all(relays.map((relay) => relay.take(CAMERAS)));
    const all = taken.flat();
    expect([all.length, new Set(all).size]).toEqual([CAMERAS, CAMERAS]);
    expect(Object.keys(await holders()).sort()).toEqual([...all].sort());
  });

  it('counts cameras, relays that speak, and those on other machines', async () => {
    const [first, second, worker] = [nodeOf('r1', 'a1'), nodeOf('r2', 'a2'), nodeOf('r1-w2', 'a3', 'a1')];
    const store = storeOf(first);
    for (const node of [first, second, worker]) await storeOf(node).beat(true);
    const census = { cameras: CAMERAS, others: 2, steadyOthers: 0, strangers: 1, held: [] };
    const peer = { id: 'r2', instance: uuid('a2'), publicUrl: second.publicUrl, address: '127.0.0.1' };
    expect(await store.renew()).toEqual({ ...census, peers: [peer] });
    await client.query(`UPDATE relay_node SET up_since = up_since - interval '11 s' WHERE id = 'r2'`);
    expect(await store.renew()).toMatchObject({ ...census, steadyOthers: 1 });
    await silence('r2');
    expect(await store.renew()).toMatchObject({ others: 1, strangers: 0 });
    await storeOf(worker).leave();
    expect(await store.renew()).toMatchObject({ others: 0 });
  });

  it('says with each heartbeat where devices publish and whether there is ffmpeg', async () => {
    const ffmpeg = { available: true, canConvert: true, conversions: 1, maxConversions: 2 };
    const node = { ...nodeOf('r1', 'a1'), rtmpUrl: 'rtmp://{host}:1935/live' as string | null, ffmpeg };
    const store = storeOf(node);
    await store.beat(true);
    const told = async (): Promise<unknown> => (await client.query('SELECT rtmp_url, ffmpeg FROM relay_node')).rows[0];
    expect(await told()).toEqual({ rtmp_url: node.rtmpUrl, ffmpeg });
    node.rtmpUrl = null;
    await store.beat(false);
    expect(await told()).toEqual({ rtmp_url: null, ffmpeg });
  });

  it('leaves out cameras that push: nobody holds them', async () => {
    await client.query(
      `INSERT INTO camera_publisher (camera_id, kind, stream_name, key_changed_at) VALUES ($1, 'phone', 'abcd2345', now())`,
      [idOf(0)],
    );
    try {
      const store = storeOf(nodeOf('r1', 'a1'));
      await store.beat(true);
      expect(await store.renew()).toMatchObject({ cameras: CAMERAS - 1 });
      expect([...(await store.take(CAMERAS))].sort()).toEqual(
        Array.from({ length: CAMERAS - 1 }, (_none, index) => idOf(index + 1)),
      );
    } finally {
      await client.query('DELETE FROM camera_publisher');
    }
  });

  it('goes by the clock of the database alone', async () => {
    const [one, other] = [storeOf(nodeOf('r1', 'a1')), storeOf(nodeOf('r2', 'a2'))];
    await Promise.all([one.beat(true), other.beat(true)]);
    await one.take(CAMERAS);
    const { rows } = await client.query<{ left_ms: number }>(
      `SELECT DISTINCT (extract(epoch FROM until - clock_timestamp()) * 1000)::float8 AS left_ms FROM camera_lease`,
    );
    for (const { left_ms } of rows) expect(Math.abs(left_ms - LEASE_RULE.leaseMs)).toBeLessThan(1_000);
    expect(await other.take(CAMERAS)).toEqual([]);
    await expire('r1');
    expect(await other.take(CAMERAS, true)).toEqual([]);
    expect(await other.take(CAMERAS)).toHaveLength(CAMERAS);
    expect((await one.renew()).held).toEqual([]);
  });

  it('lengthens a lease that ran out while nobody wanted it, and lets removed cameras go', async () => {
    const store = storeOf(nodeOf('r1', 'a1'));
    await store.beat(true);
    await store.take(CAMERAS);
    await expire('r1');
    expect((await store.renew()).held).toHaveLength(CAMERAS);
    await client.query('UPDATE camera SET removed_at = now() WHERE id = $1', [idOf(0)]);
    const after = await store.renew();
    await client.query('UPDATE camera SET removed_at = NULL WHERE id = $1', [idOf(0)]);
    expect(after).toMatchObject({ cameras: CAMERAS - 1 });
    expect(after.held).toHaveLength(CAMERAS - 1);
  });

  it('gives a relay that is started again its cameras at once, and the process before it nothing more', async () => {
    const [before, after] = [storeOf(nodeOf('r1', 'a1')), storeOf(nodeOf('r1', 'a2'))];
    await before.beat(true);
    await before.take(CAMERAS);
    expect(await after.beat(true)).toBe(true);
    expect((await after.renew()).held).toHaveLength(CAMERAS);
    expect(await before.beat(false)).toBe(false);
    expect(await before.renew()).toMatchObject({ held: [] });
    expect(await before.take(CAMERAS)).toEqual([]);
    await before.release([idOf(1)]);
    expect(Object.keys(await holders())).toHaveLength(CAMERAS);
    await silence('r1');
    expect(await before.beat(false)).toBe(true);
  });

  it('writes health for cameras that the relay holds at that moment, and for no other', async () => {
    const [node, other] = [nodeOf('r1', 'a1'), nodeOf('r2', 'a2')];
    const [leases, others] = [storeOf(node), storeOf(other)];
    await Promise.all([leases.beat(true), others.beat(true)]);
    await leases.take(CAMERAS);
    const store = new Store(database.url, silentLogger);
    const saidBy = async (): Promise<string[]> =>
      (
        await client.query<{ said: string }>(
          `SELECT DISTINCT relay_id || ' ' || state AS said FROM camera_health ORDER BY 1`,
        )
      ).rows.map((row) => row.said);
    const rows = (state: HealthRow['state']): HealthRow[] =>
      Array.from({ length: CAMERAS }, (_none, index) => healthRow(idOf(index), state));
    await store.writeHealth(other, rows('offline'), 0);
    expect(await saidBy()).toEqual([]);
    await store.writeHealth(node, rows('online'), 0);
    await store.writeHealth({ ...node, instance: uuid('a9') }, rows('offline'), 0);
    expect(await saidBy()).toEqual(['r1 online']);
    await expire('r1');
    await store.writeHealth(node, rows('offline'), 0);
    expect(await saidBy()).toEqual(['r1 online']);
    await others.take(CAMERAS);
    await Promise.all([store.writeHealth(node, rows('offline'), 0), store.writeHealth(other, rows('degraded'), 0)]);
    expect(await saidBy()).toEqual(['r2 degraded']);
    await store.close();
  });

  it('tells the others when cameras are given back', async () => {
    const store = storeOf(nodeOf('r1', 'a1'));
    await store.beat(true);
    await store.take(CAMERAS);
    let heard = 0;
    client.on('notification', () => heard++);
    await client.query(`LISTEN ${PG_CHANNELS.cameraConfig}`);
    await store.release([idOf(0), idOf(1)]);
    await store.leave();
    await eventually(() => (heard === 2 ? true : undefined), 2_000);
    await client.query('UNLISTEN *');
    expect(await holders()).toEqual({});
    expect((await client.query('SELECT stopped_at FROM relay_node')).rows[0].stopped_at).not.toBeNull();
  });

  describe('kept by running relays', () => {
    const running: (() => Promise<void>)[] = [];

    interface Running {
      readonly leases: Leases;
      readonly changes: number[];
      stop(): Promise<void>;
    }

    const start = (id: string, instance: string): Running => {
      const stop = new AbortController();
      const changes: number[] = [];
      const store = storeOf(nodeOf(id, instance), FAST);
      const leases: Leases = new Leases({
        store,
        rule: FAST,
        clock: systemClock,
        log: silentLogger,
        areCutOff: () => Promise.resolve(false),
        readersOf: (cameraId) => (cameraId === idOf(0) ? 1 : 0),
        onChange: () => changes.push(leases.size),
      });
      const done = leases.run(stop.signal);
      const end = async (): Promise<void> => {
        stop.abort();
        await done;
      };
      running.push(end);
      return { leases, changes, stop: end };
    };
    const sizes = (...relays: Running[]): number[] => relays.map(({ leases }) => leases.size);
    const reaches = (wanted: readonly number[], ...relays: Running[]): Promise<true> =>
      eventually(
        () => (JSON.stringify(sizes(...relays)) === JSON.stringify(wanted) ? true : undefined),
        8_000,
        `${wanted} not reached`,
      );
    afterEach(async () => {
      for (const end of running.splice(0)) await end();
    });

    it('shares with one that comes, keeps what is watched, and does not move to and fro', async () => {
      const first = start('r1', 'a1');
      await reaches([CAMERAS], first);
      const second = start('r2', 'a2');
      await reaches([6, 6], first, second);
      expect(first.leases.holds(idOf(0))).toBe(true);
      const moved = first.changes.length + second.changes.length;
      await sleep(systemClock, 1_000);
      expect(first.changes.length + second.changes.length).toBe(moved);
      await second.stop();
      await second.leases.leave();
      await reaches([CAMERAS], first);
    }, 20_000);

    it('takes over for one that fell silent, not before its leases ran out', async () => {
      const [first, second] = [start('r1', 'a1'), start('r2', 'a2')];
      await reaches([CAMERAS / 2, CAMERAS / 2], first, second);
      const stoppedMs = systemClock.monotonicMs();
      await second.stop();
      await reaches([CAMERAS], first);
      const tookMs = systemClock.monotonicMs() - stoppedMs;
      expect(tookMs).toBeGreaterThan(FAST.leaseMs - 2 * FAST.renewMs);
    }, 15_000);

    it('lets the process that began later have the name, and stands by', async () => {
      const first = start('r1', 'a1');
      await reaches([CAMERAS], first);
      const twin = start('r1', 'a2');
      await reaches([0, CAMERAS], first, twin);
      const changes = twin.changes.length;
      await sleep(systemClock, 1_200);
      expect([sizes(first, twin), twin.changes.length]).toEqual([[0, CAMERAS], changes]);
    }, 15_000);
  });
});

function healthRow(cameraId: string, state: HealthRow['state']): HealthRow {
  return {
    cameraId,
    state,
    sinceMs: 0,
    reasonCode: null,
    reasonMessage: null,
    reconnects: 0,
    bitrateKbps: null,
    framesPerSecond: null,
    keyFrameIntervalMs: null,
    lastKeyFrameAtMs: null,
    checkedAtMs: null,
    lossShare: null,
    jitterMs: null,
    delayMs: null,
    activityState: null,
    activityScore: null,
    activitySinceMs: null,
    readers: null,
    yields: false,
  };
}
