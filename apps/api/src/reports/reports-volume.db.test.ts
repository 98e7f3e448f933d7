import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/base';
import { localDay } from '#libs/report';
import type { MapReportView, OutcomesReportView, TimesReportView } from '#libs/wire';
import { seedFigures } from '../../testing/seed-figures.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { TestCentre } from '../../testing/test-centre.ts';

const INCIDENTS = 200_000;
/** The goal is a second. Half of it again is left for what else runs on the machine of a test. */
const MAX_MS = 1_500;

let test: TestApplication;
let centre: TestCentre;
let range: string;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('otto', 'auditor');
  const nowMs = test.clock.nowMs();
  await seedFigures(test.dataSource, INCIDENTS, nowMs);
  range = `fromDay=${localDay(nowMs - 365 * 86_400_000)}&toDay=${localDay(nowMs)}`;
}, 60_000);
afterAll(() => test.close());

const report = <T>(path: string): Promise<T> => centre.get<T>('otto', `/api/reports/${path}&${range}`);

/** The quickest of some tries: what the work takes, and not what the machine did beside it. */
async function quickestMs(path: string, tries = 3): Promise<number> {
  let best = Infinity;
  for (let n = 0; n < tries && best > MAX_MS / 3; n++) {
    const startMs = systemClock.monotonicMs();
    await report(path);
    best = Math.min(best, systemClock.monotonicMs() - startMs);
  }
  return best;
}

describe(`a year of ${INCIDENTS} incidents`, () => {
  it.each([
    'times?by=sector',
    'times?by=hour',
    'times?by=shift',
    'outcomes?by=type',
    'outcomes?by=shift',
    'map?cellM=100',
  ])('answers %s in time', async (path) => {
    const ms = await quickestMs(path);
    if (process.env['ATALAYA_SHOW_TIMES']) process.stdout.write(`${path}: ${ms.toFixed(0)} ms\n`);
    expect(ms).toBeLessThan(MAX_MS);
  });

  it.each([
    ['sector', 'sector_id::text'],
    ['type', 'type_code'],
    ['hour', `to_char(call_at AT TIME ZONE 'America/Lima', 'HH24')`],
    ['weekday', `extract(dow FROM call_at AT TIME ZONE 'America/Lima')::text`],
  ])('has the percentiles by %s that PostgreSQL computes', async (by, key) => {
    const golden: { key: string | null; count: number; n: number; response: number[]; travel: number[] }[] =
      await test.dataSource.query(
        `SELECT ${key} AS key, count(*)::int AS count, count(arrived_ms)::int AS n,
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY arrived_ms) AS response,
           percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY arrived_ms - en_route_ms) AS travel
         FROM incident_figure WHERE life IN ('open', 'controlled', 'closed') GROUP BY 1`,
      );
    const { groups, base } = await report<TimesReportView>(`times?by=${by}`);
    expect(base.counted).toBe(golden.reduce((sum, { count }) => sum + count, 0));
    expect(groups).toHaveLength(golden.length);
    for (const { key: name, count, n, response, travel } of golden) {
      const group = groups.find((one) => one.key === name)!;
      expect(group.count).toBe(count);
      expect(group.stretches.response).toEqual(spreadOf(n, response));
      expect(group.stretches.travel).toMatchObject(spreadOf(group.stretches.travel.n, travel));
    }
  });

  it('has the outcomes that PostgreSQL counts', async () => {
    const [golden] = await test.dataSource.query(
      `SELECT (count(*) FILTER (WHERE life <> 'merged'))::int AS count,
         (count(*) FILTER (WHERE disposition IN ('attended', 'false-alarm')))::int AS attended,
         (count(*) FILTER (WHERE dismissal = 'false-call'))::int AS "falseCall",
         (count(*) FILTER (WHERE life = 'merged'))::int AS merged FROM incident_figure`,
    );
    const { total } = await report<OutcomesReportView>('outcomes?by=channel');
    expect(total).toMatchObject(golden);
  });

  it('has the hot spots that plain SQL finds', async () => {
    const { grid, hotSpots, cells } = await report<MapReportView>('map?cellM=200');
    if (hotSpots.kind !== 'found') throw new Error('too few');
    // Ord and Getis 1995, eq. 14, as one statement: each cell with those that touch it.
    const golden: { column: number; row: number; z: number }[] = await test.dataSource.query(
      `WITH cell AS (
         SELECT floor((longitude_deg - $1) / $2)::int AS x, floor((latitude_deg - $3) / $4)::int AS y, count(*)::float8 AS c
         FROM incident_figure WHERE life NOT IN ('merged', 'dismissed') AND NOT masked GROUP BY 1, 2),
       field AS (SELECT count(*)::float8 AS n, avg(c) AS mean, stddev_pop(c) AS s FROM cell),
       near AS (SELECT a.x, a.y, count(*)::float8 AS w, sum(b.c) AS around FROM cell a
         JOIN cell b ON b.x BETWEEN a.x - 1 AND a.x + 1 AND b.y BETWEEN a.y - 1 AND a.y + 1 GROUP BY 1, 2)
       SELECT x AS "column", y AS "row", (around - mean * w) / (s * sqrt((n * w - w * w) / (n - 1))) AS z FROM near, field
       ORDER BY z DESC`,
      [grid.originLongitudeDeg, grid.stepLongitudeDeg, grid.originLatitudeDeg, grid.stepLatitudeDeg],
    );
    expect(golden).toHaveLength(cells.length);
    expect(hotSpots.spots.length).toBeGreaterThan(3);
    for (const [index, { z }] of hotSpots.spots.entries()) expect(z).toBeCloseTo(golden[index]!.z, 6);
    expect(hotSpots.spots[0]).toMatchObject({ column: golden[0]!.column, row: golden[0]!.row });
  });
});

function spreadOf(n: number, [median, p90]: readonly number[]): object {
  return { n, medianMs: expect.closeTo(median!, 6), p90Ms: expect.closeTo(p90!, 6) };
}
