import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { XMLParser } from 'fast-xml-parser';
import type { Fix } from '#libs/avl';
import type { CrossingPage, ErrorBody, Ring, SectorView, TrackMetricsView, ZoneView } from '#libs/wire';
import { seedUnit } from '../../testing/seed-units.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { HousekeepingService } from '../housekeeping/housekeeping.service.ts';
import { CrossingLog } from './crossing-log.ts';
import { PositionsService } from './positions.service.ts';

const DAY_MS = 86_400_000;
const WEST = { latitudeDeg: -17.6459, longitudeDeg: -71.36 };
/** Metres of a degree of longitude there. */
const M_PER_DEG = 111_195 * Math.cos((17.6459 * Math.PI) / 180);

let test: TestApplication;
let supervisor: string;
let positions: PositionsService;

beforeAll(async () => {
  test = await startTestApplication({ ATALAYA_TRACK_KEEP_DAYS: '8' });
  supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
  positions = test.app.get(PositionsService, { strict: false });
});
afterAll(() => test.close());

async function ask<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await test.call(method, path, { cookie: supervisor, body });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  return { status: response.status, body: (json ? JSON.parse(text) : text) as T };
}

const fixAt = (takenAtMs: number, eastM: number): Fix => ({
  point: { ...WEST, longitudeDeg: WEST.longitudeDeg + eastM / M_PER_DEG },
  takenAtMs,
  speedKmh: 36,
  bearingDeg: 90,
  altitudeM: 15,
  accuracyM: 5,
  hdop: null,
  batteryShare: null,
  charging: null,
});
/** 10 m/s eastwards for so many seconds, one fix each ten. */
const drive = (fromMs: number, seconds: number): Fix[] =>
  Array.from({ length: seconds / 10 + 1 }, (_, index) => fixAt(fromMs + index * 10_000, index * 100));

const box = (fromM: number, toM: number): Ring => {
  const [west, east] = [fromM, toM].map((metres) => WEST.longitudeDeg + metres / M_PER_DEG) as [number, number];
  const [south, north] = [WEST.latitudeDeg - 0.001, WEST.latitudeDeg + 0.001];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
};
const days = async (): Promise<string[]> => {
  const rows: { name: string }[] = await test.dataSource.query(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'unit_fix'::regclass ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
};

describe('sectors', () => {
  it('are drawn, changed and removed by those who may, each change written down', async () => {
    const ring = box(0, 500);
    const created = await ask<SectorView>('POST', '/api/sectors', { name: 'Cuadrante 1', ring, minUnits: 2 });
    expect(created).toMatchObject({
      status: 201,
      body: { name: 'Cuadrante 1', kind: 'patrol', minUnits: 2, notes: '' },
    });
    const path = `/api/sectors/${created.body.id}`;
    const changed = await ask<SectorView>('PATCH', path, { kind: 'off-limits', minUnits: 0 });
    expect(changed.body).toEqual({ ...created.body, kind: 'off-limits', minUnits: 0 });
    expect((await ask<SectorView[]>('GET', '/api/sectors')).body).toEqual([changed.body]);
    expect((await ask('DELETE', path, { reason: 'prueba' })).status).toBe(204);
    expect((await ask<SectorView[]>('GET', '/api/sectors')).body).toEqual([]);
    expect(await ask<ErrorBody>('PATCH', path, { name: 'x' })).toMatchObject({
      status: 404,
      body: { code: 'sector-unknown' },
    });
    const crossed = [ring[0], ring[2], ring[1], ring[3], ring[0]];
    expect(await ask<ErrorBody>('POST', '/api/sectors', { name: 'x', ring: crossed })).toMatchObject({
      status: 400,
      body: { code: 'ring-self-intersecting' },
    });
    const audit: unknown[] = await test.dataSource.query(
      'SELECT action, details FROM audit_entry WHERE object_id = $1 ORDER BY id',
      [created.body.id],
    );
    expect(audit).toMatchObject([
      { action: 'sector:create', details: { corners: 4 } },
      { action: 'sector:change', details: { kind: ['patrol', 'off-limits'], minUnits: [2, 0] } },
      { action: 'sector:remove', details: { reason: 'prueba' } },
    ]);
  });
});

describe('a track', () => {
  it('adds up to kilometres, minutes and minutes by area; entries are written down; files say the same', async () => {
    const unitId = await seedUnit(test, '=M-01 "norte"');
    const sector = (await ask<SectorView>('POST', '/api/sectors', { name: 'Cuadrante 2', ring: box(-50, 1_450) })).body;
    const zone = (
      await ask<ZoneView>('POST', '/api/zones', { name: 'El Puerto', riskLevel: 'high', ring: box(1_950, 9_000) })
    ).body;
    const fromMs = Math.floor(test.clock.nowMs() / 1_000) * 1_000 - 600_000;
    expect(await positions.take({ unitId, deviceId: null }, drive(fromMs, 300))).toMatchObject({ taken: 31 });

    const range = `fromMs=${fromMs}&toMs=${fromMs + 400_000}`;
    const { body: metrics } = await ask<TrackMetricsView>('GET', `/api/units/${unitId}/track/metrics?${range}`);
    expect(metrics).toMatchObject({ unitId, shiftId: null, movingMinutes: 5, standingMinutes: 0, unknownMinutes: 0 });
    expect(metrics.distanceKm).toBeCloseTo(3, 3);
    expect(metrics.maxSpeedKmh).toBeCloseTo(36, 1);
    // Fifteen fixes in the sector, each until the next; in the zone from 2000 m to the end.
    expect(metrics.minutesByZone).toEqual({ [sector.id]: 2.5, [zone.id]: expect.closeTo(100 / 60, 9) });

    await test.app.get(CrossingLog, { strict: false }).write();
    const { body: page } = await ask<CrossingPage>('GET', `/api/positions/crossings?unitId=${unitId}`);
    expect(page.crossings.map(({ kind, fence, atMs }) => [kind, fence.id, (atMs - fromMs) / 1_000])).toEqual([
      ['entered', zone.id, 200],
      ['left', sector.id, 150],
      ['entered', sector.id, 0],
    ]);
    expect(positions.live()[0]?.fences).toEqual([{ kind: 'zone', id: zone.id }]);

    const { body: gpx } = await ask<string>('GET', `/api/units/${unitId}/track.gpx?${range}`);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(gpx) as {
      gpx: { trk: { name: string; trkseg: { trkpt: { '@_lat': string; time: string }[] } } };
    };
    expect(parsed.gpx.trk.name).toBe('=M-01 "norte"');
    expect(parsed.gpx.trk.trkseg.trkpt).toHaveLength(31);
    expect(parsed.gpx.trk.trkseg.trkpt[0]).toMatchObject({ '@_lat': '-17.6459', time: new Date(fromMs).toISOString() });
    const { body: csv } = await ask<string>('GET', `/api/units/${unitId}/track.csv?${range}`);
    expect(csv.split('\r\n')).toHaveLength(33);

    const day = new Date(fromMs - 5 * 3_600_000).toISOString().slice(0, 10);
    const toDay = new Date(fromMs + 400_000 - 5 * 3_600_000).toISOString().slice(0, 10);
    const exported = await ask<string>('GET', `/api/positions/metrics.csv?fromDay=${day}&toDay=${toDay}`);
    const rows = exported.body
      .replace(/^\uFEFF/, '')
      .trim()
      .split('\r\n');
    expect(rows[1]).toContain('outlines of the day on which this was made');
    expect(rows[3]).toBe(
      'unit,day,positions,distance_km,moving_min,standing_min,unknown_min,max_speed_kmh,sector Cuadrante 2 (min),"zone El Puerto, high risk (min)"',
    );
    expect(rows[4]).toMatch(/^"'=M-01 ""norte""",\d{4}-\d\d-\d\d,/);
    const audit: unknown[] = await test.dataSource.query(
      `SELECT action FROM audit_entry WHERE action LIKE 'track%' ORDER BY id`,
    );
    expect(audit).toEqual([{ action: 'track:export' }, { action: 'track:export' }, { action: 'track-metrics:export' }]);
  });

  it('is refused for no time, too much time and no unit', async () => {
    const nobody = '00000000-0000-7000-8000-000000000000';
    for (const [path, code] of [
      [`/api/units/${nobody}/track?fromMs=0&toMs=1`, 'unit-unknown'],
      [`/api/units/${nobody}/track/metrics?fromMs=5&toMs=5`, 'track-range-wrong'],
      [`/api/units/${nobody}/track.gpx?fromMs=0&toMs=${32 * DAY_MS}`, 'track-range-wrong'],
      ['/api/positions/metrics.csv?fromDay=2026-11-02&toDay=2026-11-01', 'track-range-wrong'],
      ['/api/positions/metrics.csv?fromDay=2026-13-02&toDay=2026-11-01', 'input-invalid'],
    ])
      expect((await ask<ErrorBody>('GET', path!)).body.code).toBe(code);
  });
});

describe('days of tracks', () => {
  it('are made ahead, and dropped with what is in them when they are no longer kept', async () => {
    const housekeeping = test.app.get(HousekeepingService, { strict: false });
    const nameOf = (atMs: number): string =>
      `unit_fix_${new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '')}`;
    const nowMs = test.clock.nowMs();
    expect(await days()).toEqual([-1, 0, 1, 2, 3].map((day) => nameOf(nowMs + day * DAY_MS)));
    const unitId = await seedUnit(test, 'M-02');
    await positions.take({ unitId, deviceId: null }, [fixAt(nowMs, 0)]);
    const kept = async (): Promise<number> => {
      const rows: { count: string }[] = await test.dataSource.query(
        'SELECT count(*) FROM unit_fix WHERE unit_id = $1',
        [unitId],
      );
      return Number(rows[0]!.count);
    };
    test.clock.forward(8 * DAY_MS - 60_000);
    expect(await housekeeping.tidy()).toBe(true);
    expect(await kept()).toBe(1);
    expect(await days()).toContain(nameOf(nowMs + 11 * DAY_MS - 60_000));
    test.clock.forward(DAY_MS + 120_000);
    expect(await housekeeping.tidy()).toBe(true);
    expect([await kept(), (await days()).includes(nameOf(nowMs))]).toEqual([0, false]);
    const left: unknown[] = await test.dataSource.query('SELECT 1 FROM fence_crossing');
    expect(left).toEqual([]);
    // Housekeeping did not come to it for a month: what is reported makes its own day.
    test.clock.forward(30 * DAY_MS);
    await positions.take({ unitId, deviceId: null }, [fixAt(test.clock.nowMs(), 0)]);
    expect(await kept()).toBe(1);
  });
});
