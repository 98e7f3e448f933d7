import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock, uuidV7 } from '#libs/base';
import type {
  AlarmKind,
  AlarmPage,
  AlarmRulesView,
  AlarmSettings,
  AlarmView,
  ErrorBody,
  Ring,
  TopicChange,
  ZoneSchedulesView,
  ZoneView,
} from '#libs/wire';
import { SimCamera } from '../../../../camera-sim/model.ts';
import { startOnvif, type RunningOnvif } from '../../../../camera-sim/onvif/index.ts';
import { TOWN } from '../../../../camera-sim/town.ts';
import { beatRelay, seedCamera, writeHealth } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import type { CameraEntity } from '../cameras/camera.entity.ts';
import { CameraPublisher } from '../cameras/camera-publisher.ts';
import { CredentialVault } from '../cameras/credential-vault.ts';
import { HousekeepingService } from '../housekeeping/housekeeping.service.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';

/** sim-01 at an address of its own. */
const SPEC = {
  ...TOWN[0]!,
  host: `127.0.${randomInt(40, 250)}.${randomInt(2, 250)}`,
  endpointReference: `urn:uuid:${randomUUID()}`,
};
const PLACE = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const AROUND: Ring = [
  [-71.35, -17.65],
  [-71.34, -17.65],
  [-71.34, -17.64],
  [-71.35, -17.64],
  [-71.35, -17.65],
];
const ALWAYS = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 1_440 };

let test: TestApplication;
let device: SimCamera;
let face: RunningOnvif;
let camera: CameraEntity;
const cookies = new Map<string, string>();
const changes: TopicChange[] = [];

beforeAll(async () => {
  test = await startTestApplication({ ATALAYA_DEMO: '1' });
  for (const [name, role] of [
    ['ana', 'operator'],
    ['sara', 'supervisor'],
    ['iris', 'auditor'],
    ['adan', 'administrator'],
  ] as const)
    cookies.set(name, await test.cookieOf(await test.addAccount(name, role)));
  test.app.get(RealtimeService, { strict: false }).listen((change) => {
    if (change.topic === 'alarms') changes.push(change);
  });
  device = new SimCamera(SPEC);
  face = await startOnvif(device, { clock: systemClock, logger: silentLogger });
  camera = await seedCamera(test, 'C-01', {
    ...PLACE,
    host: SPEC.host,
    onvifUrl: `http://${SPEC.host}:${SPEC.onvifPort}/onvif/device_service`,
  });
  const sealed = test.app
    .get(CredentialVault, { strict: false })
    .seal({ username: SPEC.username, password: SPEC.password }, camera.id);
  await test.dataSource.query('UPDATE camera SET credential_sealed = $1 WHERE id = $2', [sealed, camera.id]);
  await publish(camera.id);
});
afterAll(async () => {
  await test.close();
  await face.close();
});

async function ask<T = ErrorBody>(who: string, method: string, path: string, body?: unknown) {
  const response = await test.call(method, path, { cookie: cookies.get(who)!, body });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}
const publish = (id: string): Promise<void> => test.app.get(CameraPublisher, { strict: false }).publish(id);
const alarms = async (query = ''): Promise<AlarmView[]> =>
  (await ask<AlarmPage>('iris', 'GET', `/api/alarms${query}`)).body.alarms;
const newest = async (kind: AlarmKind): Promise<AlarmView | undefined> => (await alarms(`?kind=${kind}`))[0];
const rules = async (): Promise<AlarmRulesView> =>
  (await ask<AlarmRulesView>('sara', 'GET', `/api/cameras/${camera.id}/alarm-rules`)).body;
const listening = (): Promise<void> => eventually(async () => (await rules()).link.state === 'listening');

describe("a camera's own events", () => {
  it('are listened to, and movement is recorded without calling anybody', async () => {
    await listening();
    device.raise({ kind: 'motion', active: true });
    await eventually(async () => (await newest('motion')) !== undefined);
    expect(await newest('motion')).toMatchObject({
      cameraId: camera.id,
      cameraCode: 'C-01',
      source: 'onvif',
      raised: false,
      endedAtMs: null,
      repeats: 0,
    });
    device.raise({ kind: 'motion', active: false });
    await eventually(async () => (await newest('motion'))!.endedAtMs !== null);
    expect(await newest('motion')).toMatchObject({ endCause: 'cleared' });
    expect(changes.at(-1)).toMatchObject({ topic: 'alarms', kind: 'removed' });
  });

  it('that come again within the cooldown are counted, not multiplied', async () => {
    device.raise({ kind: 'motion', active: true });
    await eventually(async () => (await newest('motion'))!.endedAtMs === null);
    device.raise({ kind: 'motion', active: false });
    await eventually(async () => (await newest('motion'))!.endedAtMs !== null);
    expect(await alarms('?kind=motion')).toMatchObject([{ repeats: 1 }]);
  });

  it('call attention where a schedule of the zone says so, and are acknowledged once, by name', async () => {
    const zone = await ask<ZoneView>('sara', 'POST', '/api/zones', { name: 'Puerto', riskLevel: 'high', ring: AROUND });
    const path = `/api/zones/${zone.body.id}/alarm-schedules`;
    expect((await ask('ana', 'PUT', path, { schedules: [] })).status).toBe(403);
    const schedules = [{ kinds: ['motion'], ...ALWAYS }];
    expect((await ask<ZoneSchedulesView>('sara', 'PUT', path, { schedules })).body.schedules).toEqual(schedules);
    expect((await ask<ZoneSchedulesView>('ana', 'GET', path)).body.schedules).toEqual(schedules);
    test.clock.forward(40_000);
    device.raise({ kind: 'motion', active: true });
    await eventually(async () => (await newest('motion'))!.raised);
    const raised = (await newest('motion'))!;
    expect(changes.at(-1)).toMatchObject({ kind: 'changed', item: { id: raised.id, raised: true } });
    device.raise({ kind: 'motion', active: false });
    await eventually(async () => (await newest('motion'))!.endedAtMs !== null);
    expect((await alarms('?standing=unacknowledged')).map(({ id }) => id)).toEqual([raised.id]);

    const acknowledge = `/api/alarms/${raised.id}/acknowledge`;
    expect((await ask('iris', 'POST', acknowledge, {})).status).toBe(403);
    expect(await ask<AlarmView>('ana', 'POST', acknowledge, { note: 'Era un perro' })).toMatchObject({
      status: 200,
      body: { acknowledgedBy: 'ana', note: 'Era un perro' },
    });
    expect(changes.at(-1)).toMatchObject({ kind: 'removed', id: raised.id });
    expect(await ask('sara', 'POST', acknowledge, {})).toMatchObject({
      status: 409,
      body: { code: 'alarm-acknowledged', details: { by: 'ana' } },
    });
    const missing = `/api/alarms/${uuidV7(0)}/acknowledge`;
    expect((await ask('ana', 'POST', missing, {})).body.code).toBe('alarm-unknown');
    const audit = await test.dataSource.query<unknown[]>(
      "SELECT account_name, details FROM audit_entry WHERE action = 'alarm:acknowledge'",
    );
    expect(audit).toMatchObject([{ account_name: 'ana', details: { kind: 'motion', note: 'Era un perro' } }]);
  });

  it('of a line, of tampering and of a lost signal call attention by themselves', async () => {
    device.raise({ kind: 'line-crossed', rule: 'Cerco norte' });
    device.raise({ kind: 'tamper', active: true });
    device.raise({ kind: 'signal-loss', active: true });
    for (const kind of ['line-crossed', 'tamper', 'signal-lost'] as const)
      await eventually(async () => (await newest(kind))?.raised === true);
    expect((await newest('line-crossed'))!.detail).toContain('Cerco norte');
    test.clock.forward(11_000);
    await eventually(async () => (await newest('line-crossed'))!.endCause === 'quiet');
    expect((await newest('tamper'))!.endedAtMs).toBeNull();
  });

  it('mean what somebody says they mean', async () => {
    const { heard } = await rules();
    const topic = heard.find(({ meaning }) => meaning === 'tamper')!.topic;
    const body = { cooldownS: { motion: 120 }, topics: [{ topic, meaning: 'ignored' }] };
    const path = `/api/cameras/${camera.id}/alarm-rules`;
    expect((await ask('ana', 'PUT', path, body)).status).toBe(403);
    const changed = await ask<AlarmRulesView>('sara', 'PUT', path, body);
    expect(changed.body).toMatchObject(body);
    expect(changed.body.heard.find((one) => one.topic === topic)).toMatchObject({ meaning: 'ignored' });
    device.raise({ kind: 'tamper', active: false });
    device.raise({ kind: 'signal-loss', active: false });
    await eventually(async () => (await newest('signal-lost'))!.endedAtMs !== null);
    expect((await newest('tamper'))!.endedAtMs).toBeNull();
  });

  it('are subscribed to again after the camera was started again', async () => {
    device.raise({ kind: 'signal-loss', active: true });
    await eventually(async () => (await newest('signal-lost'))!.endedAtMs === null);
    device.reboot();
    // It forgot its state with everything else: what is told to the new subscription ends the alarm.
    await eventually(async () => (await newest('signal-lost'))!.endCause === 'cleared');
    await listening();
    device.raise({ kind: 'line-crossed', rule: 'Otra vez' });
    await eventually(async () => (await newest('line-crossed'))!.detail.includes('Otra vez'));
  }, 20_000);
});

describe('a camera that gives no picture', () => {
  const settings = { offlineAfterS: 3, cooldownS: 30, raisedKinds: ['camera-offline'], keepDays: 90 };
  let other: CameraEntity;

  /** A beat goes stale within seconds; the test writes them as a relay does. */
  async function health(state: 'online' | 'offline'): Promise<void> {
    await beatRelay(test);
    await writeHealth(test, other.id, state);
  }

  it('is an alarm after a while, and not for a moment', async () => {
    expect((await ask('sara', 'PUT', '/api/settings/alarms', settings)).status).toBe(403);
    expect((await ask<AlarmSettings>('adan', 'PUT', '/api/settings/alarms', settings)).body).toEqual(settings);
    other = await seedCamera(test, 'C-02', { hasEvents: false });
    await publish(other.id);
    const offline = async (): Promise<AlarmView | undefined> => (await alarms(`?cameraId=${other.id}`))[0];
    const beats = systemClock.every(500, () => void beatRelay(test));
    try {
      await health('online');
      await health('offline');
      await eventually(() => isShown('offline'));
      await health('online');
      await eventually(() => isShown('online'));
      expect(await offline()).toBeUndefined();
      await health('offline');
      await eventually(async () => (await offline()) !== undefined);
      expect(await offline()).toMatchObject({ kind: 'camera-offline', raised: true, detail: 'test', endedAtMs: null });
      await health('online');
      await eventually(async () => (await offline())!.endCause === 'cleared');
    } finally {
      beats.cancel();
    }
  }, 20_000);

  const isShown = async (state: string): Promise<boolean> => {
    const cameras = (await ask<{ id: string; health: { state: string } }[]>('iris', 'GET', '/api/cameras')).body;
    return cameras.find(({ id }) => id === other.id)?.health.state === state;
  };
});

describe('activity in a stream', () => {
  it('is an alarm that is recorded, while the relay says so', async () => {
    const third = await seedCamera(test, 'C-03', { hasEvents: false });
    await publish(third.id);
    await beatRelay(test);
    const beats = systemClock.every(500, () => void beatRelay(test));
    const say = async (state: string): Promise<void> => {
      await writeHealth(test, third.id, 'online', false);
      await test.dataSource.query(
        `UPDATE camera_health SET activity_state = $2, activity_score = 9.5, activity_since = now(),
           revision = nextval('camera_health_revision') WHERE camera_id = $1`,
        [third.id, state],
      );
      await test.dataSource.query("SELECT pg_notify('atalaya_camera_health', '')");
    };
    try {
      await say('active');
      const alarm = async (): Promise<AlarmView | undefined> => (await alarms(`?cameraId=${third.id}`))[0];
      await eventually(async () => (await alarm()) !== undefined);
      expect(await alarm()).toMatchObject({ kind: 'activity', source: 'activity', raised: false });
      await say('quiet');
      await eventually(async () => (await alarm())!.endCause === 'cleared');
    } finally {
      beats.cancel();
    }
  });
});

describe('alarms', () => {
  it('are read by page, filtered, and in order', async () => {
    const all = await alarms();
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    const first = await ask<AlarmPage>('iris', 'GET', '/api/alarms?limit=2');
    expect(first.body.alarms.map(({ id }) => id)).toEqual(all.slice(0, 2).map(({ id }) => id));
    const second = await ask<AlarmPage>('iris', 'GET', `/api/alarms?limit=2&before=${first.body.nextBefore}`);
    expect(second.body.alarms.map(({ id }) => id)).toEqual(all.slice(2, 4).map(({ id }) => id));
    expect((await alarms('?standing=open')).every(({ endedAtMs }) => endedAtMs === null)).toBe(true);
    expect((await alarms('?standing=acknowledged')).map(({ note }) => note)).toEqual(['Era un perro']);
    expect(await alarms(`?fromMs=${test.clock.nowMs() + 60_000}`)).toEqual([]);
  });

  it('that ended long ago are removed, the others stay', async () => {
    const open = await alarms('?standing=open');
    await test.dataSource.query("UPDATE camera_alarm SET ended_at = ended_at - interval '91 days'");
    expect(await test.app.get(HousekeepingService, { strict: false }).tidy()).toBe(true);
    expect((await alarms()).map(({ id }) => id)).toEqual(open.map(({ id }) => id));
  });

  it('of a camera that is taken out of use are over', async () => {
    expect(open(await alarms(`?cameraId=${camera.id}`))).toBeGreaterThan(0);
    await ask('sara', 'DELETE', `/api/cameras/${camera.id}`, { reason: 'prueba' });
    await eventually(async () => open(await alarms(`?cameraId=${camera.id}`)) === 0);
    expect((await newest('tamper'))!.endCause).toBe('camera-removed');
  });

  const open = (list: readonly AlarmView[]): number => list.filter(({ endedAtMs }) => endedAtMs === null).length;
});
