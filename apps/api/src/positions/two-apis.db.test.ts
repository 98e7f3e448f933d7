import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { io, type Socket } from 'socket.io-client';
import type { Fix } from '#libs/avl';
import { silentLogger } from '#libs/base';
import type { ClientEvents, PositionBatch, ServerEvents } from '#libs/wire';
import { seedUnit } from '../../testing/seed-units.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { createApplication } from '../application.ts';
import { CrossingLog } from './crossing-log.ts';
import { PositionsService } from './positions.service.ts';

let test: TestApplication;
/** A second api on the same database: the pages of this test are its. */
let second: NestExpressApplication;
let page: Socket<ServerEvents, ClientEvents>;
const rows: PositionBatch['rows'] = [];

const AT = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const fixAt = (takenAtMs: number, northM = 0): Fix => ({
  point: { ...AT, latitudeDeg: AT.latitudeDeg + northM / 111_195 },
  takenAtMs,
  speedKmh: 20,
  bearingDeg: 0,
  altitudeM: null,
  accuracyM: 5,
  hdop: null,
  batteryShare: 0.5,
  charging: false,
});
const report = (unitId: string, ...fixes: Fix[]) =>
  test.app.get(PositionsService, { strict: false }).take({ unitId, deviceId: null }, fixes);
const inSecond = (): PositionsService => second.get(PositionsService, { strict: false });
const rowsOf = (unitId: string): PositionBatch['rows'] => rows.filter(([id]) => id === unitId);

beforeAll(async () => {
  test = await startTestApplication();
  second = await createApplication({ config: test.config, clock: test.clock, logger: silentLogger });
  await second.listen(0);
  const { port } = second.getHttpServer().address() as AddressInfo;
  const cookie = await test.cookieOf(await test.addAccount('despacho', 'dispatcher'));
  page = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie } });
  page.on('positions:moved', (batch) => rows.push(...batch.rows));
  await page.timeout(5_000).emitWithAck('topic:subscribe', { topic: 'units' });
});
afterAll(async () => {
  page.disconnect();
  await second.close();
  await test.close();
});

describe('two processes of the api on one database', () => {
  it('show on pages of the one what was reported to the other', async () => {
    const unitId = await seedUnit(test, 'M-31');
    const nowMs = test.clock.nowMs();
    await report(unitId, fixAt(nowMs - 2_000), fixAt(nowMs - 1_000, 10));
    await eventually(() => rowsOf(unitId).length > 0);
    expect(rowsOf(unitId).at(-1)?.[5]).toBe(nowMs - 1_000);
    expect(inSecond().positionOf(unitId)).toMatchObject({ takenAtMs: nowMs - 1_000, batteryShare: 0.5, age: 'fresh' });
  });

  it('move no unit back for a position that came late', async () => {
    const unitId = await seedUnit(test, 'M-32');
    const nowMs = test.clock.nowMs();
    await report(unitId, fixAt(nowMs));
    await eventually(() => rowsOf(unitId).length > 0);
    await report(unitId, fixAt(nowMs - 60_000, -20));
    const other = await seedUnit(test, 'M-33');
    await report(other, fixAt(nowMs));
    await eventually(() => rowsOf(other).length > 0);
    expect(rowsOf(unitId).map((row) => row[5])).toEqual([nowMs]);
  });

  it('write down once that a unit came into an area', async () => {
    const supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
    const [west, east] = [AT.longitudeDeg - 0.001, AT.longitudeDeg + 0.001];
    const [south, north] = [AT.latitudeDeg - 0.001, AT.latitudeDeg + 0.001];
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
    const body = { name: 'Cuadrante 7', ring };
    expect((await test.call('POST', '/api/sectors', { cookie: supervisor, body })).status).toBe(201);
    const unitId = await seedUnit(test, 'M-34');
    const nowMs = test.clock.nowMs();
    const areas = test.app.get(PositionsService, { strict: false });
    await eventually(async () => (await areas.areas()).length === 1);
    await report(unitId, fixAt(nowMs - 30_000, 400), fixAt(nowMs - 1_000));
    await eventually(() => rowsOf(unitId).length > 0);
    for (const app of [test.app, second]) await app.get(CrossingLog, { strict: false }).write();
    const written: unknown[] = await test.dataSource.query('SELECT kind FROM fence_crossing WHERE unit_id = $1', [
      unitId,
    ]);
    expect(written).toEqual([{ kind: 'entered' }]);
  });

  it('find what was said while nobody listened', async () => {
    const unitId = await seedUnit(test, 'M-35');
    const nowMs = test.clock.nowMs();
    await test.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'atalaya-moves-listen'`,
    );
    await report(unitId, fixAt(nowMs));
    await eventually(() => inSecond().positionOf(unitId)?.takenAtMs === nowMs);
  });
});
