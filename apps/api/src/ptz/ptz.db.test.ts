import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock } from '#libs/base';
import type { ErrorBody, PtzOrderBody, PtzPreset, PtzTourView, PtzView } from '#libs/wire';
import { SimCamera } from '../../../../camera-sim/model.ts';
import { startOnvif, type RunningOnvif } from '../../../../camera-sim/onvif/index.ts';
import { TOWN } from '../../../../camera-sim/town.ts';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import type { CameraEntity } from '../cameras/camera.entity.ts';
import { CredentialVault } from '../cameras/credential-vault.ts';

/** sim-04, a dome of BlueCape, at an address of its own. */
const SPEC = {
  ...TOWN[3]!,
  host: `127.0.${randomInt(40, 250)}.${randomInt(2, 250)}`,
  endpointReference: `urn:uuid:${randomUUID()}`,
};

let test: TestApplication;
let dome: SimCamera;
let face: RunningOnvif;
let camera: CameraEntity;
const cookies = new Map<string, string>();

beforeAll(async () => {
  test = await startTestApplication({ ATALAYA_DEMO: '1' });
  for (const [name, role] of [
    ['ana', 'operator'],
    ['beto', 'dispatcher'],
    ['sara', 'supervisor'],
    ['iris', 'auditor'],
  ] as const)
    cookies.set(name, await test.cookieOf(await test.addAccount(name, role)));
});
afterAll(() => test.close());

beforeEach(async () => {
  dome = new SimCamera(SPEC);
  face = await startOnvif(dome, { clock: systemClock, logger: silentLogger });
  camera = await seedCamera(test, `C-${randomInt(1_000, 999_999)}`, {
    hasPtz: true,
    host: SPEC.host,
    onvifUrl: `http://${SPEC.host}:${SPEC.onvifPort}/onvif/device_service`,
  });
  const sealed = test.app
    .get(CredentialVault, { strict: false })
    .seal({ username: SPEC.username, password: SPEC.password }, camera.id);
  await test.dataSource.query('UPDATE camera SET credential_sealed = $1 WHERE id = $2', [sealed, camera.id]);
});
afterEach(async () => {
  await test.dataSource.query('DELETE FROM ptz_tour WHERE camera_id = $1', [camera.id]);
  await face.close();
});

async function ask<T = ErrorBody>(who: string, method: string, path: string, body?: unknown) {
  const response = await test.call(method, path, { cookie: cookies.get(who)!, body });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}
const path = (rest = ''): string => `/api/cameras/${camera.id}/ptz${rest}`;
const order = (who: string, body: PtzOrderBody) => ask(who, 'POST', path(), body);
const right: PtzOrderBody = { op: 'move', pan: 0.5, tilt: 0, zoom: 0, timeoutMs: 5_000 };
const view = async (): Promise<PtzView> =>
  (await ask<PtzView[]>('iris', 'GET', '/api/ptz')).body.find(({ id }) => id === camera.id)!;
const audit = async (): Promise<{ action: string; account_name: string; details: Record<string, unknown> }[]> =>
  test.dataSource.query(
    "SELECT action, account_name, details FROM audit_entry WHERE details->>'cameraId' = $1 OR object_id = $1 ORDER BY id",
    [camera.id],
  );

describe('steering', () => {
  it('turns the camera while it is told to and ends by itself though nobody says stop', async () => {
    expect((await order('ana', { ...right, timeoutMs: 400 })).status).toBe(204);
    await eventually(() => dome.position.moving);
    expect((await view()).holder).toMatchObject({ displayName: 'ana', priority: 1, reserved: false });
    await eventually(() => !dome.position.moving, 2_000);
    expect(dome.position.pan).toBeGreaterThan(0.05);
    // 0.5 of full speed for 0.4 s is 0.1; the camera's own safety net is at 2 s.
    expect(dome.position.pan).toBeLessThan(0.3);
  });

  it('stops at once, and a move that arrives after its own stop is not made', async () => {
    await order('ana', { ...right, press: 'key-1' });
    await eventually(() => dome.position.moving);
    expect((await order('ana', { op: 'stop', press: 'key-1' })).status).toBe(204);
    expect(dome.position.moving).toBe(false);
    expect((await order('ana', { ...right, press: 'key-1' })).status).toBe(204);
    expect(dome.position.moving).toBe(false);
    await order('ana', { ...right, press: 'key-2' });
    expect(dome.position.moving).toBe(true);
  });

  it('zooms by itself and keeps no axis turning that the hand has left', async () => {
    await order('ana', { ...right, zoom: 0.5 });
    await order('ana', { op: 'move', pan: 0, tilt: 0, zoom: 0.5, timeoutMs: 5_000 });
    const { pan } = dome.position;
    await eventually(() => dome.position.zoom > 0.1);
    expect(dome.position.pan).toBeCloseTo(pan, 1);
    await order('ana', { op: 'stop' });
  });

  it('knows the presets, goes to them, saves and removes them by those who may', async () => {
    const listed = await ask<PtzPreset[]>('ana', 'GET', path('/presets'));
    expect(listed.body.map(({ name }) => name)).toEqual(['Glorieta', 'Bahía', 'Paseo']);
    await order('ana', { op: 'goto', preset: '2' });
    await eventually(() => dome.position.preset === '2' && !dome.position.moving);
    expect(await order('ana', { op: 'goto', preset: 'nobody' })).toMatchObject({
      status: 502,
      body: { code: 'onvif-fault' },
    });
    expect((await ask('ana', 'POST', path('/presets'), { name: 'Muelle' })).status).toBe(403);
    await ask('ana', 'DELETE', path('/hold'));
    const saved = await ask<PtzPreset>('sara', 'POST', path('/presets'), { name: 'Muelle & <faro>' });
    expect([saved.status, saved.body.name]).toEqual([201, 'Muelle & <faro>']);
    expect((await view()).presets).toContainEqual(saved.body);
    expect((await ask('sara', 'DELETE', path(`/presets/${saved.body.token}`))).status).toBe(204);
    expect((await view()).presets).toHaveLength(3);
    await order('sara', { op: 'home' });
    await eventually(() => dome.position.preset === '1' && !dome.position.moving);
  });

  it('is refused for a fixed camera and an unknown one', async () => {
    await test.dataSource.query('UPDATE camera SET has_ptz = false WHERE id = $1', [camera.id]);
    expect(await order('ana', right)).toMatchObject({ status: 409, body: { code: 'ptz-none' } });
    expect(await ask('ana', 'POST', `/api/cameras/${randomUUID()}/ptz`, right)).toMatchObject({
      status: 404,
      body: { code: 'camera-unknown' },
    });
  });

  it('says within seconds that the camera is away', async () => {
    await face.close();
    expect(await order('ana', right)).toMatchObject({ status: 502, body: { code: 'onvif-unreachable' } });
    face = await startOnvif(dome, { clock: systemClock, logger: silentLogger });
    expect((await order('ana', { op: 'stop' })).status).toBe(204);
  });

  it.each([
    [{ op: 'move', pan: 1.1, tilt: 0, zoom: 0 }],
    [{ op: 'move', pan: 1, tilt: 0, zoom: 0, timeoutMs: 60_000 }],
    [{ op: 'goto', preset: '' }],
    [{ op: 'spin' }],
  ])('takes no %j', async (body) => {
    expect(await ask('ana', 'POST', path(), body)).toMatchObject({ status: 400, body: { code: 'input-invalid' } });
  });
});

describe('whose turn it is', () => {
  it('an equal waits until the holder is idle', async () => {
    await order('ana', { op: 'take' });
    const refused = await order('beto', right);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'ptz-held', details: { holder: 'ana', mayTakeOver: false } },
    });
    const untilMs = refused.body.details?.['untilMs'] as number;
    expect(Math.abs(untilMs - test.clock.nowMs() - 10_000)).toBeLessThan(2_000);
    expect((await order('beto', { ...right, takeOver: true })).status).toBe(409);
    expect(await order('beto', { op: 'stop' })).toMatchObject({ status: 409, body: { code: 'ptz-not-holder' } });
    test.clock.forward(10_000);
    expect((await order('beto', { op: 'take' })).status).toBe(204);
    expect((await view()).holder).toMatchObject({ displayName: 'beto' });
  });

  it('a supervisor takes over, which ends the movement, is told and written down', async () => {
    await order('ana', right);
    await order('ana', right);
    expect(await order('sara', { op: 'take' })).toMatchObject({
      status: 409,
      body: { code: 'ptz-held', details: { mayTakeOver: true } },
    });
    expect(dome.position.moving).toBe(true);
    expect((await order('sara', { op: 'take', takeOver: true })).status).toBe(204);
    expect(dome.position.moving).toBe(false);
    expect(await view()).toMatchObject({
      holder: { displayName: 'sara', priority: 2 },
      takenOver: { fromName: 'ana', byName: 'sara' },
    });
    expect((await order('ana', { ...right, takeOver: true })).body).toMatchObject({
      code: 'ptz-held',
      details: { holder: 'sara', mayTakeOver: false },
    });
    await ask('sara', 'DELETE', path('/hold'));
    expect((await view()).holder).toBeNull();
    await eventually(async () => (await audit()).length === 3);
    const entries = await audit();
    expect(entries.map(({ action, account_name }) => [action, account_name]).sort()).toEqual([
      ['ptz:steer', 'ana'],
      ['ptz:steer', 'sara'],
      ['ptz:take-over', 'sara'],
    ]);
    const turn = entries.find(({ action, account_name }) => action === 'ptz:steer' && account_name === 'ana')!;
    expect(turn.details).toMatchObject({ orders: 2, end: 'taken-over', endedBy: 'sara', reserved: false });
  });

  it('a reservation keeps equals out until it ends, is let go, or its owner signs out', async () => {
    expect((await ask('ana', 'POST', path('/reservation'), { minutes: 5 })).status).toBe(204);
    test.clock.forward(60_000);
    expect(await order('beto', right)).toMatchObject({ body: { code: 'ptz-reserved', details: { holder: 'ana' } } });
    expect((await view()).holder).toMatchObject({ reserved: true });
    expect((await ask('beto', 'DELETE', path('/hold'))).body.code).toBe('ptz-not-holder');
    expect((await ask('sara', 'DELETE', path('/hold'))).status).toBe(204);
    expect((await view()).holder).toBeNull();

    const account = await test.addAccount(`turno-${randomUUID().slice(0, 8)}`, 'operator');
    cookies.set('turno', await test.cookieOf(account));
    await ask('turno', 'POST', path('/reservation'), { minutes: 60 });
    expect((await ask('turno', 'DELETE', '/api/session')).status).toBe(204);
    expect((await view()).holder).toBeNull();
    await eventually(async () => (await audit()).filter(({ action }) => action === 'ptz:steer').length === 2);
    expect((await audit()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['ptz:reserve', 'ptz:withdraw', 'ptz:steer']),
    );
    expect((await ask('ana', 'POST', path('/reservation'), { minutes: 61 })).status).toBe(400);
  });
});

describe('tours', () => {
  const body = {
    name: 'Ronda de noche',
    steps: [
      { preset: '2', dwellSeconds: 3 },
      { preset: '3', dwellSeconds: 3 },
    ],
  };
  const create = async (change: object = {}): Promise<PtzTourView> => {
    const created = await ask<PtzTourView>('sara', 'POST', path('/tours'), { ...body, ...change });
    expect(created.status).toBe(201);
    return created.body;
  };

  it('are made, changed and removed by those who may', async () => {
    expect((await ask('ana', 'POST', path('/tours'), body)).status).toBe(403);
    const tour = await create();
    expect((await view()).tours).toEqual([{ ...body, id: tour.id, startedAtMs: null }]);
    await ask('ana', 'GET', path('/presets'));
    const wrong = { ...body, steps: [...body.steps, { preset: '9', dwellSeconds: 3 }] };
    expect((await ask('sara', 'PATCH', `/api/ptz/tours/${tour.id}`, wrong)).body.code).toBe('ptz-preset-unknown');
    expect((await ask('sara', 'PATCH', `/api/ptz/tours/${tour.id}`, { ...body, name: 'Día' })).status).toBe(200);
    expect((await ask('sara', 'DELETE', `/api/ptz/tours/${tour.id}`)).status).toBe(204);
    expect((await view()).tours).toEqual([]);
    expect((await ask('sara', 'POST', `/api/ptz/tours/${tour.id}/start`)).body.code).toBe('ptz-tour-unknown');
    expect((await audit()).map(({ action }) => action)).toEqual([
      'ptz-tour:create',
      'ptz-tour:change',
      'ptz-tour:remove',
    ]);
  });

  it('visit the presets, leave out one that the camera lost, pause for a hand and go on after it', async () => {
    const tour = await create({ steps: [{ preset: 'lost', dwellSeconds: 3 }, ...body.steps] });
    expect((await ask('ana', 'POST', `/api/ptz/tours/${tour.id}/start`)).status).toBe(204);
    await eventually(async () => (await view()).tour?.phase === 'dwelling');
    expect((await view()).tour).toMatchObject({ step: 1, skipped: [{ preset: 'lost', code: 'onvif-fault' }] });
    expect(dome.position).toMatchObject({ preset: '2', moving: false });
    await order('beto', { op: 'take' });
    expect(await view()).toMatchObject({ holder: { displayName: 'beto' }, tour: { phase: 'paused', step: 1 } });
    await ask('beto', 'DELETE', path('/hold'));
    await eventually(() => dome.position.preset === '3' && !dome.position.moving, 15_000);
    expect((await ask('ana', 'POST', `/api/ptz/tours/${tour.id}/stop`)).status).toBe(204);
    expect(await view()).toMatchObject({ tour: null, tours: [{ startedAtMs: null }] });
  });

  it('say why they stand while the camera is away, and go on when it is back', async () => {
    const tour = await create();
    await face.close();
    await ask('ana', 'POST', `/api/ptz/tours/${tour.id}/start`);
    await eventually(async () => (await view()).tour?.phase === 'waiting');
    expect((await view()).tour?.problem).toMatchObject({ code: 'onvif-unreachable' });
    face = await startOnvif(dome, { clock: systemClock, logger: silentLogger });
    await eventually(async () => (await view()).tour?.phase === 'dwelling', 15_000);
    expect((await view()).tour?.problem).toBeNull();
    expect((await audit()).map(({ action }) => action)).toContain('ptz-tour:stand');
    await ask('ana', 'POST', `/api/ptz/tours/${tour.id}/stop`);
  });

  it('end with the camera', async () => {
    const tour = await create();
    await ask('ana', 'POST', `/api/ptz/tours/${tour.id}/start`);
    expect((await ask('sara', 'DELETE', `/api/cameras/${camera.id}`, { reason: 'prueba' })).status).toBe(204);
    expect(await view()).toBeUndefined();
    expect((await ask('ana', 'POST', `/api/ptz/tours/${tour.id}/stop`)).body.code).toBe('ptz-tour-unknown');
  });
});
