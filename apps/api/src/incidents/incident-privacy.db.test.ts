import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { ROLES, allows, type Role } from '#libs/access';
import { destination } from '#libs/geo';
import type {
  CallHistoryView,
  ClientEvents,
  FollowLedgerAnswer,
  IncidentDetail,
  IncidentItem,
  LedgerAppended,
  ServerEvents,
  SubscribeAnswer,
  TopicChange,
} from '#libs/wire';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { PLAZA, TestCentre } from '../../testing/test-centre.ts';

type Page = Socket<ServerEvents, ClientEvents>;

/** Words that stand nowhere else: whoever is sent one of them was told who it is, where, or what. */
const MARKS = {
  name: 'Zorayda',
  address: 'Pasaje Quimsacocha',
  reference: 'portonverde',
  narrative: 'golpes-marca',
  phone: '953111222',
  reason: 'menor-marca',
};
const POINT = destination(PLAZA, 37, 1_234);
/** As it is written in JSON, to the metre: a block has three decimals. */
const POINT_MARK = String(POINT.latitudeDeg).slice(0, 9);
const PLACE = { point: POINT, sectorId: null, address: `${MARKS.address} 12`, reference: MARKS.reference };

let test: TestApplication;
let centre: TestCentre;
/** A masked type while it is open; and when it is closed. */
let live: string;
let over: string;
const pages = new Map<Role, Page>();
/** Everything that a role's open page was ever sent. */
const sent = new Map<Role, unknown[]>();

async function register(): Promise<string> {
  return centre.open('dispatcher', {
    typeCode: 'VIF-01',
    place: PLACE,
    call: {
      id: randomUUID(),
      channel: 'TEL_LOCAL',
      receivedAtMs: test.clock.nowMs() - 1_000,
      callerName: `${MARKS.name} Flores`,
      callerPhone: MARKS.phone,
      callerAddress: `${MARKS.address} 14`,
      callerPoint: POINT,
    },
    narrative: { id: randomUUID(), text: `Se oyen ${MARKS.narrative}` },
  });
}

async function openPage(role: Role): Promise<void> {
  const page: Page = io(test.url, {
    transports: ['websocket'],
    extraHeaders: { cookie: centre.cookieOf(role) },
    reconnection: false,
  });
  pages.set(role, page);
  const heard: unknown[] = [];
  sent.set(role, heard);
  page.on('topic:changed', (change: TopicChange) => heard.push(change));
  page.on('ledger:appended', (appended: LedgerAppended) => heard.push(appended));
  await new Promise<void>((resolve) => page.on('connect', resolve));
  heard.push(await subscribe(page));
  heard.push(await new Promise<FollowLedgerAnswer>((resolve) => page.emit('ledger:follow', { after: 0 }, resolve)));
}

const subscribe = (page: Page): Promise<SubscribeAnswer> =>
  new Promise((resolve) => page.emit('topic:subscribe', { topic: 'incidents' }, resolve));

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  for (const role of ROLES) await centre.hire(role, role);
  [live, over] = [await register(), await register()];
  await centre.do('dispatcher', `/api/incidents/${over}/dispatch`, {
    kind: 'refer',
    referralId: randomUUID(),
    agency: 'CEM',
    note: MARKS.reason,
  });
  await centre.do('dispatcher', `/api/incidents/${over}/dispatch`, {
    kind: 'dismiss',
    cause: 'not-located',
    note: MARKS.reason,
  });
  for (const role of ROLES) await openPage(role);
  await centre.do('dispatcher', `/api/incidents/${live}/intake`, {
    kind: 'relocate',
    place: { ...PLACE, address: `${MARKS.address} 16` },
  });
  await eventually(() => JSON.stringify(sent.get('dispatcher')).includes(`${MARKS.address} 16`));
});
afterAll(async () => {
  for (const page of pages.values()) page.close();
  await test.close();
});

/** Marks that stand in what was answered. */
function leaks(answer: unknown): string[] {
  const text = JSON.stringify(answer);
  return [...Object.values(MARKS), POINT_MARK].filter((mark) => text.includes(mark));
}

const READS = (id: string): string[] => [
  '/api/incidents?life=all',
  `/api/incidents/${id}`,
  `/api/incidents/${id}/timeline`,
  `/api/incidents/${id}/recommendation`,
  `/api/incidents/duplicates?latitudeDeg=${PLAZA.latitudeDeg}&longitudeDeg=${PLAZA.longitudeDeg}`,
  '/api/units',
  '/api/ledger?limit=200',
  '/api/audit?limit=200',
];

describe('what a mask hides', () => {
  it.each(ROLES.filter((role) => role !== 'dispatcher'))(
    'is sent to no %s, by no route and no socket',
    async (role) => {
      for (const id of [live, over])
        for (const path of READS(id)) {
          const { status, body } = await centre.ask<unknown>(role, 'GET', path);
          expect([path, [200, 403]]).toEqual([path, expect.arrayContaining([status])]);
          expect([path, leaks(body)]).toEqual([path, []]);
        }
      expect(leaks(sent.get(role))).toEqual([]);
      expect(leaks(await subscribe(pages.get(role)!))).toEqual([]);
    },
  );

  it('is seen by the dispatcher while it is open, and by nobody in the ledger or once it is over', async () => {
    const seen = await centre.get<IncidentDetail>('dispatcher', `/api/incidents/${live}`);
    expect(seen).toMatchObject({ hidden: [], place: { address: `${MARKS.address} 16` } });
    expect(leaks(seen)).toEqual(expect.arrayContaining([MARKS.name, MARKS.narrative, POINT_MARK]));
    expect(leaks(await centre.get('dispatcher', `/api/incidents/${live}/timeline`))).toContain(MARKS.narrative);
    expect(leaks(await centre.get('dispatcher', `/api/incidents/${over}`))).toEqual([]);
    expect(leaks(await centre.get('dispatcher', `/api/incidents/${over}/timeline`))).toEqual([]);
    const appended = sent.get('dispatcher')!.filter((one) => JSON.stringify(one).includes('"events"'));
    expect(appended.length).toBeGreaterThan(0);
    expect(leaks(appended)).toEqual([]);
  });

  it('does not come back by the phone of who called', async () => {
    const calls = async (role: Role) =>
      (await centre.get<CallHistoryView>(role, `/api/calls?phone=${MARKS.phone}`)).calls.map(
        ({ incidentId }) => incidentId,
      );
    expect(await calls('dispatcher')).toEqual([live]);
    for (const role of ROLES.filter((one) => allows(one, 'incident:take') && one !== 'dispatcher'))
      expect([role, await calls(role)]).toEqual([role, []]);
  });

  it('is shown as initials and a block to who takes calls, and in full to the operator who wrote it down', async () => {
    const masked = await centre.get<IncidentDetail>('operator', `/api/incidents/${live}`);
    expect(masked).toMatchObject({
      masked: true,
      place: { address: '' },
      calls: [{ callerName: 'Z. F.', callerPhone: null }],
    });
    expect(masked.cameraIds).toEqual([]);
    const own = await centre.open('operator', { typeCode: 'VIF-01', place: PLACE });
    expect(await centre.get<IncidentDetail>('operator', `/api/incidents/${own}`)).toMatchObject({
      hidden: [],
      place: PLACE,
    });
  });
});

describe('unmasking', () => {
  const unmask = (role: Role, body: object) =>
    centre.ask<IncidentDetail & { code: string }>(role, 'POST', `/api/incidents/${over}/unmask`, {
      ...centre.envelope(),
      ...body,
    });

  it('is for those who may, with a reason', async () => {
    expect((await unmask('dispatcher', { reason: 'Quiero ver' })).body.code).toBe('permission-missing');
    expect((await unmask('supervisor', { reason: '' })).body.code).toBe('input-invalid');
    expect((await unmask('supervisor', { reason: 'Quiero ver', forMs: 90 * 60_000 })).body.code).toBe('input-invalid');
  });

  it('shows one person all of it for so long, leaves its trace in the ledger and the audit, and ends', async () => {
    const shown = await unmask('supervisor', { reason: 'Pedido de la fiscalía', forMs: 60_000 });
    expect(shown).toMatchObject({ status: 200, body: { hidden: [], place: PLACE } });
    expect(leaks(await centre.get('administrator', `/api/incidents/${over}`))).toEqual([]);
    const timeline = JSON.stringify(await centre.get('supervisor', `/api/incidents/${over}/timeline`));
    expect(timeline).toContain('incident:unmasked');
    expect(timeline).toContain('Pedido de la fiscalía');
    const audit = await test.dataSource.query(
      "SELECT account_name, object_id, details FROM audit_entry WHERE action = 'incident:unmask'",
    );
    expect(audit).toEqual([
      { account_name: 'supervisor', object_id: over, details: { reason: 'Pedido de la fiscalía', forMs: 60_000 } },
    ]);
    test.clock.forward(60_001);
    expect(leaks(await centre.get('supervisor', `/api/incidents/${over}`))).toEqual([]);
  });

  it('changes what the person’s open page shows, and only theirs, and hides it again by itself', async () => {
    const lastOf = (role: Role): IncidentItem | undefined =>
      sent
        .get(role)!
        .flatMap((one) => ('item' in (one as object) ? [(one as { item: IncidentItem }).item] : []))
        .findLast(({ id }) => id === live);
    await centre.ask('supervisor', 'POST', `/api/incidents/${live}/unmask`, {
      ...centre.envelope(),
      reason: 'Apoyo',
      forMs: 30_000,
    });
    await eventually(() => lastOf('supervisor')?.place?.address === `${MARKS.address} 16`);
    await eventually(() => (lastOf('administrator')?.revision ?? 0) === lastOf('supervisor')!.revision);
    expect(leaks(sent.get('administrator'))).toEqual([]);
    test.clock.forward(30_001);
    await eventually(() => lastOf('supervisor')?.place?.address === '', 3_000);
  });
});
