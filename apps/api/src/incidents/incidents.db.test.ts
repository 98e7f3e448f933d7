import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  CallHistoryView,
  CommandAnswer,
  DuplicateView,
  ErrorBody,
  IncidentDetail,
  IncidentItem,
  IncidentTypeView,
  RecommendationView,
  TimelineEntry,
  UnitView,
} from '#libs/wire';
import { seedTypes } from '#libs/dispatch';
import { destination } from '#libs/geo';
import { ProtocolTexts1795567900000 } from '../../../../migrations/1795567900000-protocol-texts.ts';
import { seedCamera } from '../../testing/seed-cameras.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AT_PLAZA, PLAZA, TestCentre } from '../../testing/test-centre.ts';
import { PROJECTIONS } from '../ledger-inventory.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { checkRebuild } from '../ledger/rebuild.ts';

let test: TestApplication;
let centre: TestCentre;

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  for (const [name, role] of [
    ['ana', 'operator'],
    ['beto', 'dispatcher'],
    ['caro', 'dispatcher'],
    ['sara', 'supervisor'],
    ['pepe', 'patrol'],
  ] as const)
    await centre.hire(name, role);
});
afterAll(() => test.close());

const detail = (id: string, who = 'beto') => centre.get<IncidentDetail>(who, `/api/incidents/${id}`);
const timeline = (id: string, query = '', who = 'beto') =>
  centre.get<TimelineEntry[]>(who, `/api/incidents/${id}/timeline${query}`);
const act = (who: string, id: string, wish: object) => centre.send(who, `/api/incidents/${id}/dispatch`, wish);
const assign = (who: string, id: string, unitId: string, more: object = {}) =>
  act(who, id, { kind: 'assign', unitId, assignmentId: randomUUID(), ...more });
const call = (callerPhone: string | null, more: object = {}) => ({
  id: randomUUID(),
  channel: 'TEL_LOCAL',
  receivedAtMs: test.clock.nowMs() - 5_000,
  callerName: 'Rosa Quispe',
  callerPhone,
  ...more,
});

/** Rows of all that a command writes. A refusal is kept as the outcome of its command, so that is no part of it. */
const everything = () =>
  test.dataSource.query(`SELECT (SELECT json_agg(incident ORDER BY id) FROM incident) AS incidents,
    (SELECT count(*) FROM incident_call) AS calls, (SELECT json_agg(incident_code) FROM incident_code) AS codes,
    (SELECT json_agg(unit ORDER BY id) FROM unit) AS units, (SELECT count(*) FROM ledger_entry WHERE kind NOT LIKE 'ledger:%') AS entries`);

describe('an incident', () => {
  it('goes from the call to the close, with its clocks, its units and a timeline from the ledger', async () => {
    const id = await centre.open('ana', { call: call('953123456'), narrative: { id: randomUUID(), text: 'Ruidos' } });
    const unitId = await centre.unit('sara');
    expect(await assign('beto', id, unitId)).toMatchObject({ incidentId: id, unitId });
    for (const kind of ['acknowledgeAssignment', 'enRoute', 'arrive'])
      expect(await act('beto', id, { kind, unitId })).toMatchObject({ incidentId: id });
    expect(await act('beto', id, { kind: 'control' })).toMatchObject({ incidentId: id });
    await act('beto', id, { kind: 'clear', unitId });
    const open = await detail(id);
    expect(open).toMatchObject({ status: 'controlled', priority: 'P1', hidden: [], units: [] });
    expect(open.calls[0]).toMatchObject({ callerPhone: '+51953123456' });
    expect(open.names).toMatchObject({ [centre.accounts.get('ana')!.id]: 'ana' });
    await act('beto', id, { kind: 'close', disposition: 'attended' });
    const closed = await detail(id);
    expect(closed.life).toMatchObject({ kind: 'closed', disposition: 'attended' });
    const lines = await timeline(id);
    expect(lines.map(({ event }) => event.kind)).toEqual([
      'incident:opened',
      'incident:callAdded',
      'incident:classified',
      'incident:narrated',
      'assignment:made',
      'assignment:advanced',
      'assignment:advanced',
      'assignment:advanced',
      'incident:controlled',
      'assignment:ended',
      'incident:closed',
    ]);
    expect(lines.at(-1)).toMatchObject({ byName: 'beto', seq: closed.revision });
    const page = await timeline(id, `?after=${lines[3]!.seq}&limit=2`);
    expect(page).toEqual(lines.slice(4, 6));
  });

  it('gets the next code of the year, without gaps though some are refused', async () => {
    const codes: string[] = [];
    const open = (place: object) => ({ incidentId: randomUUID(), channel: 'RADIO', typeCode: 'ORD-01', place });
    const lima = { ...AT_PLAZA, point: { latitudeDeg: -12.05, longitudeDeg: -77.04 } };
    for (const place of [AT_PLAZA, lima, AT_PLAZA]) {
      const answer = await centre.send('ana', '/api/incidents', open(place));
      codes.push(typeof answer === 'string' ? answer : answer.code!);
    }
    const [first, refused, second] = codes;
    expect(refused).toBe('place-outside-province');
    expect(first).toMatch(/^\d{4}-\d{6}$/);
    expect(Number(second!.slice(5))).toBe(Number(first!.slice(5)) + 1);
  });

  it('is one when the same command comes twice, and another when its words differ', async () => {
    const wish = { ...centre.envelope(), incidentId: randomUUID(), channel: 'RADIO', place: AT_PLAZA };
    const send = (body: object) => centre.ask<CommandAnswer>('ana', 'POST', '/api/incidents', body);
    const [one, two] = await Promise.all([send(wish), send({ ...wish, sentAtMs: wish.sentAtMs + 900 })]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(two.body).toEqual(one.body);
    const upper = { ...wish, commandId: wish.commandId.toUpperCase(), incidentId: wish.incidentId.toUpperCase() };
    expect((await send(upper)).body).toEqual(one.body);
    const other = await centre.ask('ana', 'POST', '/api/incidents', { ...wish, channel: 'PNP' });
    expect([other.status, other.body.code]).toEqual([409, 'command-id-reused']);
  });

  it('is refused with a code and leaves nothing half-written when the input is bad', async () => {
    const hour = 3_600_000;
    const lima = { ...AT_PLAZA, point: { latitudeDeg: -12.046, longitudeDeg: -77.043 } };
    const narrative = (text: string) => ({ narrative: { id: randomUUID(), text } });
    const bad: [what: string, wish: object, status: number, code: string, issue?: string][] = [
      ['a place outside the province', { place: lima }, 400, 'place-outside-province'],
      ['no place in a place', { place: { ...AT_PLAZA, point: null } }, 400, 'place-empty'],
      [
        'a place off the earth',
        { place: { ...AT_PLAZA, point: { latitudeDeg: 91, longitudeDeg: 0 } } },
        400,
        'input-invalid',
      ],
      ['a phone that is not one', { call: call('12') }, 400, 'input-invalid', 'phone-malformed'],
      ['words for a phone', { call: call("1' OR '1'='1") }, 400, 'input-invalid', 'phone-malformed'],
      ['a megabyte of narration', narrative('x'.repeat(1_000_000)), 413, 'body-too-large'],
      ['too long a narration', narrative('x'.repeat(5_000)), 400, 'input-invalid'],
      ['a narration of nothing', narrative(' \u200e\n '), 400, 'input-invalid'],
      ['a clock an hour behind', { sentAtMs: test.clock.nowMs() - hour }, 400, 'client-clock-off'],
      ['a clock an hour ahead', { sentAtMs: test.clock.nowMs() + hour }, 400, 'client-clock-off'],
      ['a clock that was never set', { sentAtMs: 0 }, 400, 'client-clock-off'],
      ['a call before the telephone', { call: call(null, { receivedAtMs: 5 }) }, 400, 'time-too-old'],
      [
        'a call that is yet to come',
        { call: call(null, { receivedAtMs: test.clock.nowMs() + hour }) },
        400,
        'time-in-future',
      ],
      ['a type that is none', { typeCode: 'ZZZ-99' }, 400, 'type-unknown'],
      ['another priority without a word', { priority: 'P4' }, 400, 'priority-needs-reason'],
      ['an id that is none', { incidentId: "x'; DROP TABLE incident; --" }, 400, 'input-invalid'],
      ['no command id', { commandId: undefined }, 400, 'input-invalid'],
    ];
    const before = await everything();
    for (const [what, wish, status, code, issue = ''] of bad) {
      const body = { ...centre.envelope(), incidentId: randomUUID(), channel: 'RADIO', typeCode: 'ORD-01', ...wish };
      const answer = await centre.ask('ana', 'POST', '/api/incidents', body);
      expect([what, answer.status, answer.body.code]).toEqual([what, status, code]);
      expect(JSON.stringify(answer.body)).toContain(issue);
    }
    expect(await everything()).toEqual(before);
  });

  it('keeps a script and half a character as the text that they are', async () => {
    const text = '<script>alert(1)</script> \ud83d tal cual';
    const callerName = '"><img src=x onerror=alert(1)>';
    const id = await centre.open('ana', {
      narrative: { id: randomUUID(), text },
      call: call('953123456', { callerName }),
    });
    const { narratives, calls } = await detail(id);
    expect(narratives[0]!.text).toBe('<script>alert(1)</script> \ufffd tal cual');
    expect(calls[0]!.callerName).toBe(callerName);
    // Whoever opens the answer itself is shown text, not a page.
    const { headers } = await test.call('GET', `/api/incidents/${id}`, { cookie: centre.cookieOf('beto') });
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual([
      'application/json; charset=utf-8',
      'nosniff',
    ]);
  });

  it('takes another in with its calls and its units, and both timelines tell it', async () => {
    const [survivor, merged] = [await centre.open('ana'), await centre.open('ana', { call: call('953000111') })];
    const unitId = await centre.unit('sara');
    await assign('beto', merged, unitId);
    expect(await act('beto', merged, { kind: 'merge', survivorId: survivor })).toBe('merge-moves-units');
    await act('beto', merged, { kind: 'merge', survivorId: survivor, moveUnits: true });
    const after = await detail(survivor);
    expect(after).toMatchObject({ absorbedIds: [merged], units: [{ unitId, phase: 'assigned' }] });
    expect((await timeline(survivor)).at(-1)).toMatchObject({
      seq: after.revision,
      event: { kind: 'incident:merged' },
    });
    expect((await timeline(merged)).at(-1)).toMatchObject({ seq: after.revision });
    expect(await centre.get<UnitView>('beto', `/api/units/${unitId}`)).toMatchObject({
      attends: { incidentId: survivor },
    });
    expect(await act('beto', merged, { kind: 'control' })).toBe('incident-merged');
  });
});

describe('two operators at once', () => {
  it('get one winner and one clear refusal for the same unit', async () => {
    for (let round = 0; round < 5; round++) {
      const unitId = await centre.unit('sara');
      const ids = [await centre.open('ana'), await centre.open('ana')];
      const answers = await Promise.all([assign('beto', ids[0]!, unitId), assign('caro', ids[1]!, unitId)]);
      const refused = answers.filter((answer) => typeof answer === 'string');
      expect(refused).toEqual(['unit-busy']);
      const attended = ids[answers.findIndex((answer) => typeof answer !== 'string')];
      expect(await centre.get<UnitView>('beto', `/api/units/${unitId}`)).toMatchObject({
        attends: { incidentId: attended },
      });
    }
  });

  it('get one opening of the same incident', async () => {
    const wish = { incidentId: randomUUID(), channel: 'RADIO', place: AT_PLAZA };
    const both = await Promise.all(['ana', 'beto'].map((who) => centre.send(who, '/api/incidents', wish)));
    expect(both.filter((answer) => answer === 'incident-exists')).toHaveLength(1);
  });
});

describe('reading', () => {
  it('offers what may be the same thing and what a caller reported before', async () => {
    const point = destination(PLAZA, 90, 2_000);
    const phone = '953777888';
    const id = await centre.open('ana', { place: { ...AT_PLAZA, point }, call: call(phone) });
    const near = destination(point, 0, 100);
    const path = `/api/incidents/duplicates?latitudeDeg=${near.latitudeDeg}&longitudeDeg=${near.longitudeDeg}`;
    const found = await centre.get<DuplicateView[]>('ana', `${path}&typeCode=ORD-02`);
    expect(found).toMatchObject([{ incidentId: id, code: (await detail(id)).code }]);
    expect(found[0]!.distanceM).toBeCloseTo(100, 0);
    expect(await centre.get('ana', `${path}&typeCode=PAT-01`)).toEqual([]);
    expect(await centre.get('ana', `${path}&exceptId=${id}`)).toEqual([]);
    await act('beto', id, { kind: 'dismiss', cause: 'nuisance-call' });
    expect(await centre.get<CallHistoryView>('ana', `/api/calls?phone=${phone}`)).toMatchObject({
      phone: `+51${phone}`,
      calls: [{ incidentId: id, typeCode: 'ORD-01', falseCall: true }],
    });
  });

  it('lists what is live, what is over, and by code', async () => {
    const [live, over] = [await centre.open('ana'), await centre.open('ana')];
    await act('beto', over, { kind: 'dismiss', cause: 'test' });
    const ids = async (query: string) =>
      (await centre.get<IncidentItem[]>('ana', `/api/incidents${query}`)).map(({ id }) => id);
    expect(await ids('')).toContain(live);
    expect(await ids('')).not.toContain(over);
    expect(await ids('?life=over')).toContain(over);
    expect(await ids(`?life=all&code=${(await detail(over)).code}`)).toEqual([over]);
    expect(await ids('?limit=1')).toHaveLength(1);
  });

  it('names the cameras that cover the place, the nearest first', async () => {
    const point = destination(PLAZA, 180, 3_000);
    const aimed = { fieldOfViewDeg: 60, rangeM: 200, bearingDeg: 0 };
    const far = await seedCamera(test, 'C-91', { ...destination(point, 180, 150), ...aimed });
    const near = await seedCamera(test, 'C-92', { ...destination(point, 180, 50), ...aimed });
    await seedCamera(test, 'C-93', { ...destination(point, 180, 60), ...aimed, bearingDeg: 180 });
    const id = await centre.open('ana', { place: { ...AT_PLAZA, point }, cameraId: near.id, channel: 'CAMARA' });
    expect(await detail(id)).toMatchObject({ cameraId: near.id, cameraIds: [near.id, far.id] });
  });

  it('recommends nobody whose place is not known, and says so', async () => {
    const id = await centre.open('ana');
    await centre.unit('sara');
    const { units, excluded } = await centre.get<RecommendationView>('beto', `/api/incidents/${id}/recommendation`);
    expect(units).toEqual([]);
    expect(excluded['unit-without-fix']).toBeGreaterThan(0);
    const none = await centre.ask('beto', 'GET', `/api/incidents/${randomUUID()}/recommendation`);
    expect([none.status, none.body.code]).toEqual([404, 'incident-unknown']);
  });
});

describe('units', () => {
  it('are registered, changed, put on duty and retired by those who may; a call sign is one unit’s', async () => {
    const unitId = await centre.unit('sara');
    const { callSign } = await centre.get<UnitView>('ana', `/api/units/${unitId}`);
    const profile = {
      callSign: callSign.toUpperCase(),
      kind: 'MOT',
      vehicle: null,
      equipment: [],
      sectorId: null,
      checkInEveryMs: null,
    };
    expect(await centre.send('sara', '/api/units', { unitId: randomUUID(), profile })).toBe('call-sign-taken');
    expect(await centre.send('beto', '/api/units', { unitId: randomUUID(), profile })).toBe('permission-missing');
    await centre.do('sara', `/api/units/${unitId}`, { profile }, 'PUT');
    expect(await centre.send('sara', `/api/units/${unitId}/retire`, { reason: 'Baja' })).toBe('unit-on-duty');
    await centre.do('beto', `/api/units/${unitId}/duty`, { kind: 'endDuty', endKm: null });
    await centre.do('sara', `/api/units/${unitId}/retire`, { reason: 'Baja' });
    expect((await centre.get<UnitView[]>('ana', '/api/units')).some(({ id }) => id === unitId)).toBe(false);
  });

  it('let a person be in one crew', async () => {
    const staffId = randomUUID();
    await centre.unit('sara', staffId);
    await expect(centre.unit('sara', staffId)).rejects.toThrow('crew-on-another-unit');
  });

  it('report for themselves, of what they attend alone', async () => {
    const report = (wish: object) => centre.send('pepe', '/api/units/own/report', wish);
    expect(await report({ kind: 'checkIn' })).toBe('no-own-unit');
    const unitId = await centre.unit('sara', centre.accounts.get('pepe')!.id);
    const [id, other] = [await centre.open('ana'), await centre.open('ana')];
    await assign('beto', id, unitId);
    expect(await report({ kind: 'arrive', incidentId: id })).toMatchObject({ incidentId: id, unitId });
    const text = { narrativeId: randomUUID(), text: 'Sin novedad' };
    expect(await report({ kind: 'addNarrative', incidentId: other, ...text })).toBe('assignment-unknown');
    expect(await report({ kind: 'addNarrative', incidentId: id, ...text })).toMatchObject({ incidentId: id });
    expect(await report({ kind: 'raiseSos', point: PLAZA })).toMatchObject({ unitId });
    expect(await centre.get<UnitView>('ana', `/api/units/${unitId}`)).toMatchObject({
      status: 'on-scene',
      sos: { point: PLAZA },
    });
  });
});

describe('the catalogue', () => {
  it('was seeded with what the lib has, is edited with a trace, and never loses a row', async () => {
    const types = await centre.get<IncidentTypeView[]>('ana', '/api/incident-types');
    expect(types.map(({ id: _id, protocol: _protocol, ...type }) => type)).toEqual(seedTypes());
    const protocolOf = (code: string): string => types.find((type) => type.code === code)!.protocol;
    expect(protocolOf('VIF-01').split('\n')).toEqual([
      expect.stringContaining('Línea 100'),
      expect.stringMatching(/^Reserva:/),
    ]);
    expect(protocolOf('PAT-02')).toMatch(/placa.*\n.*PNP.*\nVideo:/);
    expect([protocolOf('ORD-03'), Math.max(...types.map(({ protocol }) => protocol.length)) < 500]).toEqual(['', true]);
    const change = (who: string, body: object) =>
      centre.ask<IncidentTypeView & ErrorBody>(who, 'PATCH', '/api/incident-types/SER-07', body);
    expect((await change('beto', { enabled: true })).status).toBe(403);
    expect((await change('sara', { enabled: true, words: ['lente'] })).body).toMatchObject({
      enabled: true,
      words: ['lente'],
    });
    expect((await change('sara', { enabled: true })).body.code).toBe('nothing-to-change');
    const runner = test.dataSource.createQueryRunner();
    await runner.query("UPDATE incident_type SET protocol = 'Lo que escribió la jefatura' WHERE code = 'PAT-02'");
    await new ProtocolTexts1795567900000().up(runner).finally(() => runner.release());
    const again = await centre.get<IncidentTypeView[]>('ana', '/api/incident-types');
    expect(again.find(({ code }) => code === 'PAT-02')!.protocol).toBe('Lo que escribió la jefatura');
    const audit = await test.dataSource.query("SELECT details FROM audit_entry WHERE action = 'incident-type:change'");
    expect(audit).toEqual([{ details: { enabled: true, words: ['lente'] } }]);
    await expect(test.dataSource.query("DELETE FROM incident_type WHERE code = 'SER-07'")).rejects.toThrow(
      'not removed',
    );
    await centre.open('ana', { typeCode: 'SER-07' });
  });
});

describe('the tables', () => {
  it('say what a rebuild from the ledger says', async () => {
    const report = await checkRebuild(test.dataSource, new LedgerStore(test.dataSource), PROJECTIONS);
    expect(report.projections).toEqual(['dispatch', 'shifts'].map((name) => ({ name, differences: [] })));
    expect(report.events).toBeGreaterThan(50);
  });
});
