import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, DispatchAlarmView, ServerEvents, SubscribeAnswer, Topic, TopicItems } from '#libs/wire';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { TestCentre } from '../../testing/test-centre.ts';
import { AlarmWatch } from './alarm-watch.ts';
import { LiveBoard } from './live-board.ts';

let test: TestApplication;
let centre: TestCentre;
let page: Socket<ServerEvents, ClientEvents>;
/** What a page has put together from snapshot and changes, by topic and id. */
const shown = new Map<string, unknown>();

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('beto', 'dispatcher');
  await centre.hire('sara', 'supervisor');
  page = io(test.url, { transports: ['websocket'], extraHeaders: { cookie: centre.cookieOf('beto') } });
  page.on('topic:changed', (change) => {
    if (change.kind === 'removed') shown.delete(`${change.topic}/${change.id}`);
    else shown.set(`${change.topic}/${change.item.id}`, change.item);
  });
  await new Promise<void>((resolve) => page.on('connect', resolve));
  for (const topic of ['incidents', 'units', 'incidentTypes', 'dispatchAlarms'] as const)
    for (const item of await subscribe(topic)) shown.set(`${topic}/${item.id}`, item);
});
afterAll(async () => {
  page.close();
  await test.close();
});

async function subscribe(topic: Topic): Promise<readonly { readonly id: string }[]> {
  const answer = await new Promise<SubscribeAnswer>((resolve) => page.emit('topic:subscribe', { topic }, resolve));
  if (!answer.ok) throw new Error(answer.code);
  return answer.snapshot.items;
}

function item<T extends Topic>(topic: T, id: string): TopicItems[T] | undefined {
  return shown.get(`${topic}/${id}`) as TopicItems[T] | undefined;
}
const act = (id: string, wish: object) => centre.do('beto', `/api/incidents/${id}/dispatch`, wish);
const duty = (unitId: string, wish: object) => centre.do('beto', `/api/units/${unitId}/duty`, wish);

describe('topics', () => {
  it('show an incident and its unit as they go, and what is over no more', async () => {
    const id = await centre.open('beto');
    const unitId = await centre.unit('sara');
    await act(id, { kind: 'assign', unitId, assignmentId: randomUUID() });
    const { seq } = await act(id, { kind: 'arrive', unitId });
    await eventually(() => item('incidents', id)?.revision === seq);
    expect(item('incidents', id)).toMatchObject({
      status: 'on-scene',
      units: [{ unitId, callSign: unitId.slice(0, 8) }],
    });
    await eventually(() => item('units', unitId)?.status === 'on-scene');
    await act(id, { kind: 'clear', unitId });
    await act(id, { kind: 'close', disposition: 'attended' });
    await eventually(() => item('incidents', id) === undefined && item('units', unitId)?.attends === null);
    await act(id, { kind: 'reopen', reason: 'Volvieron' });
    await eventually(() => item('incidents', id)?.reopened === true);
  });

  it('show the units that a merge took along, and another call sign', async () => {
    const [merged, survivor] = [await centre.open('beto'), await centre.open('beto')];
    const unitId = await centre.unit('sara');
    await act(merged, { kind: 'assign', unitId, assignmentId: randomUUID() });
    await act(merged, { kind: 'merge', survivorId: survivor, moveUnits: true });
    await eventually(() => item('units', unitId)?.attends?.incidentId === survivor);
    await eventually(() => item('incidents', survivor)?.units[0]?.unitId === unitId);
    const profile = {
      callSign: 'Halcón 7',
      kind: 'MOV',
      vehicle: null,
      equipment: [],
      sectorId: null,
      checkInEveryMs: null,
    };
    await centre.do('sara', `/api/units/${unitId}`, { profile }, 'PUT');
    await eventually(() => item('incidents', survivor)?.units[0]?.callSign === 'Halcón 7');
  });

  it('show an edited type', async () => {
    await centre.ask('sara', 'PATCH', '/api/incident-types/PAT-01', { protocol: 'Pregunte por el arma.' });
    await eventually(() => item('incidentTypes', 'PAT-01')?.protocol === 'Pregunte por el arma.');
  });

  it('give a snapshot that equals what a page put together', async () => {
    for (const topic of ['incidents', 'units'] as const) {
      const ids = (await subscribe(topic)).map(({ id }) => `${topic}/${id}`);
      expect([...shown.keys()].filter((key) => key.startsWith(`${topic}/`)).sort()).toEqual(ids.sort());
    }
  });
});

describe('alarms', () => {
  const alarm = (id: string): DispatchAlarmView | undefined => item('dispatchAlarms', id);

  it('sound for a cry for help until it is resolved', async () => {
    const unitId = await centre.unit('sara');
    await duty(unitId, { kind: 'raiseSos', point: null });
    await eventually(() => alarm(`sos/${unitId}`) !== undefined, 900);
    expect(alarm(`sos/${unitId}`)).toMatchObject({ level: 'critical', acknowledged: false });
    await duty(unitId, { kind: 'acknowledgeSos' });
    await eventually(() => alarm(`sos/${unitId}`)?.acknowledged === true);
    await duty(unitId, { kind: 'resolveSos', outcome: 'Falsa activación' });
    await eventually(() => alarm(`sos/${unitId}`) === undefined);
  });

  it('sound for what nobody answers, are the same after a restart, and end when somebody does', async () => {
    const id = await centre.open('beto');
    const unitId = await centre.unit('sara');
    await act(id, { kind: 'assign', unitId, assignmentId: randomUUID() });
    const name = `unanswered-assignment/${unitId}`;
    test.clock.forward(31_000);
    await eventually(() => alarm(name)?.level === 'overdue', 3_000);
    test.clock.forward(5 * 60_000);
    await eventually(() => alarm(name)?.level === 'critical' && alarm(`incident-overdue/${id}`) !== undefined, 3_000);
    await act(id, { kind: 'acknowledgeAssignment', unitId });
    await eventually(() => alarm(name) === undefined);
    test.clock.forward(11 * 60_000);
    await eventually(() => alarm(`check-in-overdue/${unitId}`) !== undefined, 3_000);
    await duty(unitId, { kind: 'checkIn' });
    await eventually(() => alarm(`check-in-overdue/${unitId}`) === undefined);
    await expectSameAfterRestart();
  });

  /** A board and a watch that begin anew on the same database. */
  async function expectSameAfterRestart(): Promise<void> {
    const [board, watch] = [test.app.get(LiveBoard, { strict: false }), test.app.get(AlarmWatch, { strict: false })];
    watch.look();
    const before = (await subscribe('dispatchAlarms')).map(({ id }) => id).sort();
    expect(before.length).toBeGreaterThan(0);
    board.incidents.clear();
    board.units.clear();
    await board.load();
    watch.look();
    expect((await subscribe('dispatchAlarms')).map(({ id }) => id).sort()).toEqual(before);
  }
});
