import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '#libs/base';
import { destination } from '#libs/geo';
import { localDay, midnightMs } from '#libs/report';
import type { CamerasReportView, PatrolReportView } from '#libs/wire';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { seedFigures } from '../../testing/seed-figures.ts';
import { seedUnit } from '../../testing/seed-units.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { PLAZA, TestCentre } from '../../testing/test-centre.ts';
import { TrackStore } from '../positions/track.store.ts';
import { PatrolKeeper } from './patrol-keeper.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

let test: TestApplication;
let centre: TestCentre;
let yesterday: string;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('sara', 'supervisor');
  await centre.hire('dina', 'civil-defence');
  yesterday = localDay(test.clock.nowMs() - DAY_MS);
}, 60_000);
afterAll(() => test.close());

/** So many minutes from midnight of yesterday: a kilometre to the north every two minutes. */
async function drive(unitId: string, minutes: number): Promise<void> {
  const tracks = test.app.get(TrackStore, { strict: false });
  const startMs = midnightMs(yesterday);
  await tracks.makeDays(startMs, startMs + 2 * DAY_MS);
  const nothing = {
    bearingDeg: null,
    altitudeM: null,
    accuracyM: null,
    hdop: null,
    batteryShare: null,
    charging: null,
  };
  const fixes = Array.from({ length: minutes + 1 }, (_, minute) => ({
    ...nothing,
    point: destination(PLAZA, 0, minute * 500),
    takenAtMs: startMs + minute * MINUTE_MS,
    speedKmh: 30,
  }));
  await tracks.insert(fixes.map((fix) => ({ unitId, deviceId: null, receivedAtMs: fix.takenAtMs, late: false, fix })));
}

describe('patrols', () => {
  it('are measured once a day is over, and stay when the track is gone', async () => {
    const unitId = await seedUnit(test, 'Halcón-1');
    await drive(unitId, 40);
    await test.app.get(PatrolKeeper, { strict: false }).look();
    await test.dataSource.query('DELETE FROM unit_fix');
    const path = `/api/reports/patrol?fromDay=${yesterday}&toDay=${localDay(test.clock.nowMs())}`;
    const view = await centre.get<PatrolReportView>('sara', path);
    expect(view).toMatchObject({ measuredDays: [yesterday], missingDays: 1 });
    const [unit] = view.units;
    expect(unit).toMatchObject({ unitId, days: 1, standingMin: 0, unknownMin: 0 });
    expect(unit!.movingMin).toBeCloseTo(40, 6);
    expect(unit!.distanceKm).toBeCloseTo(20, 3);
    expect(view.names[unitId]).toBe('Halcón-1');
    const shown = await centre.get<PatrolReportView>('dina', path);
    expect([shown.units, shown.names[unitId]]).toEqual([[], undefined]);
    expect(shown.total.distanceKm).toBeCloseTo(20, 3);
  });
});

describe('cameras', () => {
  it('worked for as long as no alarm said otherwise', async () => {
    const [good, bad] = [await seedCamera(test, 'C-01'), await seedCamera(test, 'C-02')];
    const startMs = midnightMs(yesterday);
    await test.dataSource.query('UPDATE camera SET adopted_at = $1', [new Date(startMs - DAY_MS)]);
    const away = async (fromMs: number, toMs: number | null, cause: string | null): Promise<void> => {
      await test.dataSource.query(
        `INSERT INTO camera_alarm (id, camera_id, kind, source, detail, raised, started_at, last_seen_at, ended_at, end_cause)
         VALUES ($1, $2, 'camera-offline', 'relay', '', true, $3, $3, $4, $5)`,
        [uuidV7(fromMs), bad.id, new Date(fromMs), toMs === null ? null : new Date(toMs), cause],
      );
    };
    // One that began the day before counts from midnight on.
    await away(startMs - 3_600_000, startMs + 3_600_000, 'cleared');
    await away(startMs + 7_200_000, startMs + 9_000_000, 'restart');
    const view = await centre.get<CamerasReportView>(
      'sara',
      `/api/reports/cameras?fromDay=${yesterday}&toDay=${yesterday}`,
    );
    const of = (id: string) => view.cameras.find(({ cameraId }) => cameraId === id);
    expect(of(good.id)).toMatchObject({ watchedMs: DAY_MS, awayMs: 0, absences: 0, share: 1 });
    expect(of(bad.id)).toMatchObject({ awayMs: 5_400_000, absences: 2, longestMs: 3_600_000, uncertain: 1 });
    expect(of(bad.id)!.share).toBeCloseTo(1 - 1.5 / 24, 10);
  });
});

describe('files', () => {
  const fileOf = (name: string, format: string, who = 'sara'): Promise<Response> => {
    const query = `fromDay=${localDay(test.clock.nowMs() - 364 * DAY_MS)}&toDay=${localDay(test.clock.nowMs())}`;
    return test.call('GET', `/api/reports/${name}/file?${query}&by=weekday&format=${format}`, {
      cookie: centre.cookieOf(who),
    });
  };

  it('are a CSV that a spreadsheet reads, and a PDF that another program reads, and in the audit', async () => {
    await seedFigures(test.dataSource, 2_000, test.clock.nowMs());
    for (const name of ['times', 'outcomes', 'map', 'patrol', 'cameras']) {
      const csv = await fileOf(name, 'csv');
      expect([name, csv.status, csv.headers.get('content-type')]).toEqual([name, 200, 'text/csv; charset=utf-8']);
      expect([...new Uint8Array(await csv.clone().arrayBuffer()).subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      expect(await csv.text()).toMatch(/\r\n"?# Del .* \(America\/Lima\)/);
    }
    const rows = (await (await fileOf('times', 'csv')).text()).split('\r\n');
    expect(rows.filter((row) => /^(domingo|lunes|sábado),\d+,\d+,/.test(row))).toHaveLength(3);
    const printed = await fileOf('times', 'pdf');
    expect([printed.status, printed.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const pdf = Buffer.from(await printed.arrayBuffer());
    const options = ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=txtwrite', '-sOutputFile=-', '-'];
    const text = execFileSync('gs', options, { input: pdf, encoding: 'utf8' });
    for (const word of ['Municipalidad Provincial de Ilo', 'Tiempos de despacho y respuesta', 'miércoles'])
      expect(text).toContain(word);
    const audit = await test.dataSource.query(
      `SELECT count(*)::int AS n FROM audit_entry WHERE action = 'report:export' AND account_name = 'sara'`,
    );
    expect(audit).toEqual([{ n: 7 }]);
  });

  it('are for those who may take them out of the house', async () => {
    expect((await fileOf('times', 'csv', 'dina')).status).toBe(403);
    expect((await fileOf('everything', 'csv')).status).toBe(400);
  });
});
