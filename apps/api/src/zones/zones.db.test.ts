import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CameraView, ErrorBody, Ring, ZoneCoverageView, ZoneView } from '#libs/wire';
import { beatRelay, seedCamera, writeHealth } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';

let test: TestApplication;
let supervisor: string;
let operator: string;

beforeAll(async () => {
  test = await startTestApplication();
  supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
  operator = await test.cookieOf(await test.addAccount('operador', 'operator'));
});
afterAll(() => test.close());

async function ask<T>(
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const response = await test.call(method, path, { cookie, body });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

const square = (west: number, south: number, sizeDeg: number): Ring => [
  [west, south],
  [west, south + sizeDeg],
  [west + sizeDeg, south + sizeDeg],
  [west + sizeDeg, south],
  [west, south],
];
const PUERTO = square(-71.3493, -17.6499, 0.008);
const body = { name: 'El Puerto', riskLevel: 'high', ring: PUERTO };

describe('zones', () => {
  it('are drawn, changed and removed by those who may, each change written down', async () => {
    expect((await ask(operator, 'POST', '/api/zones', body)).status).toBe(403);
    const created = await ask<ZoneView>(supervisor, 'POST', '/api/zones', body);
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'El Puerto', riskLevel: 'high', notes: '', demonstration: false },
    });
    // Drawn clockwise, kept counter-clockwise.
    expect(created.body.ring[1]![0]).toBeGreaterThan(created.body.ring[0]![0]);
    const path = `/api/zones/${created.body.id}`;
    const changed = await ask<ZoneView>(supervisor, 'PATCH', path, { riskLevel: 'medium' });
    expect(changed.body).toEqual({ ...created.body, riskLevel: 'medium' });
    expect((await ask<ZoneView[]>(operator, 'GET', '/api/zones')).body).toEqual([changed.body]);
    expect((await ask(supervisor, 'DELETE', path, { reason: 'prueba' })).status).toBe(204);
    expect((await ask<ZoneView[]>(operator, 'GET', '/api/zones')).body).toEqual([]);
    expect(await ask<ErrorBody>(supervisor, 'PATCH', path, { name: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'zone-unknown' },
    });
    const audit = (await test.dataSource.query(
      'SELECT action, details FROM audit_entry WHERE object_id = $1 ORDER BY id',
      [created.body.id],
    )) as unknown[];
    expect(audit).toMatchObject([
      { action: 'zone:create', details: { corners: 4 } },
      { action: 'zone:change', details: { riskLevel: ['high', 'medium'] } },
      { action: 'zone:remove', details: { reason: 'prueba' } },
    ]);
  });

  it.each([
    [
      'ring-self-intersecting',
      [
        [0, 0],
        [0.1, 0.1],
        [0.1, 0],
        [0, 0.1],
        [0, 0],
      ],
    ],
    [
      'ring-not-closed',
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
        [0, 0.1],
      ],
    ],
    ['ring-too-wide', square(0, 0, 5)],
    [
      'input-invalid',
      [
        [0, 0],
        [0.1, 0],
        [0, 0],
      ],
    ],
    ['input-invalid', square(0, 90, 0.1)],
  ])('are refused with %s', async (code, ring) => {
    expect(await ask<ErrorBody>(supervisor, 'POST', '/api/zones', { ...body, ring })).toMatchObject({
      status: 400,
      body: { code },
    });
  });
});

describe('coverage', () => {
  const coverage = async (): Promise<ZoneCoverageView> =>
    (await ask<ZoneCoverageView[]>(operator, 'GET', '/api/zones/coverage')).body[0]!;

  it('counts what working cameras see, and gives cameras their zone', async () => {
    const place = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
    const aim = { ...place, bearingDeg: 90, fieldOfViewDeg: 90, rangeM: 200 };
    const camera = await seedCamera(test, 'C-01', aim);
    await seedCamera(test, 'C-02', { ...aim, bearingDeg: 270 });
    await seedCamera(test, 'C-03', place);
    await seedCamera(test, 'C-04', { ...aim, latitudeDeg: -17.7 });
    const { id } = (await ask<ZoneView>(supervisor, 'POST', '/api/zones', body)).body;
    const cameras = (await ask<CameraView[]>(operator, 'GET', '/api/cameras')).body;
    expect(cameras.map((view) => view.zoneIds)).toEqual([[id], [id], [id], []]);

    const none = await coverage();
    expect(none).toMatchObject({ zoneId: id, coveredShare: 0, workingCameras: 0, placedCameras: 2 });
    // 0.008° are 885 m by 849 m here.
    expect(none.areaM2 / (885 * 849)).toBeCloseTo(1, 2);

    await beatRelay(test);
    await writeHealth(test, camera.id, 'degraded');
    await eventually(async () => (await coverage()).workingCameras === 1);
    const some = await coverage();
    const quarterM2 = (Math.PI * 200 * 200) / 4;
    expect(some.coveredShare / (quarterM2 / some.areaM2)).toBeCloseTo(1, 2);
    expect(some.blind).toHaveLength(1);
    expect(await coverage()).toEqual(some);

    // A relay that says nothing any more: nothing is known to work.
    await eventually(async () => (await coverage()).coveredShare === 0, 8_000);
  });
});
