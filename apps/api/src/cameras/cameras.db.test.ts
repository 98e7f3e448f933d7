import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { systemClock } from '#libs/base';
import { PG_CHANNELS, type CameraDetail, type CameraView, type ErrorBody, type TopicChange } from '#libs/wire';
import { SEEDED_LOGIN, beatRelay, seedCamera, writeHealth } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import type { CameraEntity } from './camera.entity.ts';
import { CandidateService } from './candidate.service.ts';
import type { Sighting } from './device-finder.ts';

let test: TestApplication;
let administrator: string;
let supervisor: string;
let operator: string;
let patrol: string;
let listener: pg.Client;
const notified: string[] = [];
const changes: TopicChange[] = [];

beforeAll(async () => {
  test = await startTestApplication();
  administrator = await test.cookieOf(await test.addAccount('administradora', 'administrator'));
  supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
  operator = await test.cookieOf(await test.addAccount('operador', 'operator'));
  patrol = await test.cookieOf(await test.addAccount('sereno', 'patrol'));
  listener = new pg.Client({ connectionString: test.config.databaseUrl });
  await listener.connect();
  listener.on('error', () => {});
  listener.on('notification', (message) => notified.push(message.channel));
  await listener.query(`LISTEN ${PG_CHANNELS.cameraConfig}`);
  test.app.get(RealtimeService).listen((change) => changes.push(change));
});
afterAll(async () => {
  await listener.end();
  await test.close();
});

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
const viewOf = async (id: string): Promise<CameraView | undefined> =>
  (await ask<CameraView[]>(operator, 'GET', '/api/cameras')).body.find((camera) => camera.id === id);
const auditOf = (action: string, objectId: string): Promise<Record<string, unknown>[]> =>
  test.dataSource.query('SELECT * FROM audit_entry WHERE action = $1 AND object_id = $2 ORDER BY id', [
    action,
    objectId,
  ]);

describe('who sees what', () => {
  let camera: CameraEntity;
  beforeAll(async () => {
    camera = await seedCamera(test, 'C-01');
  });

  it('shows cameras without address or login to those who view, nothing to others', async () => {
    const text = JSON.stringify(await viewOf(camera.id));
    expect(text).toContain('"code":"C-01"');
    for (const secret of [camera.host, 'onvif', 'rtsp', SEEDED_LOGIN.password, 'credential'])
      expect(text).not.toContain(secret);
    expect(await ask<ErrorBody>(patrol, 'GET', '/api/cameras')).toMatchObject({ status: 403 });
    expect((await test.call('GET', '/api/cameras')).status).toBe(401);
  });

  it('shows addresses to those who manage, the login to nobody', async () => {
    expect(await ask<ErrorBody>(operator, 'GET', `/api/cameras/${camera.id}`)).toMatchObject({ status: 403 });
    const detail = await ask<CameraDetail>(supervisor, 'GET', `/api/cameras/${camera.id}`);
    expect(detail.body).toMatchObject({
      host: camera.host,
      serialNumber: 'SN-C-01',
      adoptedAtMs: camera.adoptedAt.getTime(),
    });
    expect(JSON.stringify(detail.body)).not.toMatch(/secreto|credential|rtsp/);
    expect(await ask<ErrorBody>(supervisor, 'GET', '/api/cameras/00000000-0000-7000-8000-000000000000')).toMatchObject({
      status: 404,
      body: { code: 'camera-unknown' },
    });
  });

  it.each([
    ['PATCH', '', { name: 'x' }],
    ['DELETE', '', { reason: 'prueba' }],
    ['POST', '/credential', SEEDED_LOGIN],
  ])('lets nobody else %s', async (method, path, body) => {
    expect((await ask(operator, method, `/api/cameras/${camera.id}${path}`, body)).status).toBe(403);
  });
});

describe('changing', () => {
  it('places and renames, tells relays and screens, and writes down from what to what', async () => {
    const camera = await seedCamera(test, 'C-02');
    notified.length = changes.length = 0;
    const place = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
    const body = { name: 'Plaza de Armas', place, bearingDeg: 140, fieldOfViewDeg: 78, rangeM: 110 };
    const changed = await ask<CameraDetail>(supervisor, 'PATCH', `/api/cameras/${camera.id}`, body);
    expect(changed).toMatchObject({ status: 200, body: { ...body, code: 'C-02' } });
    await eventually(() => notified.includes(PG_CHANNELS.cameraConfig));
    expect(changes).toContainEqual(
      expect.objectContaining({
        topic: 'cameras',
        kind: 'changed',
        item: expect.objectContaining({ id: camera.id, name: 'Plaza de Armas' }),
      }),
    );
    expect(await auditOf('camera:change', camera.id)).toMatchObject([
      {
        outcome: 'done',
        account_name: 'supervisora',
        details: { camera: 'C-02', name: ['Cámara C-02', 'Plaza de Armas'], bearingDeg: [null, 140] },
      },
    ]);
    await ask(supervisor, 'PATCH', `/api/cameras/${camera.id}`, body);
    expect(await auditOf('camera:change', camera.id)).toHaveLength(1);
    const overUdp = await ask<CameraDetail>(supervisor, 'PATCH', `/api/cameras/${camera.id}`, { transport: 'auto' });
    expect([changed.body.transport, overUdp.body.transport]).toEqual(['tcp', 'auto']);
    expect((await auditOf('camera:change', camera.id)).at(-1)).toMatchObject({
      details: { rtspTransport: ['tcp', 'auto'] },
    });
    expect(
      (await ask<CameraDetail>(supervisor, 'PATCH', `/api/cameras/${camera.id}`, { place: null })).body.place,
    ).toBeNull();
  });

  it('turns audio on with a reason, by an administrator only, and writes it down', async () => {
    const camera = await seedCamera(test, 'C-09');
    const path = `/api/cameras/${camera.id}/audio`;
    const before = await ask<CameraDetail>(administrator, 'GET', `/api/cameras/${camera.id}`);
    expect(before.body.audio).toEqual({ enabled: false, reason: null });
    const body = { enabled: true, reason: 'Orden 12-2026 de la Oficial de Datos Personales' };
    expect((await ask(supervisor, 'PUT', path, body)).status).toBe(403);
    expect((await ask(administrator, 'PUT', path, { enabled: true, reason: ' ' })).status).toBe(400);
    notified.length = 0;
    const changed = await ask<CameraDetail>(administrator, 'PUT', path, body);
    expect([changed.status, changed.body.audio]).toEqual([200, body]);
    await eventually(() => notified.includes(PG_CHANNELS.cameraConfig));
    const off = await ask<CameraDetail>(administrator, 'PUT', path, { enabled: false, reason: 'Ya no es necesario' });
    expect(off.body.audio).toEqual({ enabled: false, reason: null });
    expect(await auditOf('camera:audio', camera.id)).toMatchObject([
      { outcome: 'done', details: { camera: 'C-09', enabled: [false, true], reason: body.reason } },
      { outcome: 'done', details: { enabled: [true, false], reason: 'Ya no es necesario' } },
    ]);
  });

  it.each([
    [409, 'camera-code-taken', { code: 'C-01' }],
    [400, 'input-invalid', { bearingDeg: 360 }],
    [400, 'input-invalid', { transport: 'multicast' }],
    [400, 'input-invalid', { place: { latitudeDeg: 91, longitudeDeg: 0 } }],
    [400, 'input-invalid', { code: 'c 1' }],
  ])('refuses with %i %s', async (status, code, body) => {
    const camera = (await viewOf(
      ((await test.dataSource.query("SELECT id FROM camera WHERE code = 'C-02'")) as { id: string }[])[0]!.id,
    ))!;
    expect(await ask<ErrorBody>(supervisor, 'PATCH', `/api/cameras/${camera.id}`, body)).toMatchObject({
      status,
      body: { code },
    });
  });

  it('lets a camera rest, which is written down and told to the relays, and wants a yes or no', async () => {
    const camera = await seedCamera(test, 'C-90');
    expect((await viewOf(camera.id))!.warm).toBe(true);
    notified.length = 0;
    const changed = await ask<CameraDetail>(supervisor, 'PATCH', `/api/cameras/${camera.id}`, { warm: false });
    expect(changed).toMatchObject({ status: 200, body: { warm: false, name: camera.name } });
    await eventually(() => notified.includes(PG_CHANNELS.cameraConfig));
    expect(await auditOf('camera:change', camera.id)).toMatchObject([{ details: { warm: [true, false] } }]);
    expect((await ask(supervisor, 'PATCH', `/api/cameras/${camera.id}`, { warm: 'no' })).status).toBe(400);
    await test.dataSource.query('DELETE FROM camera WHERE id = $1', [camera.id]);
  });

  it('wipes the login of a removed camera, keeps its row and code, and needs a reason', async () => {
    const camera = await seedCamera(test, 'C-03');
    expect((await ask(supervisor, 'DELETE', `/api/cameras/${camera.id}`, {})).status).toBe(400);
    expect((await ask(supervisor, 'DELETE', `/api/cameras/${camera.id}`, { reason: 'se vendió' })).status).toBe(204);
    const [row] = (await test.dataSource.query('SELECT * FROM camera WHERE id = $1', [camera.id])) as Record<
      string,
      unknown
    >[];
    expect(row).toMatchObject({ code: 'C-03', endpoint_reference: null, credential_sealed: Buffer.alloc(0) });
    expect(row!['removed_at']).not.toBeNull();
    expect(await viewOf(camera.id)).toBeUndefined();
    expect(changes).toContainEqual(expect.objectContaining({ topic: 'cameras', kind: 'removed', id: camera.id }));
    expect(await auditOf('camera:remove', camera.id)).toMatchObject([
      { details: { camera: 'C-03', reason: 'se vendió', host: camera.host } },
    ]);
    expect(
      await ask<ErrorBody>(supervisor, 'DELETE', `/api/cameras/${camera.id}`, { reason: 'otra vez' }),
    ).toMatchObject({ status: 404 });
    expect(
      await ask<ErrorBody>(supervisor, 'PATCH', `/api/cameras/${(await seedCamera(test, 'C-04')).id}`, {
        code: 'C-03',
      }),
    ).toMatchObject({ body: { code: 'camera-code-taken' } });
  });
});

describe('health', () => {
  let camera: CameraEntity;
  const stateOf = async (): Promise<string> => {
    const { state, reason } = (await viewOf(camera.id))!.health;
    return reason ? `${state} ${reason.code}` : state;
  };
  beforeAll(async () => {
    camera = await seedCamera(test, 'C-05');
  });

  it('follows what a relay writes, by notification at once and without one within a second', async () => {
    expect(await stateOf()).toBe('connecting waiting-for-relay');
    // Whatever moment of the reader's turn it falls into, a notification is not missed.
    for (let times = 0; times < 10; times++) {
      await beatRelay(test);
      const state = times % 2 === 0 ? 'offline' : 'degraded';
      await writeHealth(test, camera.id, state);
      await eventually(async () => (await stateOf()) === `${state} test`, 800);
    }
    await beatRelay(test);
    await writeHealth(test, camera.id, 'online');
    const beganMs = systemClock.monotonicMs();
    await eventually(async () => (await stateOf()) === 'online');
    expect(systemClock.monotonicMs() - beganMs).toBeLessThan(900);
    await beatRelay(test);
    await writeHealth(test, camera.id, 'degraded', false);
    await eventually(async () => (await stateOf()) === 'degraded test', 2_500);
    expect(changes).toContainEqual(
      expect.objectContaining({
        topic: 'cameras',
        item: expect.objectContaining({ id: camera.id, health: expect.objectContaining({ state: 'degraded' }) }),
      }),
    );
  });

  it('says offline when the relay goes silent, and takes it back', async () => {
    await beatRelay(test);
    await writeHealth(test, camera.id, 'online');
    await eventually(async () => (await stateOf()) === 'online');
    const beganMs = systemClock.monotonicMs();
    await eventually(async () => (await stateOf()) === 'offline relay-silent', 6_000);
    expect(systemClock.monotonicMs() - beganMs).toBeLessThan(5_000);
    expect(await (await test.call('GET', '/metrics')).text()).toContain(
      'atalaya_camera_state{camera="C-05",state="offline"} 1',
    );
    await beatRelay(test);
    await eventually(async () => (await stateOf()) === 'online', 2_500);
  });

  it('hears again after its connection was killed', async () => {
    const kill =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'atalaya-api-listen' AND datname = current_database()";
    const listening =
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'atalaya-api-listen' AND datname = current_database() AND query ILIKE 'LISTEN%'";
    expect(((await test.dataSource.query(kill)) as unknown[]).length).toBe(1);
    await eventually(async () => ((await test.dataSource.query(listening)) as unknown[]).length === 1);
    await beatRelay(test);
    await writeHealth(test, camera.id, 'connecting');
    await eventually(async () => (await stateOf()) === 'connecting test', 900);
  });

  it('does not bring a removed camera back to the screens', async () => {
    await ask(supervisor, 'DELETE', `/api/cameras/${camera.id}`, { reason: 'prueba' });
    changes.length = 0;
    await writeHealth(test, camera.id, 'online');
    const other = await seedCamera(test, 'C-06');
    await beatRelay(test);
    await writeHealth(test, other.id, 'online');
    await eventually(() =>
      changes.some((change) => change.kind === 'changed' && change.topic === 'cameras' && change.item.id === other.id),
    );
    expect(changes.filter((change) => JSON.stringify(change).includes(camera.id))).toEqual([]);
  });
});

describe('candidates', () => {
  const sighting = (change: Partial<Sighting>): Sighting => ({
    endpointReference: null,
    address: { secure: false, host: '10.1.1.1', port: 80, path: '/onvif/device_service' },
    scopes: { name: '', hardware: '', location: '', macAddress: null },
    clock: null,
    foundBy: 'sweep',
    ...change,
  });
  const all = async (): Promise<Record<string, unknown>[]> =>
    (await ask<Record<string, unknown>[]>(supervisor, 'GET', '/api/candidates')).body;

  it('makes one of a device met by address and by name, whichever came first', async () => {
    const service = test.app.get(CandidateService, { strict: false });
    const named = sighting({
      endpointReference: 'urn:uuid:1',
      scopes: { name: 'Uno', hardware: '', location: '', macAddress: null },
      foundBy: 'multicast',
    });
    await service.seen(sighting({}));
    await Promise.all([service.seen(named), service.seen(sighting({ foundBy: 'address' })), service.seen(named)]);
    expect(await all()).toMatchObject([{ endpointReference: 'urn:uuid:1', name: 'Uno', host: '10.1.1.1' }]);
    expect(((await all())[0]!['foundBy'] as string[]).sort()).toEqual(['address', 'multicast', 'sweep']);
  });

  it('moves with its device, and swallows the nameless entry of its new address', async () => {
    const service = test.app.get(CandidateService, { strict: false });
    const address = { secure: false, host: '10.1.1.2', port: 80, path: '/onvif/device_service' };
    await service.seen(sighting({ address }));
    expect(await all()).toHaveLength(2);
    await service.seen(sighting({ endpointReference: 'urn:uuid:1', address }));
    expect(await all()).toMatchObject([{ endpointReference: 'urn:uuid:1', host: '10.1.1.2', name: 'Uno' }]);
  });

  it('keeps two devices apart that swapped addresses', async () => {
    const service = test.app.get(CandidateService, { strict: false });
    const at = (host: string): Sighting['address'] => ({
      secure: false,
      host,
      port: 80,
      path: '/onvif/device_service',
    });
    await service.seen(sighting({ endpointReference: 'urn:uuid:2', address: at('10.1.1.3') }));
    await service.seen(sighting({ endpointReference: 'urn:uuid:2', address: at('10.1.1.2') }));
    await service.seen(sighting({ endpointReference: 'urn:uuid:1', address: at('10.1.1.3') }));
    expect((await all()).map(({ endpointReference, host }) => [endpointReference, host])).toEqual([
      ['urn:uuid:1', '10.1.1.3'],
      ['urn:uuid:2', '10.1.1.2'],
    ]);
  });

  it('knows the camera that a device is, and can be forgotten', async () => {
    const camera = await seedCamera(test, 'C-20');
    const service = test.app.get(CandidateService, { strict: false });
    const seen = await service.seen(sighting({ endpointReference: camera.endpointReference }));
    expect(seen.ok && [seen.value.camera?.id, seen.value.candidate.cameraId]).toEqual([camera.id, camera.id]);
    const id = seen.ok ? seen.value.candidate.id : '';
    expect((await ask(supervisor, 'DELETE', `/api/candidates/${id}`)).status).toBe(204);
    expect((await all()).map((candidate) => candidate['id'])).not.toContain(id);
    expect(await ask<ErrorBody>(supervisor, 'DELETE', `/api/candidates/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'candidate-unknown' },
    });
    expect((await ask(operator, 'GET', '/api/candidates')).status).toBe(403);
  });
});
