import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_DISPATCH_RULES as RULES,
  MemoryBoard,
  activeAssignments,
  clocksOf,
  escalationOf,
  evolve,
  INCIDENT_CAPS,
  isMasked,
  readAlso,
  readBy,
  statusOf,
  timersOf,
  unitStatusOf,
} from '#libs/dispatch';
import { AT_PLAZA, Desk, placeAt } from './testing/desk.ts';

const S = 1_000;
const MIN = 60 * S;

describe('an incident from call to close', () => {
  it('goes through every status and keeps every time', () => {
    const desk = new Desk();
    const ringMs = desk.nowMs - 8 * S;
    const call = {
      id: 'c1',
      channel: 'TEL_LOCAL',
      receivedAtMs: ringMs,
      callerName: 'Rosa',
      callerPhone: '953 123 456',
      callerAddress: '',
      callerPoint: null,
      mayBeNamed: false,
    } as const;
    desk.do({ kind: 'openIncident', incidentId: 'x', code: '2026-000001', channel: 'TEL_LOCAL', call });
    const status = () => statusOf(desk.incident('x'));
    const seen = [status()];
    desk.unit('MOV', 'halcon');
    const step = (ms: number, ...command: Parameters<Desk['do']>): void => {
      desk.after(ms).do(...command);
      seen.push(status());
    };
    step(20 * S, { kind: 'classify', incidentId: 'x', typeCode: 'PAT-02' });
    desk.do({ kind: 'relocate', incidentId: 'x', place: AT_PLAZA });
    step(10 * S, { kind: 'assign', incidentId: 'x', unitId: 'halcon', assignmentId: 'a' });
    step(5 * S, { kind: 'acknowledgeAssignment', incidentId: 'x', unitId: 'halcon' });
    step(5 * S, { kind: 'enRoute', incidentId: 'x', unitId: 'halcon' });
    step(3 * MIN, { kind: 'arrive', incidentId: 'x', unitId: 'halcon' });
    step(5 * MIN, { kind: 'control', incidentId: 'x' });
    step(MIN, { kind: 'clear', incidentId: 'x', unitId: 'halcon', note: '' });
    step(MIN, { kind: 'close', incidentId: 'x', disposition: 'attended', note: 'Se retiraron.' });
    expect(seen).toEqual([
      'registered',
      'classified',
      'assigned',
      'assigned',
      'en-route',
      'on-scene',
      'controlled',
      'controlled',
      'closed',
    ]);
    const zero = ringMs + 8 * S;
    expect(clocksOf(desk.incident('x'))).toEqual({
      callAtMs: ringMs,
      openedAtMs: zero,
      classifiedAtMs: zero + 20 * S,
      dispatchedAtMs: zero + 30 * S,
      acknowledgedAtMs: zero + 35 * S,
      enRouteAtMs: zero + 40 * S,
      arrivedAtMs: zero + 40 * S + 3 * MIN,
      controlledAtMs: zero + 40 * S + 8 * MIN,
      closedAtMs: zero + 40 * S + 10 * MIN,
    });
    expect(desk.incident('x').calls[0]?.callerPhone).toBe('+51953123456');
    expect(desk.unitOf('halcon')).toMatchObject({
      state: { kind: 'free', status: 'available' },
      duty: { assignments: 1, busyMs: 10 * S + 9 * MIN },
    });
    expect(timersOf(desk.incident('x'), desk.nowMs + MIN, RULES).map(({ kind, level }) => [kind, level])).toEqual([
      ['answer', 'warned'],
      ['dispatch', 'calm'],
      ['on-scene', 'warned'],
    ]);
  });

  it('rebuilt from its events alone is the same', () => {
    const desk = new Desk();
    const [one, two] = [desk.open(), desk.open()];
    desk.assign(two, desk.unit());
    desk.do({ kind: 'merge', incidentId: two, survivorId: one, moveUnits: true });
    const rebuilt = new MemoryBoard();
    for (const event of JSON.parse(JSON.stringify(desk.log)) as typeof desk.log) rebuilt.take(evolve(rebuilt, event));
    expect(rebuilt).toEqual(desk.board);
  });

  it('skips phases that nobody pressed and takes reports that come late', () => {
    const desk = new Desk();
    const [incidentId, unitId] = [desk.open(), desk.unit()];
    desk.assign(incidentId, unitId);
    const sentMs = desk.nowMs;
    const late = (kind: 'enRoute' | 'arrive', happenedAtMs: number) =>
      desk.code({ kind, incidentId, unitId, happenedAtMs });
    desk.after(20 * MIN);
    expect(late('arrive', desk.nowMs + 3 * MIN)).toBe('time-in-future');
    expect(late('arrive', sentMs - 1)).toBe('time-out-of-order');
    expect(late('arrive', sentMs - 13 * 60 * MIN)).toBe('time-too-old');
    expect(late('arrive', sentMs + 4 * MIN)).toBeNull();
    expect(late('enRoute', sentMs + 3 * MIN)).toBe('assignment-phase-passed');
    expect(clocksOf(desk.incident(incidentId))).toMatchObject({
      enRouteAtMs: sentMs + 4 * MIN,
      arrivedAtMs: sentMs + 4 * MIN,
    });
  });

  it('forgets a status pressed by mistake', () => {
    const desk = new Desk();
    const [incidentId, unitId] = [desk.open(), desk.unit()];
    desk.assign(incidentId, unitId);
    desk.after(S).do({ kind: 'arrive', incidentId, unitId });
    expect(desk.code({ kind: 'correctStatus', incidentId, unitId, phase: 'on-scene', reason: 'error' })).toBe(
      'assignment-phase-not-reached',
    );
    expect(desk.code({ kind: 'correctStatus', incidentId, unitId, phase: 'en-route', reason: '' })).toBe(
      'reason-missing',
    );
    desk.do({ kind: 'correctStatus', incidentId, unitId, phase: 'en-route', reason: 'Botón equivocado' });
    expect([statusOf(desk.incident(incidentId)), unitStatusOf(desk.unitOf(unitId))]).toEqual(['en-route', 'en-route']);
    expect(clocksOf(desk.incident(incidentId)).arrivedAtMs).toBeNull();
  });

  it('is amended when closed, and reopened with a reason', () => {
    const desk = new Desk();
    const id = desk.open('ORD-03');
    expect(desk.code({ kind: 'amend', incidentId: id, reason: 'otro tipo', typeCode: 'ORD-01' })).toBe('incident-open');
    desk.do({ kind: 'close', incidentId: id, disposition: 'nothing-found', note: '' });
    for (const command of [
      { kind: 'relocate', incidentId: id, place: AT_PLAZA },
      { kind: 'control', incidentId: id },
      { kind: 'requestBackup', incidentId: id, note: '' },
    ] as const)
      expect(desk.code(command)).toBe('incident-closed');
    desk.do({ kind: 'addNarrative', incidentId: id, narrativeId: 'n', text: 'Volvió a llamar.' });
    expect(desk.code({ kind: 'amend', incidentId: id, reason: 'nada' })).toBe('nothing-to-change');
    desk.do({ kind: 'amend', incidentId: id, reason: 'era pelea', typeCode: 'ORD-01', disposition: 'attended' });
    expect(desk.incident(id)).toMatchObject({
      classification: { typeCode: 'ORD-01' },
      life: { kind: 'closed', disposition: 'attended' },
    });
    expect(desk.code({ kind: 'reopen', incidentId: id, reason: ' ' })).toBe('reason-missing');
    desk.do({ kind: 'reopen', incidentId: id, reason: 'siguen ahí' });
    expect(statusOf(desk.incident(id))).toBe('reopened');
  });

  it('is refused what makes no sense, with a code', () => {
    const desk = new Desk();
    const id = desk.open();
    const bare = 'bare';
    desk.do({ kind: 'openIncident', incidentId: bare, code: '1', channel: 'RADIO' });
    const unitId = desk.unit();
    const assign = { kind: 'assign', unitId, assignmentId: 'a' } as const;
    expect(desk.code({ ...assign, incidentId: 'none' })).toBe('incident-unknown');
    expect(desk.code({ ...assign, incidentId: bare })).toBe('incident-not-classified');
    desk.do({ kind: 'classify', incidentId: bare, typeCode: 'ORD-01' });
    expect(desk.code({ ...assign, incidentId: bare })).toBe('incident-without-place');
    expect(desk.code({ kind: 'classify', incidentId: bare, typeCode: 'XXX-01' })).toBe('type-unknown');
    expect(desk.code({ kind: 'classify', incidentId: bare, typeCode: 'SER-06' })).toBe('type-disabled');
    expect(desk.code({ kind: 'classify', incidentId: bare, typeCode: 'ORD-01', priority: 'P3' })).toBe(
      'priority-needs-reason',
    );
    expect(desk.code({ kind: 'control', incidentId: id })).toBe('incident-nobody-attended');
    expect(desk.code({ kind: 'arrive', incidentId: id, unitId })).toBe('assignment-unknown');
    expect(desk.code({ kind: 'relocate', incidentId: id, place: placeAt(-12.05, -77.04) })).toBe(
      'place-outside-province',
    );
    expect(desk.code({ kind: 'relocate', incidentId: id, place: placeAt(Number.NaN, 0) })).toBe(
      'place-outside-province',
    );
    const nowhere = { point: null, sectorId: null, address: ' ', reference: '' };
    expect(desk.code({ kind: 'relocate', incidentId: id, place: nowhere })).toBe('place-empty');
    const text = 'x'.repeat(1_000_000);
    expect(desk.code({ kind: 'addNarrative', incidentId: id, narrativeId: 'n', text })).toBe('text-too-long');
    expect(desk.log.at(-1)?.kind).toBe('incident:classified');
    desk.assign(id, unitId);
    expect(desk.code({ kind: 'close', incidentId: id, disposition: 'attended', note: '' })).toBe(
      'incident-has-active-units',
    );
    expect(desk.code({ kind: 'dismiss', incidentId: id, cause: 'false-call', note: '' })).toBe(
      'incident-has-active-units',
    );
    expect(desk.code({ kind: 'clear', incidentId: id, unitId, note: '' })).toBe('assignment-phase-not-reached');
  });

  it('says the same twice without doing it twice', () => {
    const desk = new Desk();
    const id = desk.open();
    const narrate = { kind: 'addNarrative', incidentId: id, narrativeId: 'n', text: 'Dos personas.' } as const;
    const refer = { kind: 'refer', incidentId: id, referralId: 'r', agency: 'PNP', note: '' } as const;
    desk.do(narrate);
    desk.do(refer);
    const before = desk.log.length;
    desk.do(narrate);
    desk.do(refer);
    desk.do({ kind: 'classify', incidentId: id, typeCode: 'ORD-01' });
    expect(desk.log).toHaveLength(before);
  });
});

describe('timers', () => {
  it('run against the priority and escalate', () => {
    const desk = new Desk();
    const id = desk.open('PAT-02');
    const level = (ms: number) => escalationOf(desk.incident(id), desk.nowMs + ms, RULES);
    expect([0, 44_999, 45_000, 60_000, 60_001, 119_999, 120_000].map(level)).toEqual([
      'calm',
      'calm',
      'warned',
      'warned',
      'overdue',
      'overdue',
      'critical',
    ]);
    desk.after(50 * S).assign(id, desk.unit());
    expect(level(0)).toBe('calm');
    expect(level(4 * MIN + 11 * S)).toBe('overdue');
  });

  it('do not run for what is scheduled, and stop when it is over', () => {
    const desk = new Desk();
    const scheduled = desk.open('SER-02');
    expect(timersOf(desk.incident(scheduled), desk.nowMs, RULES).map(({ kind }) => kind)).toEqual(['answer']);
    const id = desk.open('PAT-02');
    desk.after(30 * S).do({ kind: 'dismiss', incidentId: id, cause: 'nuisance-call', note: '' });
    expect(timersOf(desk.incident(id), desk.nowMs + MIN, RULES)).toEqual([]);
    expect(escalationOf(desk.incident(id), desk.nowMs + MIN, RULES)).toBe('calm');
  });

  it('are answered by an agency that takes it', () => {
    const desk = new Desk();
    const id = desk.open('EME-02');
    desk.do({ kind: 'refer', incidentId: id, referralId: 'r', agency: 'SAMU', note: '' });
    const taken = {
      kind: 'referralTaken',
      incidentId: id,
      referralId: 'r',
      takenBy: 'Tec. Díaz',
      reference: '',
    } as const;
    expect(desk.code({ ...taken, takenBy: '' })).toBe('reason-missing');
    desk.after(40 * S).do(taken);
    expect(desk.code(taken)).toBe('referral-already-answered');
    expect(statusOf(desk.incident(id))).toBe('referred');
    expect(timersOf(desk.incident(id), desk.nowMs + MIN, RULES)[1]).toMatchObject({
      kind: 'dispatch',
      elapsedMs: 40 * S,
    });
    desk.do({ kind: 'control', incidentId: id });
  });
});

describe('two reports of one thing', () => {
  it('merge: the survivor keeps callers, narratives and units; the other points to it', () => {
    const desk = new Desk();
    const first = desk.open('VIF-01');
    const firstMs = desk.nowMs;
    desk.do({ kind: 'addNarrative', incidentId: first, narrativeId: 'n1', text: 'Gritos.' });
    const unitId = desk.unit();
    const assignmentId = desk.assign(first, unitId);
    desk.after(MIN);
    const survivor = desk.open('ORD-01');
    const merge = { kind: 'merge', incidentId: first, survivorId: survivor, moveUnits: false } as const;
    expect(desk.code(merge)).toBe('merge-moves-units');
    expect(desk.code({ ...merge, survivorId: first })).toBe('merge-with-itself');
    expect(readBy(merge)).toEqual({ incidentIds: [first, survivor].sort(), unitIds: [] });
    expect(readAlso(desk.board, merge)).toEqual({ incidentIds: [], unitIds: [unitId] });
    desk.do({ ...merge, moveUnits: true });
    expect(desk.incident(first)).toMatchObject({
      life: { kind: 'merged', survivorId: survivor },
      assignments: [{ end: { cause: 'moved' } }],
    });
    const kept = desk.incident(survivor);
    expect(kept).toMatchObject({ absorbedIds: [first], narratives: [{ id: 'n1' }], openedAtMs: firstMs });
    expect(isMasked(kept)).toBe(true);
    expect(activeAssignments(kept)).toMatchObject([{ id: assignmentId, unitId }]);
    expect(desk.unitOf(unitId).state).toMatchObject({ kind: 'assigned', incidentId: survivor });
    desk.do({ kind: 'arrive', incidentId: survivor, unitId });
    expect(desk.code({ kind: 'addNarrative', incidentId: first, narrativeId: 'n2', text: 'Más.' })).toBe(
      'incident-merged',
    );
    expect(desk.code({ kind: 'reopen', incidentId: first, reason: 'no era' })).toBe('incident-merged');
  });

  it('link: a parent is no child, a child has one parent', () => {
    const desk = new Desk();
    const [a, b, c] = [desk.open(), desk.open(), desk.open()];
    const link = (incidentId: string, otherId: string, relation: 'related' | 'parent' | 'child') =>
      desk.code({ kind: 'link', incidentId, otherId, relation });
    expect(link(a, a, 'related')).toBe('link-with-itself');
    expect(link(a, b, 'child')).toBeNull();
    expect(desk.incident(b).links).toEqual([{ incidentId: a, relation: 'parent' }]);
    expect(link(b, a, 'child')).toBe('link-exists');
    expect(link(c, b, 'child')).toBe('link-too-deep');
    expect(link(b, c, 'child')).toBe('link-too-deep');
    expect(link(a, c, 'child')).toBeNull();
    expect(link(b, c, 'related')).toBeNull();
    desk.do({ kind: 'unlink', incidentId: b, otherId: a });
    expect(desk.code({ kind: 'unlink', incidentId: b, otherId: a })).toBe('link-unknown');
    expect(desk.incident(a).links).toEqual([{ incidentId: c, relation: 'child' }]);
  });
});

describe('alarms of cameras', () => {
  const alarm = (alarmId: string) => ({ alarmId, cameraId: 'c1', alarmKind: 'motion', startedAtMs: 1 });

  it('open an incident and name its camera, join one, and go over to the survivor of a merge', () => {
    const desk = new Desk();
    const other = desk.open();
    expect(desk.incident(other).alarms).toBeUndefined();
    const open = { kind: 'openIncident', code: '2026-000009', channel: 'CAMARA', place: AT_PLAZA } as const;
    desk.do({ ...open, incidentId: 'x', cameraId: 'another', alarm: alarm('a') });
    expect(desk.incident('x')).toMatchObject({ cameraId: 'c1', alarms: [alarm('a')] });
    const link = (alarmId: string) => desk.code({ kind: 'linkAlarm', incidentId: 'x', alarm: alarm(alarmId) });
    expect(link('b')).toBeNull();
    const events = desk.log.length;
    expect(link('b')).toBeNull();
    expect(desk.log).toHaveLength(events);
    desk.do({ kind: 'merge', incidentId: 'x', survivorId: other, moveUnits: true });
    expect(desk.incident(other).alarms).toEqual([alarm('a'), alarm('b')]);
    expect(link('c')).toBe('incident-merged');
  });

  it('are bounded, and not all of one incident', () => {
    const desk = new Desk();
    const incidentId = desk.open();
    for (let n = 0; n < INCIDENT_CAPS.alarms; n++) desk.do({ kind: 'linkAlarm', incidentId, alarm: alarm(`a${n}`) });
    expect(desk.code({ kind: 'linkAlarm', incidentId, alarm: alarm('more') })).toBe('alarms-full');
  });
});

describe('personal data', () => {
  it('is hidden by type or by hand, and shown for a reason and a while', () => {
    const desk = new Desk();
    const id = desk.open('TRA-01');
    expect(desk.code({ kind: 'unmask', incidentId: id, reason: 'pedido', forMs: MIN })).toBe('incident-not-masked');
    desk.do({ kind: 'mask', incidentId: id, reason: 'hay un menor' });
    expect(desk.code({ kind: 'mask', incidentId: id, reason: 'otra vez' })).toBe('incident-already-masked');
    desk.do({ kind: 'unmask', incidentId: id, reason: 'pedido de fiscalía', forMs: 24 * 60 * MIN });
    expect(desk.log.at(-1)).toMatchObject({ kind: 'incident:unmasked', by: 'ana', untilMs: desk.nowMs + 60 * MIN });
    expect(isMasked(desk.incident(id))).toBe(true);
    desk.do({ kind: 'liftMask', incidentId: id, reason: 'era mayor de edad' });
    expect(isMasked(desk.incident(id))).toBe(false);
  });
});
