import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { silentLogger } from '#libs/base';
import type { AlarmSignal } from '#libs/alarm';
import type { AlarmView, ErrorBody, TopicChange } from '#libs/wire';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AlarmDesk } from '../alarms/alarm-desk.service.ts';
import { createApplication } from '../application.ts';
import { CameraPublisher } from '../cameras/camera-publisher.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { DutyService } from './duty.service.ts';

let first: TestApplication;
let second: NestExpressApplication;
let secondUrl: string;
let cookie: string;
let cameraId: string;
const seenBySecond: AlarmView[] = [];

const deskOf = (app: NestExpressApplication): AlarmDesk => app.get(AlarmDesk, { strict: false });
const dutyOf = (app: NestExpressApplication): DutyService => app.get(DutyService, { strict: false });
const motion = (phase: 'began' | 'ended'): AlarmSignal => ({
  cameraId,
  kind: 'motion',
  source: 'onvif',
  origin: 'cell',
  phase,
  detail: '',
});
const rows = async (): Promise<Record<string, unknown>[]> =>
  first.dataSource.query('SELECT * FROM camera_alarm WHERE camera_id = $1 ORDER BY id', [cameraId]);
const ask = (url: string, method: string, path: string, body?: unknown): Promise<Response> =>
  fetch(url + path, {
    method,
    headers: { cookie, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

beforeAll(async () => {
  first = await startTestApplication();
  await eventually(() => dutyOf(first.app).isOn);
  second = await createApplication({ config: first.config, clock: first.clock, logger: silentLogger });
  await second.listen(0);
  secondUrl = `http://127.0.0.1:${(second.getHttpServer().address() as AddressInfo).port}`;
  cookie = await first.cookieOf(await first.addAccount('ana', 'operator'));
  const camera = await seedCamera(first, 'C-01', { hasPtz: true });
  cameraId = camera.id;
  for (const app of [first.app, second]) await app.get(CameraPublisher, { strict: false }).publish(cameraId);
  second.get(RealtimeService, { strict: false }).listen((change: TopicChange) => {
    if (change.topic === 'alarms' && change.kind === 'changed') seenBySecond.push(change.item);
  });
});
afterAll(async () => {
  await second.close();
  await first.close();
});

describe('two apis on one database', () => {
  it('have one duty', () => {
    expect([dutyOf(first.app).isOn, dutyOf(second).isOn, dutyOf(second).isElsewhere]).toEqual([true, false, true]);
  });

  it('open an alarm once, though both hear of it, and show it on the screens of both', async () => {
    for (const app of [first.app, second]) deskOf(app).take(motion('began'));
    await eventually(() => seenBySecond.length > 0);
    expect(seenBySecond.map(({ kind }) => kind)).toEqual(['motion']);
    expect(await rows()).toHaveLength(1);
    expect(deskOf(second).isOpen(cameraId, 'motion')).toBe(false);
  });

  it('let an alarm be acknowledged at either, once', async () => {
    const [alarm] = await rows();
    const path = `/api/alarms/${String(alarm!['id'])}/acknowledge`;
    expect((await ask(secondUrl, 'POST', path, { note: '' })).status).toBe(200);
    const again = await ask(first.url, 'POST', path, { note: '' });
    expect([again.status, ((await again.json()) as ErrorBody).code]).toEqual([409, 'alarm-acknowledged']);
    // The api on duty knows: what is told again belongs to the acknowledged alarm.
    deskOf(first.app).take(motion('ended'));
    deskOf(first.app).take(motion('began'));
    await eventually(async () => (await rows())[0]!['repeats'] === 1);
    expect(await rows()).toHaveLength(1);
  });

  it('steer at one only, so that nobody holds a camera twice', async () => {
    const held = await ask(secondUrl, 'POST', `/api/cameras/${cameraId}/ptz/reservation`, {
      minutes: 5,
      takeOver: false,
    });
    expect([held.status, ((await held.json()) as ErrorBody).code]).toEqual([503, 'duty-elsewhere']);
    const other = await ask(first.url, 'POST', `/api/cameras/${cameraId}/ptz/reservation`, {
      minutes: 5,
      takeOver: false,
    });
    expect(other.ok).toBe(true);
  });

  it('change over when the one on duty loses its connection, and the open alarm goes on as the same', async () => {
    let begun = 0;
    for (const app of [first.app, second]) dutyOf(app).listen({ began: () => begun++ });
    // The one that has it now has counted already.
    const before = begun;
    await first.dataSource.query(
      `SELECT pg_terminate_backend(l.pid) FROM pg_locks l
       JOIN pg_stat_activity a ON a.pid = l.pid AND a.application_name = 'atalaya-duty' AND a.datname = current_database()
       WHERE l.locktype = 'advisory' AND l.granted`,
    );
    await eventually(() => begun > before);
    expect([first.app, second].filter((app) => dutyOf(app).isOn)).toHaveLength(1);
    for (const app of [first.app, second]) deskOf(app).take(motion('ended'));
    await eventually(async () => (await rows())[0]!['ended_at'] !== null);
    expect(await rows()).toHaveLength(1);
  });
});
