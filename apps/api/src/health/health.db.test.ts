import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { silentLogger } from '#libs/base';
import type { CameraView, ReadinessView, SystemView } from '#libs/wire';
import { CuttableWire } from '../../testing/cuttable-wire.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { seedUnit } from '../../testing/seed-units.ts';
import { TestCentre } from '../../testing/test-centre.ts';
import { PositionsService } from '../positions/positions.service.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';

let test: TestApplication;
beforeAll(async () => {
  test = await startTestApplication();
});
afterAll(() => test.close());

const ready = async (): Promise<{ status: number; body: ReadinessView }> => {
  const response = await test.call('GET', '/health/ready');
  return { status: response.status, body: (await response.json()) as ReadinessView };
};
const beat = (agoS: number): Promise<unknown> =>
  test.dataSource.query(
    `INSERT INTO relay_node (id, public_url, started_at, heartbeat_at, version, ffmpeg)
     VALUES ('relay-1', 'http://{host}:8081', now(), now() - $1 * interval '1 second', '0.1.0',
       '{"available": true, "canConvert": true, "conversions": 1, "maxConversions": 2}')
     ON CONFLICT (id) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
    [agoS],
  );
const metrics = async (): Promise<string> => (await test.call('GET', '/metrics')).text();

describe('/health/ready', () => {
  it('serves without a relay, and says that it is missing', async () => {
    expect(await ready()).toEqual({
      status: 200,
      body: { status: 'degraded', checks: { database: true, migrations: true, relay: false } },
    });
  });

  it('believes a relay for five seconds after its last beat', async () => {
    await beat(0);
    expect((await ready()).body).toMatchObject({ status: 'ready', checks: { relay: true } });
    await beat(6);
    expect((await ready()).body).toMatchObject({ status: 'degraded', checks: { relay: false } });
  });

  it('is 503 while a migration of this version is missing', async () => {
    const [row] = (await test.dataSource.query(
      'DELETE FROM migration WHERE id = (SELECT max(id) FROM migration) RETURNING "timestamp", name',
    )) as [{ timestamp: string; name: string }[], number];
    expect(await ready()).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { migrations: false } },
    });
    await test.dataSource.query('INSERT INTO migration ("timestamp", name) VALUES ($1, $2)', [
      row[0]!.timestamp,
      row[0]!.name,
    ]);
    expect((await ready()).status).toBe(200);
  });
});

describe('a database that stops and starts again', () => {
  it('makes 503 of every answer that needs it, and everything works again when it is back', async () => {
    const wire = await makeWire();
    const own = await startTestApplication({}, silentLogger, wire.lead);
    try {
      const cookie = await own.cookieOf(await own.addAccount('operador', 'operator'));
      const session = (): Promise<Response> => own.call('GET', '/api/session', { cookie });
      expect((await session()).status).toBe(200);
      await wire.line.cut();
      const away = [await session(), await session()];
      expect(away.map((response) => response.status)).toEqual([503, 503]);
      expect(await away[1]!.json()).toEqual({
        code: 'database-unavailable',
        message: 'the database does not answer',
      });
      expect((await own.call('GET', '/health/live')).status).toBe(200);
      expect((await own.call('GET', '/health/ready')).status).toBe(503);
      expect(await (await own.call('GET', '/metrics')).text()).toContain('nodejs_eventloop_lag');
      await wire.line.join();
      expect((await session()).status).toBe(200);
      expect((await own.call('GET', '/health/ready')).status).toBe(200);
    } finally {
      await own.close();
      await wire.line.cut();
    }
  });

  it('closes every connection under load without an answer that is not a clear one', async () => {
    const cookie = await test.cookieOf(await test.addAccount('cargada', 'operator'));
    const loads = Array.from({ length: 8 }, async () => {
      const statuses: number[] = [];
      for (let count = 0; count < 60; count++) {
        statuses.push((await test.call('GET', '/api/session', { cookie })).status);
      }
      return statuses;
    });
    const kills = (async () => {
      for (let count = 0; count < 5; count++) {
        await onServer(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = '${new URL(test.config.databaseUrl).pathname.slice(1)}'`,
        );
      }
    })();
    const statuses = new Set((await Promise.all(loads)).flat());
    await kills;
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect((await test.call('GET', '/api/session', { cookie })).status).toBe(200);
  });
});

async function makeWire(): Promise<{ line: CuttableWire; lead: (url: string) => Promise<string> }> {
  const server = new URL(process.env['ATALAYA_TEST_SERVER'] ?? '');
  const line = new CuttableWire(server.hostname, Number(server.port || 5432));
  const port = await line.join();
  return {
    line,
    lead: (url) => Promise.resolve(Object.assign(new URL(url), { host: `127.0.0.1:${port}` }).toString()),
  };
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: process.env['ATALAYA_TEST_SERVER'] });
  await client.connect();
  await client.query(sql);
  await client.end();
}

describe('/metrics', () => {
  it('has one gauge per camera and state: 1 for the state it is in', async () => {
    const realtime = test.app.get(RealtimeService);
    const camera = (code: string, state: string): CameraView => ({ code, health: { state } }) as unknown as CameraView;
    let cameras = [camera('C-01', 'online'), camera('C-02', 'offline')];
    // The cameras slice owns the topic in this process; here the test does.
    (realtime as unknown as { topics: Map<string, unknown> }).topics.delete('cameras');
    realtime.register('cameras', () => Promise.resolve(cameras));
    const first = await metrics();
    expect(first).toContain('atalaya_camera_state{camera="C-01",state="online"} 1');
    expect(first).toContain('atalaya_camera_state{camera="C-01",state="offline"} 0');
    expect(first).toContain('atalaya_camera_state{camera="C-02",state="offline"} 1');
    cameras = [camera('C-02', 'degraded')];
    // What was read is shared for a moment among those who ask.
    test.clock.forward(500);
    const second = await metrics();
    expect(second).toContain('atalaya_camera_state{camera="C-02",state="degraded"} 1');
    expect(second).not.toContain('C-01');
  });

  it('counts requests by route pattern, so that strangers cannot grow it', async () => {
    for (let count = 0; count < 5; count++) await test.call('GET', `/api/accounts-${count}`);
    await test.call('PATCH', '/api/accounts/00000000-0000-7000-8000-000000000000', { body: {} });
    const text = await metrics();
    expect(text).toContain(
      'atalaya_http_request_duration_seconds_count{method="PATCH",route="/api/accounts/:id",status="401"} 1',
    );
    expect(text).toMatch(/count\{method="GET",route="unmatched",status="404"\} [5-9]/);
    expect(text).not.toContain('accounts-3');
  });
});

describe('numbers of positions and of the ledger', () => {
  const numberOf = async (name: string): Promise<number> =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, '\\$&')} (\\S+)$`, 'm').exec(await metrics())?.[1] ?? 0);

  it('say what became of each position, and how long the disk took', async () => {
    const unitId = await seedUnit(test, 'M-71');
    const positions = test.app.get(PositionsService, { strict: false });
    const side = { speedKmh: null, bearingDeg: null, altitudeM: null, accuracyM: null };
    const fix = (takenAtMs: number) => ({
      point: { latitudeDeg: -17.6, longitudeDeg: -71.3 },
      takenAtMs,
      ...side,
      hdop: null,
      batteryShare: null,
      charging: null,
    });
    const nowMs = test.clock.nowMs();
    const before = await numberOf('atalaya_position_store_duration_seconds_count');
    await positions.take({ unitId, deviceId: null }, [fix(nowMs), fix(nowMs - 5_000), fix(nowMs + 3_600_000)]);
    await positions.take({ unitId, deviceId: null }, [fix(nowMs - 9_000)]);
    expect(await numberOf('atalaya_position_fixes_total{outcome="live"}')).toBe(2);
    expect(await numberOf('atalaya_position_fixes_total{outcome="late"}')).toBe(1);
    expect(await numberOf('atalaya_position_fixes_total{outcome="fix-in-future"}')).toBe(1);
    expect(await numberOf('atalaya_position_store_duration_seconds_count')).toBe(before + 2);
    expect(await numberOf('atalaya_units_positioned{age="fresh"}')).toBe(1);
  });

  it('count commands of the ledger by how they ended', async () => {
    const centre = new TestCentre(test);
    await centre.hire('jefa', 'supervisor');
    const appended = await numberOf('atalaya_ledger_events_total');
    const head = await numberOf('atalaya_ledger_head');
    const refused = await numberOf('atalaya_ledger_command_duration_seconds_count{end="refused"}');
    const unitId = await centre.unit('jefa');
    expect(await centre.send('jefa', `/api/units/${unitId}/duty`, { kind: 'acknowledgeSos' })).toMatch(/^sos-/);
    expect(await numberOf('atalaya_ledger_events_total')).toBe(appended + 2);
    expect(await numberOf('atalaya_ledger_head')).toBe(head + 2);
    expect(await numberOf('atalaya_ledger_command_duration_seconds_count{end="refused"}')).toBe(refused + 1);
    expect(await numberOf('atalaya_ledger_writes_here')).toBe(1);
  });
});

describe('/api/health/system', () => {
  it('tells of the parts as they are', async () => {
    await beat(0);
    const cookie = await test.cookieOf(await test.addAccount('auditora', 'auditor'));
    const view = (await (await test.call('GET', '/api/health/system', { cookie })).json()) as SystemView;
    expect(view.api).toMatchObject({ nodeVersion: process.version, openSockets: 0 });
    expect(view.database?.version).toMatch(/^1\d/);
    expect(view.relays).toMatchObject([{ id: 'relay-1', alive: true, ffmpeg: { conversions: 1, maxConversions: 2 } }]);
    expect(view.ledger).toMatchObject({ writesHere: true, waiting: 0 });
    expect(view.positions).toMatchObject({ waiting: 0, outcomes: { live: 2, late: 1, 'fix-in-future': 1 } });
    expect(view.disk?.totalMb).toBeGreaterThan(view.disk!.freeMb);
  });
});
