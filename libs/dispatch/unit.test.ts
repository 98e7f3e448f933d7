import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_DISPATCH_RULES as RULES,
  alarmsOf,
  checkInOf,
  findDuplicates,
  statusOf,
  unitStatusOf,
} from '#libs/dispatch';
import { AT_PLAZA, Desk, PLAZA, placeAt } from './testing/desk.ts';

const S = 1_000;
const MIN = 60 * S;

describe('sending a unit', () => {
  it('twice at once gives one winner and one clear refusal', () => {
    const desk = new Desk();
    const [one, two, unitId] = [desk.open('ORD-03'), desk.open('ORD-03'), desk.unit()];
    desk.assign(one, unitId);
    desk.by = 'beto';
    const second = desk.try({ kind: 'assign', incidentId: two, unitId, assignmentId: 'b' });
    expect(second).toMatchObject({ kind: 'conflict', code: 'unit-busy', details: { unitId, incidentId: one } });
    expect(desk.code({ kind: 'assign', incidentId: one, unitId, assignmentId: 'c' })).toBe('unit-already-assigned');
  });

  it('takes it from something less grave only when told to', () => {
    const desk = new Desk();
    const [noise, robbery, unitId] = [desk.open('ORD-03'), desk.open('PAT-02'), desk.unit()];
    desk.assign(noise, unitId);
    const take = { kind: 'assign', incidentId: robbery, unitId, assignmentId: 'b' } as const;
    expect(desk.try(take)).toMatchObject({ code: 'unit-busy', details: { mayPreempt: true } });
    desk.do({ ...take, preempt: true });
    expect(desk.incident(noise).assignments[0]?.end).toMatchObject({ cause: 'preempted' });
    expect(statusOf(desk.incident(noise))).toBe('classified');
    expect(desk.unitOf(unitId)).toMatchObject({ state: { incidentId: robbery }, duty: { assignments: 2 } });
    const theft = desk.open('PAT-01');
    expect(desk.code({ kind: 'assign', incidentId: theft, unitId, assignmentId: 'c', preempt: true })).toBe(
      'unit-busy',
    );
  });

  it('that rests, eats or is off duty needs a reason, which is kept', () => {
    const desk = new Desk();
    const [one, two, unitId] = [desk.open('PAT-01'), desk.open('PAT-01'), desk.unit()];
    desk.assign(one, unitId);
    desk.do({ kind: 'arrive', incidentId: one, unitId });
    desk.do({ kind: 'clear', incidentId: one, unitId, note: '' });
    const assign = { kind: 'assign', incidentId: two, unitId, assignmentId: 'b' } as const;
    expect(desk.code(assign)).toBe('unit-resting');
    desk.do({ ...assign, overrideReason: 'no hay otra' });
    expect(desk.incident(two).assignments[0]?.override).toEqual({ codes: ['unit-resting'], reason: 'no hay otra' });
  });

  it('that rests goes to a P1 without a word; one at its meal or unmanned does not', () => {
    const desk = new Desk();
    const [one, grave, unitId] = [desk.open('PAT-01'), desk.open('PAT-02'), desk.unit()];
    desk.assign(one, unitId);
    desk.do({ kind: 'withdraw', incidentId: one, unitId, reason: 'otra más cerca' });
    const assign = { kind: 'assign', incidentId: grave, unitId, assignmentId: 'b' } as const;
    desk.do({ kind: 'setUnitStatus', unitId, status: 'meal', reason: '' });
    expect(desk.try(assign)).toMatchObject({ code: 'unit-not-available', details: { mayOverride: true } });
    desk.do({ kind: 'setUnitStatus', unitId, status: 'available', reason: '' });
    desk.roll = { shiftId: 't', unitIds: new Set(), staffIds: new Set() };
    expect(desk.code(assign)).toBe('unit-off-duty');
    desk.roll = null;
    desk.do({ kind: 'setUnitStatus', unitId, status: 'maintenance', reason: 'llanta' });
    expect(desk.code({ ...assign, overrideReason: 'urge' })).toBe('unit-not-available');
    desk.do({ kind: 'setUnitStatus', unitId, status: 'available', reason: '' });
    desk.do(assign);
  });

  it('on foot does not go alone where the catalogue says so', () => {
    const desk = new Desk();
    const [armed, foot, car] = [desk.open('PAT-03'), desk.unit('PIE'), desk.unit('MOV')];
    expect(desk.code({ kind: 'assign', incidentId: armed, unitId: foot, assignmentId: 'f' })).toBe('unit-kind-alone');
    desk.assign(armed, car);
    desk.assign(armed, foot);
  });

  it('that does not answer alarms the dispatcher, a cry for help goes first', () => {
    const desk = new Desk();
    const [incidentId, unitId] = [desk.open('PAT-02'), desk.unit()];
    desk.assign(incidentId, unitId);
    const kinds = (ms: number) =>
      alarmsOf(desk.board.incidents.values(), desk.board.units.values(), desk.nowMs + ms, RULES).map(
        ({ kind }) => kind,
      );
    expect(kinds(30 * S)).toEqual([]);
    expect(kinds(30 * S + 1)).toEqual(['unanswered-assignment']);
    desk.after(31 * S).do({ kind: 'acknowledgeAssignment', incidentId, unitId });
    expect(desk.code({ kind: 'acknowledgeAssignment', incidentId, unitId })).toBe('assignment-already-acknowledged');
    expect(kinds(0)).toEqual([]);
    desk.do({ kind: 'raiseSos', unitId, point: PLAZA });
    expect(kinds(11 * MIN)).toEqual(['sos', 'check-in-overdue', 'incident-overdue']);
  });
});

describe('a unit', () => {
  it('checks in by the priority that it attends', () => {
    const desk = new Desk();
    const [incidentId, unitId] = [desk.open('PAT-02'), desk.unit()];
    const due = () => (checkInOf(desk.unitOf(unitId), desk.nowMs, RULES)?.dueAtMs ?? 0) - desk.nowMs;
    expect(due()).toBe(60 * MIN);
    desk.assign(incidentId, unitId);
    expect(due()).toBe(10 * MIN);
    desk.after(8 * MIN);
    expect(checkInOf(desk.unitOf(unitId), desk.nowMs, RULES)?.level).toBe('warned');
    desk.do({ kind: 'checkIn', unitId });
    expect(due()).toBe(10 * MIN);
    desk.do({ kind: 'withdraw', incidentId, unitId, reason: 'otra' });
    desk.do({ kind: 'setUnitStatus', unitId, status: 'meal', reason: '' });
    expect(checkInOf(desk.unitOf(unitId), desk.nowMs, RULES)).toBeNull();
  });

  it('in need is taken by somebody before it is over, and is not sent anywhere', () => {
    const desk = new Desk();
    const unitId = desk.unit();
    expect(desk.code({ kind: 'acknowledgeSos', unitId })).toBe('sos-none');
    desk.do({ kind: 'raiseSos', unitId, point: null });
    desk.do({ kind: 'raiseSos', unitId, point: PLAZA });
    expect(desk.log.filter(({ kind }) => kind === 'unit:sosRaised')).toHaveLength(1);
    expect(desk.code({ kind: 'resolveSos', unitId, outcome: 'a salvo' })).toBe('sos-not-acknowledged');
    expect(desk.code({ kind: 'assign', incidentId: desk.open(), unitId, assignmentId: 'a' })).toBe('unit-in-emergency');
    expect(desk.code({ kind: 'endDuty', unitId, endKm: 120 })).toBe('unit-in-emergency');
    desk.do({ kind: 'acknowledgeSos', unitId });
    expect(desk.code({ kind: 'acknowledgeSos', unitId })).toBe('sos-already-acknowledged');
    desk.do({ kind: 'resolveSos', unitId, outcome: 'a salvo' });
    expect(desk.unitOf(unitId).sos).toBeNull();
  });

  it('signs on with a crew that is on no other unit and on the roster', () => {
    const desk = new Desk();
    const [first, second] = [desk.unit(), desk.unit()];
    desk.do({ kind: 'endDuty', unitId: second, endKm: 180 });
    const crew = (staffId: string) => [{ staffId, name: 'Sereno', post: 'sereno', skills: [] }] as const;
    const start = { kind: 'startDuty', unitId: second, shiftId: 'm', startKm: 180 } as const;
    expect(desk.code({ ...start, crew: [] })).toBe('unit-without-crew');
    expect(desk.code({ ...start, crew: crew(`s-${first}`) })).toBe('crew-on-another-unit');
    expect(desk.code({ ...start, crew: [...crew('z'), ...crew('z')] })).toBe('crew-on-another-unit');
    desk.roll = { shiftId: 'm', unitIds: new Set([second]), staffIds: new Set(['y']) };
    expect(desk.code({ ...start, crew: crew('z') })).toBe('crew-not-on-roster');
    desk.do({ ...start, crew: crew('z'), overrideReason: 'reemplaza a Y' });
    expect(desk.log.at(-1)).toMatchObject({ kind: 'unit:dutyStarted', reason: 'reemplaza a Y' });
    expect(desk.code({ kind: 'endDuty', unitId: second, endKm: 90 })).toBe('vehicle-km-backwards');
    expect(desk.code({ ...start, crew: crew('q') })).toBe('unit-on-duty');
  });

  it('does not eat while it attends, and stays away when nobody is in it', () => {
    const desk = new Desk();
    const [incidentId, unitId] = [desk.open(), desk.unit()];
    desk.assign(incidentId, unitId);
    expect(desk.try({ kind: 'setUnitStatus', unitId, status: 'meal', reason: '' })).toMatchObject({
      code: 'unit-is-assigned',
      details: { incidentId },
    });
    desk.do({ kind: 'arrive', incidentId, unitId });
    desk.do({ kind: 'transport', incidentId, unitId, destination: 'Comisaría Pampa' });
    desk.do({ kind: 'reachStation', incidentId, unitId });
    expect(unitStatusOf(desk.unitOf(unitId))).toBe('at-station');
    expect(desk.code({ kind: 'decline', incidentId, unitId, reason: 'no puedo' })).toBe('assignment-phase-passed');
    desk.do({ kind: 'clear', incidentId, unitId, note: '' });
    desk.do({ kind: 'endDuty', unitId, endKm: 130 });
    expect(desk.code({ kind: 'setUnitStatus', unitId, status: 'available', reason: '' })).toBe('unit-off-duty');
    desk.do({ kind: 'retireUnit', unitId, reason: 'siniestro' });
    expect(desk.code({ kind: 'raiseSos', unitId, point: null })).toBe('unit-retired');
  });
});

describe('duplicates', () => {
  it('are near, of late and of the same group', () => {
    const desk = new Desk();
    const north = (metres: number) => placeAt(PLAZA.latitudeDeg + metres / 111_195, PLAZA.longitudeDeg);
    const near = desk.open('ORD-01', north(149));
    desk.open('ORD-01', north(151));
    const nearer = desk.open('ORD-03', north(50));
    desk.open('PAT-01', AT_PLAZA);
    const over = desk.open('ORD-01', AT_PLAZA);
    desk.do({ kind: 'dismiss', incidentId: over, cause: 'false-call', note: '' });
    const find = (callAtMs: number, group: 'ORD' | null = 'ORD') =>
      findDuplicates({ point: PLAZA, group, callAtMs }, desk.board.incidents.values(), RULES).map(
        ({ incidentId }) => incidentId,
      );
    expect(find(desk.nowMs)).toEqual([nearer, near]);
    expect(find(desk.nowMs + 15 * MIN)).toEqual([nearer, near]);
    expect(find(desk.nowMs + 15 * MIN + 1)).toEqual([]);
    expect(find(desk.nowMs, null)).toHaveLength(3);
  });
});
