import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { ROLES, allows } from '#libs/access';
import { destination } from '#libs/geo';
import type {
  AlarmPage,
  AlarmView,
  ClientEvents,
  IncidentDetail,
  LivePositionView,
  OwnIncidentView,
  PositionBatch,
  ServerEvents,
  TimelineEntry,
  UnitView,
} from '#libs/wire';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AT_PLAZA, PLAZA, TestCentre } from '../../testing/test-centre.ts';
import { AlarmDesk } from '../alarms/alarm-desk.service.ts';
import { PositionsService } from '../positions/positions.service.ts';

/** Where incidents touch other things: alarms of cameras, the crew that attends, positions, callers. */
let test: TestApplication;
let centre: TestCentre;
let cameraId: string;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  for (const role of ROLES) await centre.hire(role, role);
  cameraId = (await seedCamera(test, 'C-01', { latitudeDeg: PLAZA.latitudeDeg, longitudeDeg: PLAZA.longitudeDeg })).id;
});
afterAll(() => test.close());

const alarmsOf = async (): Promise<AlarmView[]> => (await centre.get<AlarmPage>('auditor', '/api/alarms')).alarms;
const alarm = async (id: string): Promise<AlarmView> => (await alarmsOf()).find((one) => one.id === id)!;

/** A new alarm of the camera; answers its id. Kinds are told apart: each may be open once. */
async function raise(kind: AlarmView['kind']): Promise<string> {
  const desk = test.app.get(AlarmDesk, { strict: false });
  desk.take({ cameraId, kind, source: 'onvif', origin: kind, phase: 'began', detail: 'Cerco norte' });
  await eventually(async () => (await alarmsOf()).some((one) => one.kind === kind));
  return (await alarmsOf()).find((one) => one.kind === kind)!.id;
}

describe('an incident that is made of an alarm', () => {
  const wish = (alarmId: string, incidentId = randomUUID()) => ({
    incidentId,
    channel: 'CAMARA',
    typeCode: 'ORD-04',
    place: AT_PLAZA,
    alarmId,
  });
  let first: string;
  let incidentId: string;

  it('names it, is named by it, and has it acknowledged, as one change', async () => {
    first = await raise('line-crossed');
    const body = wish(first);
    incidentId = body.incidentId;
    const { code } = await centre.do('operator', '/api/incidents', body);
    const detail = await centre.get<IncidentDetail>('operator', `/api/incidents/${incidentId}`);
    const { startedAtMs } = await alarm(first);
    expect(detail).toMatchObject({
      cameraId,
      channel: 'CAMARA',
      alarms: [{ alarmId: first, cameraId, alarmKind: 'line-crossed', startedAtMs }],
    });
    expect(await alarm(first)).toMatchObject({ incident: { id: incidentId, code }, acknowledgedBy: 'operator' });
    const timeline = await centre.get<TimelineEntry[]>('operator', `/api/incidents/${incidentId}/timeline`);
    expect(timeline.map(({ event }) => event.kind).slice(0, 2)).toEqual(['incident:opened', 'incident:alarmLinked']);
    const audit = await test.dataSource.query(
      "SELECT account_name, details FROM audit_entry WHERE action = 'alarm:acknowledge' AND object_id = $1",
      [first],
    );
    expect(audit).toMatchObject([{ account_name: 'operator', details: { incident: code, kind: 'line-crossed' } }]);
  });

  it('is one: a second is refused and says which it is, and the same command is answered as before', async () => {
    const { status, body } = await centre.ask<{ code: string; details: unknown }>(
      'dispatcher',
      'POST',
      '/api/incidents',
      {
        ...centre.envelope(),
        ...wish(first),
      },
    );
    expect([status, body.code, body.details]).toMatchObject([409, 'alarm-has-incident', { incidentId }]);
    const second = await raise('tamper');
    const command = { ...wish(second), ...centre.envelope() };
    const answers = [
      await centre.ask('operator', 'POST', '/api/incidents', command),
      await centre.ask('operator', 'POST', '/api/incidents', command),
    ];
    expect(answers[1]).toEqual(answers[0]);
    expect(await centre.send('operator', '/api/incidents', wish(randomUUID()))).toBe('alarm-unknown');
    expect((await centre.get<unknown[]>('auditor', '/api/incidents')).length).toBe(2);
  });

  it('takes in further alarms, also one that somebody had acknowledged, and hands them on in a merge', async () => {
    const third = await raise('motion');
    await centre.ask('supervisor', 'POST', `/api/alarms/${third}/acknowledge`, { note: 'voy' });
    const intake = `/api/incidents/${incidentId}/intake`;
    expect(await centre.send('auditor', intake, { kind: 'linkAlarm', alarmId: third })).toBe('permission-missing');
    await centre.do('operator', intake, { kind: 'linkAlarm', alarmId: third });
    expect((await centre.do('operator', intake, { kind: 'linkAlarm', alarmId: third })).seq).toBeNull();
    expect(await alarm(third)).toMatchObject({
      incident: { id: incidentId },
      acknowledgedBy: 'supervisor',
      note: 'voy',
    });
    const survivorId = await centre.open('dispatcher');
    await centre.do('dispatcher', `/api/incidents/${incidentId}/dispatch`, { kind: 'merge', survivorId });
    const { alarms } = await centre.get<IncidentDetail>('dispatcher', `/api/incidents/${survivorId}`);
    expect(alarms.map(({ alarmId }) => alarmId)).toEqual([first, third]);
  });

  it('is not made when the incident is refused: the alarm goes on waiting', async () => {
    const fourth = await raise('signal-lost');
    const far = { ...AT_PLAZA, point: { latitudeDeg: 4, longitudeDeg: 4 } };
    expect(await centre.send('operator', '/api/incidents', { ...wish(fourth), place: far })).toBe(
      'place-outside-province',
    );
    expect(await alarm(fourth)).toMatchObject({ incident: null, acknowledgedAtMs: null });
  });
});

describe('a crew', () => {
  const own = (who = 'patrol') => centre.ask<OwnIncidentView & { code: string }>(who, 'GET', '/api/units/own/incident');
  const call = {
    id: randomUUID(),
    channel: 'TEL_LOCAL',
    receivedAtMs: 0,
    callerName: 'Rosa Quispe',
    callerPhone: '953123456',
    callerAddress: 'Jr. Callao 12',
  };
  const place = { point: PLAZA, sectorId: null, address: 'Jr. Callao 12', reference: 'puerta verde' };
  let unitId: string;
  let incidentId: string;

  it('reads what its own unit attends, with the door and without who called, and nothing else', async () => {
    expect((await own()).body.code).toBe('no-own-unit');
    unitId = await centre.unit('supervisor', centre.accounts.get('patrol')!.id);
    expect((await own()).body).toEqual({ unitId, incident: null });
    incidentId = await centre.open('dispatcher', {
      typeCode: 'VIF-01',
      place,
      call: { ...call, receivedAtMs: test.clock.nowMs() - 1_000 },
      narrative: { id: randomUUID(), text: 'Se oyen gritos' },
    });
    await assign();
    const { incident } = (await own()).body;
    expect(incident).toMatchObject({
      id: incidentId,
      place,
      narratives: [{ text: 'Se oyen gritos' }],
      calls: [{ callerName: 'Rosa Quispe', callerPhone: null, callerAddress: 'Jr. Callao 12' }],
      hidden: ['callerPhone'],
      cameraIds: [],
    });
    const timeline = await centre.get<TimelineEntry[]>('patrol', '/api/units/own/incident/timeline');
    expect(JSON.stringify(timeline)).toContain('Se oyen gritos');
    expect(JSON.stringify(timeline)).not.toContain('953123456');
    expect((await centre.ask('patrol', 'GET', `/api/incidents/${incidentId}`)).status).toBe(403);
  });

  it('alone: no other role is let in by this way, and it ends with the assignment', async () => {
    for (const role of ROLES.filter((one) => one !== 'patrol')) {
      const { status, body } = await own(role);
      expect([role, status, body.code]).toEqual(
        allows(role, 'unit:report') ? [role, 409, 'no-own-unit'] : [role, 403, 'permission-missing'],
      );
    }
    await centre.do('dispatcher', `/api/incidents/${incidentId}/dispatch`, {
      kind: 'withdraw',
      unitId,
      reason: 'otra',
    });
    expect((await own()).body.incident).toBeNull();
    expect(await centre.get('patrol', '/api/units/own/incident/timeline')).toEqual([]);
  });

  it('of a masked incident is seen to a block by who may not know the place, and exactly when it cries for help', async () => {
    const at = destination(PLAZA, 80, 333);
    const page: Socket<ServerEvents, ClientEvents> = io(test.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: centre.cookieOf('operator') },
    });
    const batches: PositionBatch[] = [];
    page.on('positions:moved', (batch) => batches.push(batch));
    await page.emitWithAck('topic:subscribe', { topic: 'units' });
    await assign();
    await move(at, 2);
    const seen = async (who: string): Promise<string[]> => {
      const live = await centre.get<LivePositionView[]>(who, '/api/positions');
      const unit = await centre.get<UnitView>(who, `/api/units/${unitId}`);
      const points = [live.find((one) => one.unitId === unitId)!.position.point, unit.position!.point];
      return points.map(({ latitudeDeg }) => latitudeDeg.toFixed(6));
    };
    const exact = at.latitudeDeg.toFixed(6);
    const block = at.latitudeDeg.toFixed(3);
    expect(await seen('dispatcher')).toEqual([exact, exact]);
    for (const role of ['operator', 'supervisor', 'civil-defence', 'auditor'])
      expect([role, await seen(role)]).toEqual([role, [`${block}000`, `${block}000`]]);
    const last = () => batches.at(-1)?.rows.find(([id]) => id === unitId)?.[1];
    await eventually(() => last() === Number(block));
    await centre.do('dispatcher', `/api/units/${unitId}/duty`, { kind: 'raiseSos', point: at });
    await eventually(async () => (await seen('operator'))[0] === exact);
    await move(at, 1);
    await eventually(() => last() === Number(exact));
    page.close();
  });

  async function assign(): Promise<void> {
    const wish = { kind: 'assign', unitId, assignmentId: randomUUID(), overrideReason: 'la más cercana' };
    await centre.do('dispatcher', `/api/incidents/${incidentId}/dispatch`, wish);
    // The live board follows the ledger; its next read has the assignment.
    await eventually(
      async () => (await centre.get<UnitView>('dispatcher', `/api/units/${unitId}`)).attends?.incidentId === incidentId,
    );
  }

  async function move(point: typeof PLAZA, agoS: number): Promise<void> {
    const rest = { speedKmh: 0, bearingDeg: null, altitudeM: null, accuracyM: 5, batteryShare: null };
    const fix = { point, takenAtMs: test.clock.nowMs() - agoS * 1_000, ...rest, hdop: null, charging: null };
    const { taken } = await test.app.get(PositionsService, { strict: false }).take({ unitId, deviceId: null }, [fix]);
    expect(taken).toBe(1);
  }
});

describe('what a number has called about', () => {
  it('is written to the audit with who asked, not with the number, and is told so often an account, not a login', async () => {
    const phone = '953123456';
    const ask = (cookie: string) => test.call('GET', `/api/calls?phone=${phone}`, { cookie });
    const again = await test.cookieOf(centre.accounts.get('supervisor')!);
    expect((await ask(centre.cookieOf('supervisor'))).status).toBe(200);
    const audit = await test.dataSource.query(
      "SELECT account_name, details FROM audit_entry WHERE action = 'call:history'",
    );
    expect(audit).toEqual([{ account_name: 'supervisor', details: { phone: '•••456', calls: 0 } }]);
    for (let n = 1; n < 40; n++) await ask(n % 2 === 0 ? again : centre.cookieOf('supervisor'));
    const refused = await ask(again);
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    expect((await ask(centre.cookieOf('dispatcher'))).status).toBe(200);
  });
});
