import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShiftTable, DEFAULT_SHIFTS, addDays } from '#libs/shift';
import type { DutyView, ShiftCalendarView, ShiftView, StaffView } from '#libs/wire';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { TestCentre } from '../../testing/test-centre.ts';
import { PROJECTIONS } from '../ledger-inventory.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { checkRebuild } from '../ledger/rebuild.ts';

let test: TestApplication;
let centre: TestCentre;
let today: string;
const table = new ShiftTable(DEFAULT_SHIFTS);

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('sara', 'supervisor');
  await centre.hire('dina', 'dispatcher');
  await centre.hire('pablo', 'patrol');
  // Early in a morning shift, so that the hours to come are known.
  const nowMs = test.clock.nowMs();
  const start = table.from(table.dateOf(nowMs), 3).find(({ id, startMs }) => id.endsWith('manana') && startMs > nowMs)!;
  test.clock.forward(start.startMs + 60_000 - nowMs);
  today = start.date;
});
afterAll(() => test.close());

const idOf = (who: string): string => centre.accounts.get(who)!.id;
const shiftOf = async (id: string): Promise<ShiftView> => {
  const [date] = id.split('/');
  const list = await centre.get<ShiftView[]>('sara', `/api/shifts?from=${date}&days=1`);
  return list.find((one) => one.id === id)!;
};
const plan = (staffId: string, post = 'sereno', unitId: string | null = null) => ({ staffId, post, unitId });
const setRoster = async (id: string, entries: object[], more: object = {}) =>
  centre.send(
    'sara',
    `/api/shifts/${id}/roster`,
    { baseRevision: (await shiftOf(id)).revision, entries, ...more },
    'PUT',
  );

describe('the calendar', () => {
  it('has three shifts until somebody sets others, from a day on and by date', async () => {
    const before = await centre.get<ShiftView[]>('pablo', `/api/shifts?from=${today}&days=2`);
    expect(before.map(({ id }) => id)).toEqual(
      [today, addDays(today, 1)].flatMap((date) => ['manana', 'tarde', 'noche'].map((one) => `${date}/${one}`)),
    );
    expect(before[0]).toMatchObject({ running: true, revision: null, entries: [], endMs: before[1]!.startMs });
    const weekdays = [1, 2, 3, 4, 5, 6, 7];
    const date = addDays(today, 20);
    const patterns = [{ id: 'unico', name: 'Único', startMinute: 480, endMinute: 1_200, weekdays }];
    await centre.do('sara', `/api/shifts/calendar/exceptions/${date}`, { note: 'Aniversario', patterns }, 'PUT');
    const overlap = { note: '', patterns: [{ ...patterns[0]!, startMinute: 300 }] };
    expect(await centre.send('sara', `/api/shifts/calendar/exceptions/${date}`, overlap, 'PUT')).toBe('shift-overlaps');
    expect(await centre.send('dina', `/api/shifts/calendar/exceptions/${date}`, overlap, 'PUT')).toBe(
      'permission-missing',
    );
    const yesterday = { fromDate: addDays(today, -1), patterns };
    expect(await centre.send('sara', '/api/shifts/calendar/patterns', yesterday, 'PUT')).toBe('shift-date-past');
    await centre.do('sara', '/api/shifts/calendar/patterns', { fromDate: addDays(today, 60), patterns }, 'PUT');
    const calendar = await centre.get<ShiftCalendarView>('dina', '/api/shifts/calendar');
    expect(calendar).toMatchObject({ today, exceptions: [{ date, note: 'Aniversario' }] });
    expect(calendar.versions).toHaveLength(2);
    const after = await centre.get<ShiftView[]>('dina', `/api/shifts?from=${date}&days=1`);
    expect(after.map(({ name }) => name)).toEqual(['Único']);
  });
});

describe('rosters', () => {
  it('refuse who cannot work them, and tell two editors of each other', async () => {
    const [noon, night] = [`${addDays(today, 2)}/tarde`, `${addDays(today, 2)}/noche`];
    const stranger = randomUUID();
    expect(await setRoster(noon, [plan(stranger)])).toBe('staff-unknown');
    expect(await setRoster(noon, [plan(idOf('pablo'), 'driver', randomUUID())])).toBe('roster-unit-unknown');
    expect(await setRoster(noon, [plan(idOf('pablo')), plan(idOf('pablo'))])).toBe('roster-person-twice');
    expect(await setRoster(`${today}/ninguno`, []).catch(() => 'none')).toBe('none');
    expect(await setRoster(noon, [plan(idOf('pablo'))])).toMatchObject({ seq: expect.any(Number) });
    expect(await setRoster(night, [plan(idOf('pablo'))])).toBe('roster-rest-short');
    expect(await setRoster(night, [plan(idOf('pablo'))], { reason: 'sismo' })).toMatchObject({
      seq: expect.any(Number),
    });
    const stale = { baseRevision: null, entries: [] };
    expect(await centre.send('sara', `/api/shifts/${noon}/roster`, stale, 'PUT')).toBe('roster-changed');
    const weekdays = [1, 2, 3, 4, 5, 6, 7];
    const patterns = [{ id: 'x', name: 'X', startMinute: 480, endMinute: 1_200, weekdays }];
    const shut = { note: '', patterns };
    expect(await centre.send('sara', `/api/shifts/calendar/exceptions/${addDays(today, 2)}`, shut, 'PUT')).toBe(
      'shift-has-roster',
    );
  });

  it('keep absences with a stand-in and swaps, and why is for those who plan', async () => {
    const ana = (await centre.ask<StaffView>('sara', 'POST', '/api/staff', { name: 'Ana Rojas', phone: '953 111 222' }))
      .body;
    const beto = (await centre.ask<StaffView>('sara', 'POST', '/api/staff', { name: 'Beto Luna' })).body;
    expect(await centre.send('sara', '/api/staff', { name: 'ana rojas' })).toBe('staff-name-taken');
    const [one, other] = [`${addDays(today, 4)}/manana`, `${addDays(today, 6)}/noche`];
    await setRoster(one, [plan(ana.id, 'call-taker')]);
    await setRoster(other, [plan(beto.id, 'camera-operator')]);
    const swap = { shiftId: one, staffId: ana.id, otherShiftId: other, otherStaffId: beto.id };
    await centre.do('sara', '/api/shifts/swaps', swap);
    expect([(await shiftOf(one)).entries, (await shiftOf(other)).entries]).toMatchObject([
      [{ name: 'Beto Luna', post: 'call-taker' }],
      [{ name: 'Ana Rojas', post: 'camera-operator' }],
    ]);
    const absence = { staffId: beto.id, cause: 'sick', note: 'descanso médico', standInId: idOf('pablo') };
    await centre.do('sara', `/api/shifts/${one}/absences`, absence);
    expect(await centre.send('sara', `/api/shifts/${one}/absences`, absence)).toBe('roster-person-absent');
    expect((await shiftOf(one)).entries).toMatchObject([
      { absence: { cause: 'sick', note: 'descanso médico' } },
      { name: 'pablo', replaces: beto.id, post: 'call-taker' },
    ]);
    const [seen] = await centre.get<ShiftView[]>('dina', `/api/shifts?from=${addDays(today, 4)}&days=1`);
    expect(seen!.entries[0]!.absence).toMatchObject({ cause: null, note: '' });
    await centre.do('sara', `/api/shifts/${one}/absences/lift`, { staffId: beto.id });
    expect((await shiftOf(one)).entries[0]!.absence).toBeNull();
  });
});

describe('who is on duty', () => {
  const made = randomUUID();
  const assign = (incidentId: string, unitId: string, more: object = {}) =>
    centre.send('dina', `/api/incidents/${incidentId}/dispatch`, {
      kind: 'assign',
      assignmentId: randomUUID(),
      unitId,
      ...more,
    });

  it('is whoever signed on while nothing is planned, and whoever is on the roster once it is', async () => {
    const running = `${today}/manana`;
    const free = await centre.unit('sara', randomUUID());
    const planned = await centre.unit('sara', idOf('pablo'));
    const first = await centre.open('dina');
    expect(await assign(first, free, { assignmentId: made })).toMatchObject({ seq: expect.any(Number) });
    expect(await centre.get<DutyView>('dina', '/api/shifts/on-duty')).toMatchObject({ rostered: false, people: [] });

    expect(await setRoster(running, [plan(idOf('pablo'), 'driver', planned)])).toMatchObject({
      seq: expect.any(Number),
    });
    expect(await centre.get<DutyView>('dina', '/api/shifts/on-duty')).toMatchObject({
      shiftId: running,
      rostered: true,
      unitIds: [planned],
      people: [{ name: 'pablo' }],
    });
    const second = await centre.open('dina');
    expect(await assign(second, planned)).toMatchObject({ seq: expect.any(Number) });
    const idle = await centre.unit('sara', randomUUID()).then(
      () => 'signed on',
      (thrown: Error) => thrown.message,
    );
    expect(idle).toContain('crew-not-on-roster');
    // The first crew signed on before there was a roster: it is asked a reason for, and then goes.
    const third = await centre.open('dina');
    await centre.do('dina', `/api/incidents/${first}/dispatch`, {
      kind: 'withdraw',
      unitId: free,
      reason: 'otra urgencia',
    });
    test.clock.forward(20 * 60_000);
    expect(await assign(third, free)).toBe('unit-off-duty');
    expect(await assign(third, free, { overrideReason: 'única cerca' })).toMatchObject({ seq: expect.any(Number) });
  });

  it('begin and end with the kilometres, each for themselves or by radio', async () => {
    const running = `${today}/manana`;
    const own = `/api/shifts/${running}/own-attendance`;
    expect(await centre.send('dina', own, { kind: 'start' })).toBe('roster-person-unknown');
    await centre.do('pablo', own, { kind: 'start', km: 45_120 });
    expect(await centre.send('pablo', own, { kind: 'end', km: 45_119 })).toBe('attendance-km-backwards');
    const radio = { kind: 'end', km: 45_180.5, staffId: idOf('pablo') };
    await centre.do('dina', `/api/shifts/${running}/attendance`, radio);
    expect((await shiftOf(running)).entries[0]!.attendance).toMatchObject({ startKm: 45_120, endKm: 45_180.5 });
    const duty = await centre.get<DutyView>('dina', '/api/shifts/on-duty');
    expect(duty).toMatchObject({ rostered: true, unitIds: [], people: [] });
  });

  it('repeats are one, and clocks that are off are told', async () => {
    const shiftId = `${addDays(today, 8)}/tarde`;
    const body = { ...centre.envelope(), baseRevision: null, entries: [plan(idOf('dina'), 'dispatcher')] };
    const once = await centre.ask('sara', 'PUT', `/api/shifts/${shiftId}/roster`, body);
    const twice = await centre.ask('sara', 'PUT', `/api/shifts/${shiftId}/roster`, body);
    expect([once.status, twice]).toEqual([200, once]);
    const late = { baseRevision: null, entries: [], sentAtMs: test.clock.nowMs() - 86_400_000 };
    expect(await centre.send('sara', `/api/shifts/${shiftId}/roster`, late, 'PUT')).toBe('client-clock-off');
  });
});

it('calendar and rosters equal a rebuild from the ledger', async () => {
  const { projections, events } = await checkRebuild(
    test.dataSource,
    test.app.get(LedgerStore, { strict: false }),
    PROJECTIONS,
  );
  expect(events).toBeGreaterThan(15);
  expect(projections.find(({ name }) => name === 'shifts')).toEqual({ name: 'shifts', differences: [] });
});
