import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorBody, PlaceView, Ring, SectorView } from '#libs/wire';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { PLAZA, TestCentre } from '../../testing/test-centre.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';

let test: TestApplication;
let centre: TestCentre;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('jefa', 'supervisor');
  await centre.hire('ana', 'dispatcher');
});
afterAll(() => test.close());

describe('known places', () => {
  it('are found under all their names by everybody who may see the map, at once', async () => {
    const wish = { name: 'Hospital Ilo II', aliases: ['EsSalud', 'Seguro'], category: 'health', point: PLAZA };
    const made = await centre.ask<PlaceView>('jefa', 'POST', '/api/places', wish);
    expect([made.status, made.body]).toMatchObject([201, { ...wish, address: '', notes: '' }]);
    const topic = async () => (await test.app.get(RealtimeService).snapshot('places')).items;
    await eventually(async () => (await topic()).length === 1);
    const changed = await centre.ask<PlaceView>('jefa', 'PATCH', `/api/places/${made.body.id}`, {
      aliases: ['EsSalud'],
    });
    expect(changed.body).toEqual({ ...made.body, aliases: ['EsSalud'] });
    expect(await centre.get('ana', '/api/places')).toEqual([changed.body]);
    await centre.ask('jefa', 'DELETE', `/api/places/${made.body.id}`, { reason: 'cerró' });
    expect(await centre.get('ana', '/api/places')).toEqual([]);
    const again = await centre.ask('jefa', 'PATCH', `/api/places/${made.body.id}`, { name: 'x' });
    expect([again.status, again.body.code]).toEqual([404, 'place-unknown']);
    const written = await test.dataSource.query<{ action: string }[]>(
      `SELECT action FROM audit_entry WHERE action LIKE 'place:%' ORDER BY id`,
    );
    expect(written.map(({ action }) => action)).toEqual(['place:create', 'place:change', 'place:remove']);
  });

  it('are refused when they are nowhere, nameless, or told by who may not', async () => {
    const bad = [
      { name: ' ', point: PLAZA },
      { name: 'x' },
      { name: 'x', point: { latitudeDeg: 95, longitudeDeg: 0 } },
    ];
    for (const wish of bad) expect((await centre.ask('jefa', 'POST', '/api/places', wish)).status).toBe(400);
    expect((await centre.ask('ana', 'POST', '/api/places', { name: 'x', point: PLAZA })).status).toBe(403);
  });
});

describe('sectors', () => {
  const box = (westM: number, eastM: number): Ring => {
    const [west, east] = [westM, eastM].map((metres) => PLAZA.longitudeDeg + metres / 105_970) as [number, number];
    const [south, north] = [PLAZA.latitudeDeg - 0.003, PLAZA.latitudeDeg + 0.003];
    return [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ];
  };
  const draw = (wish: object) => centre.ask<SectorView & ErrorBody>('jefa', 'POST', '/api/sectors', wish);

  it('do not overlap by accident, and say whom they overlap', async () => {
    const one = await draw({ code: 'C-01', name: 'Centro', colour: 'teal', ring: box(0, 500) });
    expect([one.status, one.body]).toMatchObject([201, { code: 'C-01', colour: 'teal', hours: [] }]);
    expect((await draw({ code: 'C-02', name: 'Puerto', ring: box(499, 900) })).status).toBe(201);
    const over = await draw({ name: 'Pampa', ring: box(-300, 200) });
    expect([over.status, over.body.code]).toEqual([409, 'sectors-overlap']);
    expect(over.body.details).toMatchObject({ overlaps: [{ id: one.body.id, name: 'Centro' }] });
    const areaM2 = (over.body.details as { overlaps: { areaM2: number }[] }).overlaps[0]!.areaM2;
    expect(Math.abs(areaM2 - 200 * 667)).toBeLessThan(2_000);
    const meant = await draw({ name: 'Pampa', ring: box(-300, 200), allowOverlap: true });
    expect(meant.status).toBe(201);
    // What was meant stays so while its outline does.
    const path = `/api/sectors/${meant.body.id}`;
    expect((await centre.ask('jefa', 'PATCH', path, { name: 'Pampa Inalámbrica' })).status).toBe(200);
    expect((await centre.ask('jefa', 'PATCH', path, { ring: box(-300, 210) })).body.code).toBe('sectors-overlap');
    expect((await draw({ name: 'Vedada', kind: 'off-limits', ring: box(0, 400) })).status).toBe(201);
  });

  it('have a code that is theirs alone', async () => {
    const same = await draw({ code: 'c-01', name: 'Otro', ring: box(5_000, 5_400) });
    expect([same.status, same.body.code]).toEqual([409, 'sector-code-taken']);
    expect((await draw({ name: 'Sin código', ring: box(5_000, 5_400) })).status).toBe(201);
    expect((await draw({ name: 'Sin código', ring: box(6_000, 6_400) })).status).toBe(201);
  });
});
