import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fix } from '#libs/avl';
import type { DispatchAlarmView, Ring, SectorView } from '#libs/wire';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { PLAZA, TestCentre } from '../../testing/test-centre.ts';
import { PositionsService } from '../positions/positions.service.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { StrayWatch } from './stray-watch.ts';

const S = 1_000;
let test: TestApplication;
let centre: TestCentre;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('jefa', 'supervisor');
  await centre.hire('ana', 'dispatcher');
});
afterAll(() => test.close());

const around = (halfDeg: number): Ring => {
  const [west, east] = [PLAZA.longitudeDeg - halfDeg, PLAZA.longitudeDeg + halfDeg];
  const [south, north] = [PLAZA.latitudeDeg - halfDeg, PLAZA.latitudeDeg + halfDeg];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
};
/** Stands there for so many seconds up to now, one position each twenty. */
async function stand(unitId: string, seconds: number, northDeg = 0): Promise<void> {
  const side = { speedKmh: 0, bearingDeg: null, altitudeM: null, hdop: null, batteryShare: null, charging: null };
  const fixes = Array.from({ length: seconds / 20 + 1 }, (_, index): Fix => ({
    point: { ...PLAZA, latitudeDeg: PLAZA.latitudeDeg + northDeg },
    takenAtMs: test.clock.nowMs() - seconds * S + index * 20 * S,
    accuracyM: 8,
    ...side,
  }));
  await test.app.get(PositionsService, { strict: false }).take({ unitId, deviceId: null }, fixes);
}
const look = (): Promise<void> => test.app.get(StrayWatch, { strict: false }).look();
async function alarms(unitId: string): Promise<DispatchAlarmView[]> {
  const { items } = await test.app.get(RealtimeService).snapshot('dispatchAlarms');
  return items.filter((alarm) => alarm.unitId === unitId && alarm.sectorId !== undefined);
}
const kindsOf = async (unitId: string): Promise<string[]> => {
  const rows = await test.dataSource.query<{ kind: string }[]>(
    `SELECT kind FROM ledger_entry WHERE subject_id = $1 AND kind LIKE 'unit:stray%' ORDER BY seq`,
    [unitId],
  );
  return rows.map(({ kind }) => kind);
};

/** The unit and the outline may become known to the watch a moment later: the unit stays on. */
const stayUntilTold = (unitId: string): Promise<void> =>
  eventually(async () => {
    test.clock.forward(150 * S);
    await stand(unitId, 100);
    await look();
    return (await alarms(unitId)).length === 1;
  });

describe('a unit in an off-limits area', () => {
  it('alarms the dispatcher, is taken by one of them, and is over when it is back', async () => {
    const area = await centre.ask<SectorView>('jefa', 'POST', '/api/sectors', {
      name: 'Puerto',
      kind: 'off-limits',
      ring: around(0.002),
    });
    expect(area.status).toBe(201);
    const unitId = await centre.unit('jefa');
    const about = { strayKind: 'off-limits', sectorId: area.body.id };
    await stayUntilTold(unitId);
    expect((await alarms(unitId))[0]).toMatchObject({
      kind: 'off-limits',
      sectorId: area.body.id,
      acknowledged: false,
    });
    const path = `/api/units/${unitId}/duty`;
    await centre.do('ana', path, { kind: 'acknowledgeStray', ...about });
    expect(await centre.send('jefa', path, { kind: 'acknowledgeStray', ...about })).toBe('stray-already-acknowledged');
    await eventually(async () => (await alarms(unitId))[0]?.acknowledged === true);
    test.clock.forward(200 * S);
    await stand(unitId, 100, 0.01);
    await look();
    await eventually(async () => (await alarms(unitId)).length === 0);
    await look();
    expect(await kindsOf(unitId)).toEqual(['unit:strayed', 'unit:strayAcknowledged', 'unit:strayEnded']);
    expect(await centre.send('ana', path, { kind: 'acknowledgeStray', ...about })).toBe('stray-none');
  });

  it('is over when the area is removed', async () => {
    const areas = await centre.get<SectorView[]>('ana', '/api/sectors');
    const unitId = await centre.unit('jefa', randomUUID());
    await stayUntilTold(unitId);
    await centre.ask('jefa', 'DELETE', `/api/sectors/${areas[0]!.id}`, { reason: 'se abrió al público' });
    await eventually(async () => {
      await look();
      return (await alarms(unitId)).length === 0;
    });
    expect(await kindsOf(unitId)).toEqual(['unit:strayed', 'unit:strayEnded']);
  });
});
