import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { isPublishKey, publishKeyHash } from '#libs/secret';
import type { CameraView, CreatePublisherBody, PublisherView, PublisherWithKey } from '#libs/wire';
import { beatRelay, seedCamera } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { CameraStore } from '../cameras/camera.store.ts';

const BODY: CreatePublisherBody = {
  name: 'Cámara corporal 12',
  kind: 'body-camera',
  holder: 'Sereno Quispe',
  place: { latitudeDeg: -17.64, longitudeDeg: -71.34 },
};

let test: TestApplication;
let supervisor: string;
let administrator: string;
beforeAll(async () => {
  test = await startTestApplication();
  supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
  administrator = await test.cookieOf(await test.addAccount('jefa', 'administrator'));
  await seedCamera(test, 'C-01');
});
afterAll(() => test.close());

async function ask<T>(
  method: string,
  path: string,
  body?: unknown,
  cookie = supervisor,
): Promise<{ status: number; body: T }> {
  const response = await test.call(method, path, { cookie, body });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

const create = async (change: Partial<CreatePublisherBody> = {}): Promise<PublisherWithKey> =>
  (await ask<PublisherWithKey>('POST', '/api/publishers', { ...BODY, ...change })).body;
const list = async (): Promise<PublisherView[]> => (await ask<PublisherView[]>('GET', '/api/publishers')).body;

async function keyHashOf(cameraId: string): Promise<Buffer | null> {
  const [row] = (await test.dataSource.query('SELECT key_hash FROM camera_publisher WHERE camera_id = $1', [
    cameraId,
  ])) as { key_hash: Buffer | null }[];
  return row!.key_hash;
}

describe('a publisher', () => {
  it('is a camera like others, with an address for its device and a key that is shown once', async () => {
    expect((await create()).address).toBeNull();
    await beatRelay(test);
    await test.dataSource.query(`UPDATE relay_node SET rtmp_url = 'rtmp://{host}:1935/live'`);
    const { key, ...made } = await create({ code: 'BC-12' });
    expect(made.address).toMatch(/^rtmp:\/\/[^/]+:1935\/live\/[0-9a-z]{8}$/);
    expect(made).toMatchObject({ kind: 'body-camera', holder: 'Sereno Quispe', hasKey: true });
    expect(isPublishKey(key, (await keyHashOf(made.cameraId))!)).toBe(true);
    const { body: cameras } = await ask<CameraView[]>('GET', '/api/cameras');
    expect(cameras.map(({ code, isPushed }) => [code, isPushed])).toEqual([
      ['BC-12', true],
      ['C-01', false],
      ['C-02', true],
    ]);
    expect(cameras[0]).toMatchObject({ name: BODY.name, place: BODY.place, streams: [{ role: 'main', widthPx: 0 }] });
    expect(await list()).toContainEqual(made);
    expect(JSON.stringify([cameras, await list()])).not.toContain(key);
  });

  it('gets a new key, loses it, and the relay is told each time', async () => {
    const { cameraId, key } = await create({ code: 'BC-13' });
    const listener = new pg.Client({ connectionString: test.config.databaseUrl });
    await listener.connect();
    let told = 0;
    listener.on('notification', () => told++);
    await listener.query('LISTEN atalaya_camera_config');
    test.clock.forward(60_000);
    const { status, body: renewed } = await ask<PublisherWithKey>('POST', `/api/publishers/${cameraId}/key`);
    expect([status, renewed.key === key]).toEqual([201, false]);
    expect(await keyHashOf(cameraId)).toEqual(publishKeyHash(renewed.key));
    expect((await ask('DELETE', `/api/publishers/${cameraId}/key`)).status).toBe(204);
    expect(await keyHashOf(cameraId)).toBeNull();
    expect((await list()).find((one) => one.cameraId === cameraId)?.hasKey).toBe(false);
    await eventually(() => told === 2);
    await listener.end();
    const { body: changed } = await ask('PATCH', `/api/publishers/${cameraId}`, { kind: 'drone', holder: null });
    expect(changed).toMatchObject({ kind: 'drone', holder: null, hasKey: false });
  });

  it('leaves its doings in the audit, and no key', async () => {
    const rows = (await test.dataSource.query(
      `SELECT action, account_name, details FROM audit_entry WHERE action LIKE 'publisher:%' ORDER BY id`,
    )) as { action: string; account_name: string; details: Record<string, unknown> }[];
    expect(rows.map(({ action }) => action)).toEqual([
      'publisher:create',
      'publisher:create',
      'publisher:create',
      'publisher:give-key',
      'publisher:revoke-key',
      'publisher:change',
    ]);
    expect(rows[1]).toMatchObject({ account_name: 'supervisora', details: { camera: 'BC-12', kind: 'body-camera' } });
    expect(JSON.stringify(rows)).not.toMatch(/[0-9a-hjkmnp-tv-z]{32}/);
  });

  it('is refused a code that is taken, an unknown kind, and too many keys at once', async () => {
    expect(await ask('POST', '/api/publishers', { ...BODY, code: 'C-01' })).toMatchObject({
      status: 409,
      body: { code: 'camera-code-taken' },
    });
    expect(await ask('POST', '/api/publishers', { ...BODY, kind: 'television' })).toMatchObject({ status: 400 });
    const none = '00000000-0000-7000-8000-000000000000';
    expect(await ask('POST', `/api/publishers/${none}/key`)).toMatchObject({ body: { code: 'publisher-unknown' } });
    let last = 0;
    for (let count = 0; count < 40 && last !== 429; count++) {
      last = (await ask('POST', `/api/publishers/${none}/key`)).status;
    }
    expect(last).toBe(429);
  });

  it('is asked nothing as a device: no clock, no login; and its key goes when it is removed', async () => {
    const [publisher] = await list();
    const store = test.app.get(CameraStore, { strict: false });
    const due = await store.clockDue(test.clock.nowMs() + 86_400_000, 10);
    expect(due.map(({ code }) => code)).toEqual(['C-01']);
    const path = `/api/cameras/${publisher!.cameraId}`;
    expect(await ask('POST', `${path}/credential`, { username: 'u', password: 'p' })).toMatchObject({
      status: 409,
      body: { code: 'camera-pushed' },
    });
    const { body } = await ask('GET', '/api/settings/camera-networks', undefined, administrator);
    expect(body).toMatchObject({ camerasOutside: [] });
    expect((await ask('DELETE', path, { reason: 'dada de baja' })).status).toBe(204);
    expect(await keyHashOf(publisher!.cameraId)).toBeNull();
    expect((await list()).map(({ cameraId }) => cameraId)).not.toContain(publisher!.cameraId);
    test.clock.forward(60_000);
    expect((await ask('POST', `/api/publishers/${publisher!.cameraId}/key`)).status).toBe(404);
  });
});
