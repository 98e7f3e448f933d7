import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ASSIGNMENT_PHASES,
  CLOCK_ORDER,
  DEFAULT_DISPATCH_RULES as RULES,
  DISPATCH_CODES,
  DISPATCH_EVENT_KINDS,
  FREE_STATUSES,
  MemoryBoard,
  activeAssignments,
  alarmsOf,
  clocksOf,
  decide,
  evolve,
  isLive,
  statusOf,
  timersOf,
  type DispatchCommand,
  type Incident,
  STRAY_ENDS,
  STRAY_KINDS,
} from '#libs/dispatch';
import { AT_PLAZA, Desk } from './testing/desk.ts';

/** The step that the actors dice for: who, what, on what. Numbers are folded onto what exists. */
interface Step {
  readonly actor: number;
  readonly act: number;
  readonly one: number;
  readonly two: number;
  readonly ms: number;
}

const INCIDENTS = 8;
const UNITS = 5;
const TYPES = ['ORD-01', 'ORD-03', 'PAT-02', 'VIF-01', 'SER-02', 'PAT-03', 'XXX-99'];
const REASONS = ['', 'por orden del supervisor'];
const pick = <T>(list: readonly T[], n: number): T => list[Math.abs(n) % list.length]!;

type Make = (step: Step, desk: Desk, serial: number) => DispatchCommand;
const incidentOf = ({ one }: Step) => `i${one % INCIDENTS}`;
const otherOf = ({ two }: Step) => `i${two % INCIDENTS}`;
const unitOf = ({ two }: Step) => `u${two % (UNITS + 2)}`;
const of = (step: Step) => ({ incidentId: incidentOf(step), unitId: unitOf(step) });
/** Mostly a unit that is under way: pairs diced freely seldom meet. */
const underWay = (step: Step, desk: Desk) => {
  const pairs = [...desk.board.units.values()].flatMap(({ id, state }) =>
    state.kind === 'assigned' ? [{ incidentId: state.incidentId, unitId: id }] : [],
  );
  return pairs.length === 0 || step.ms % 6 === 0 ? of(step) : pick(pairs, step.two);
};
const lateOf = (step: Step, desk: Desk) =>
  step.ms % 5 === 0 ? { happenedAtMs: desk.nowMs - (step.one % 90_000) } : {};

const ACTS: readonly Make[] = [
  (step, _, serial) => ({
    kind: 'openIncident',
    incidentId: incidentOf(step),
    code: `2026-${serial}`,
    channel: 'TEL_LOCAL',
    ...(step.two % 3 > 0 ? { typeCode: pick(TYPES, step.two), place: AT_PLAZA } : {}),
  }),
  (step) => ({ kind: 'classify', incidentId: incidentOf(step), typeCode: pick(TYPES, step.two) }),
  (step) => ({
    kind: 'setPriority',
    incidentId: incidentOf(step),
    priority: pick(['P1', 'P2', 'P3'], step.two),
    reason: pick(REASONS, step.ms),
  }),
  (step) => ({ kind: 'relocate', incidentId: incidentOf(step), place: AT_PLAZA }),
  (step, _, serial) => ({
    kind: 'addNarrative',
    incidentId: incidentOf(step),
    narrativeId: `n${serial}`,
    text: 'texto',
  }),
  (step, desk, serial) => ({
    kind: 'addCall',
    incidentId: incidentOf(step),
    call: {
      id: `c${serial}`,
      channel: 'WHATSAPP',
      receivedAtMs: desk.nowMs - step.ms,
      callerName: '',
      callerPhone: pick(['953123456', 'x', null], step.two),
      callerAddress: '',
      callerPoint: null,
      mayBeNamed: false,
    },
  }),
  (step) => ({ kind: 'mask', incidentId: incidentOf(step), reason: pick(REASONS, step.two) }),
  (step) => ({ kind: 'liftMask', incidentId: incidentOf(step), reason: pick(REASONS, step.two) }),
  (step) => ({ kind: 'unmask', incidentId: incidentOf(step), reason: pick(REASONS, step.two), forMs: step.ms }),
  (step) => ({
    kind: 'link',
    incidentId: incidentOf(step),
    otherId: otherOf(step),
    relation: pick(['related', 'parent', 'child'], step.ms),
  }),
  (step, desk) => {
    const linked = [...desk.board.incidents.values()].flatMap(({ id, links }) =>
      links.map(({ incidentId }) => ({ incidentId: id, otherId: incidentId })),
    );
    const any = { incidentId: incidentOf(step), otherId: otherOf(step) };
    return { kind: 'unlink', ...(linked.length === 0 ? any : pick(linked, step.two)) };
  },
  (step, _, serial) => ({
    kind: 'linkAlarm',
    incidentId: incidentOf(step),
    alarm: { alarmId: `al${serial % 5}`, cameraId: 'c', alarmKind: 'motion', startedAtMs: step.ms },
  }),
  (step) => ({ kind: 'merge', incidentId: incidentOf(step), survivorId: otherOf(step), moveUnits: step.ms % 2 === 0 }),
  (step) => ({ kind: 'requestBackup', incidentId: incidentOf(step), note: '' }),
  (step) => ({
    kind: 'refer',
    incidentId: incidentOf(step),
    referralId: `r${step.two % 2}`,
    agency: pick(['PNP', 'SAMU', 'BOM'], step.two),
    note: '',
  }),
  (step) => ({
    kind: 'referralTaken',
    incidentId: incidentOf(step),
    referralId: `r${step.two % 2}`,
    takenBy: 'SO3 Quispe',
    reference: '',
  }),
  (step) => ({
    kind: 'referralDeclined',
    incidentId: incidentOf(step),
    referralId: `r${step.two % 2}`,
    takenBy: 'SO3',
    reason: 'sin unidad',
  }),
  (step) => ({ kind: 'control', incidentId: incidentOf(step) }),
  (step) => ({ kind: 'close', incidentId: incidentOf(step), disposition: 'attended', note: '' }),
  (step) => ({ kind: 'dismiss', incidentId: incidentOf(step), cause: 'false-call', note: '' }),
  (step) => ({ kind: 'reopen', incidentId: incidentOf(step), reason: pick(REASONS, step.two) }),
  (step) => ({ kind: 'amend', incidentId: incidentOf(step), reason: 'corrige', typeCode: pick(TYPES, step.two) }),
  ...Array.from({ length: 4 }, (): Make => (step, _, serial) => ({
    kind: 'assign',
    ...of(step),
    assignmentId: `a${serial}`,
    preempt: step.ms % 2 === 0,
    overrideReason: pick(REASONS, step.ms),
  })),
  (step, desk) => ({ kind: 'acknowledgeAssignment', ...underWay(step, desk), ...lateOf(step, desk) }),
  (step, desk) => ({ kind: 'enRoute', ...underWay(step, desk), ...lateOf(step, desk) }),
  (step, desk) => ({ kind: 'arrive', ...underWay(step, desk), ...lateOf(step, desk) }),
  (step, desk) => ({ kind: 'arrive', ...underWay(step, desk), ...lateOf(step, desk) }),
  (step, desk) => ({ kind: 'transport', ...underWay(step, desk), ...lateOf(step, desk), destination: 'hospital' }),
  (step, desk) => ({ kind: 'reachStation', ...underWay(step, desk), ...lateOf(step, desk) }),
  (step, desk) => ({ kind: 'clear', ...underWay(step, desk), note: '' }),
  (step, desk) => ({ kind: 'withdraw', ...underWay(step, desk), reason: pick(REASONS, step.ms) }),
  (step, desk) => ({ kind: 'decline', ...underWay(step, desk), reason: 'sin llanta' }),
  (step, desk) => ({
    kind: 'correctStatus',
    ...underWay(step, desk),
    phase: pick(ASSIGNMENT_PHASES, step.ms),
    reason: 'error',
  }),
  (step) => ({ kind: 'changeUnit', unitId: unitOf(step), profile: profileOf(unitOf(step)) }),
  (step) => ({ kind: 'retireUnit', unitId: unitOf(step), reason: step.ms % 3 === 0 ? 'siniestro' : '' }),
  (step) => ({
    kind: 'registerUnit',
    unitId: unitOf(step),
    profile: profileOf('x'),
  }),
  (step) => ({
    kind: 'startDuty',
    unitId: unitOf(step),
    shiftId: 'm',
    crew: [{ staffId: `s${step.two % 7}`, name: 'S', post: 'sereno', skills: [] }],
    startKm: 10,
  }),
  (step) => ({ kind: 'endDuty', unitId: unitOf(step), endKm: pick([null, 5, 200], step.ms) }),
  (step) => ({ kind: 'setUnitStatus', unitId: unitOf(step), status: pick(FREE_STATUSES, step.ms), reason: '' }),
  (step) => ({ kind: 'checkIn', unitId: unitOf(step) }),
  (step) => ({ kind: 'raiseSos', unitId: unitOf(step), point: null }),
  (step) => ({ kind: 'acknowledgeSos', unitId: unitOf(step) }),
  (step) => ({ kind: 'raiseStray', ...strayOf(step), sinceMs: 0 }),
  (step) => ({ kind: 'acknowledgeStray', ...strayOf(step) }),
  (step) => ({ kind: 'endStray', ...strayOf(step), cause: pick(STRAY_ENDS, step.ms) }),
  (step) => ({ kind: 'resolveSos', unitId: unitOf(step), outcome: 'a salvo' }),
];

function strayOf(step: Step) {
  return { unitId: unitOf(step), strayKind: pick(STRAY_KINDS, step.ms), sectorId: pick(['a', 'b'], step.two) };
}

function profileOf(callSign: string) {
  return { callSign, kind: 'MOV', vehicle: null, equipment: [], sectorId: null, checkInEveryMs: null } as const;
}

const step = fc.noBias(
  fc.record({
    actor: fc.nat(19),
    act: fc.nat(ACTS.length - 1),
    one: fc.nat(1_000_000),
    two: fc.nat(1_000_000),
    // Now and then the server's clock is set back.
    ms: fc.integer({ min: -2_000, max: 40_000 }),
  }),
);

/** A unit attends one incident at most, and unit and incident agree which. */
function unitsAndIncidentsAgree(desk: Desk): void {
  const attended = new Map<string, string>();
  for (const incident of desk.board.incidents.values()) {
    for (const { id, unitId, phase } of activeAssignments(incident)) {
      expect(attended.has(unitId)).toBe(false);
      attended.set(unitId, incident.id);
      expect(desk.unitOf(unitId).state).toMatchObject({
        kind: 'assigned',
        incidentId: incident.id,
        assignmentId: id,
        phase,
      });
    }
  }
  for (const { id, state } of desk.board.units.values())
    expect([id, attended.get(id)]).toEqual([id, state.kind === 'assigned' ? state.incidentId : undefined]);
}

function clocksAreInOrder(incident: Incident): void {
  const clocks = clocksOf(incident);
  const struck = CLOCK_ORDER.map((name) => clocks[name]).filter((atMs) => atMs !== null) as number[];
  expect(struck).toEqual([...struck].sort((a, b) => a - b));
}

function whatIsOverHasNobody(incident: Incident): void {
  if (!isLive(incident)) expect(activeAssignments(incident)).toEqual([]);
  if (incident.life.kind === 'merged') expect(statusOf(incident)).toBe('merged');
  for (const { kind, elapsedMs } of timersOf(incident, incident.updatedAtMs, RULES))
    expect([kind, elapsedMs >= 0]).toEqual([kind, true]);
}

/** Nothing that was said is lost: it stays with its incident, or with the one that took it over. */
function nothingSaidIsLost(desk: Desk): void {
  const said = desk.log.flatMap((event) =>
    event.kind === 'incident:narrated' ? [[event.incidentId, event.narrative.id] as const] : [],
  );
  for (const [incidentId, narrativeId] of said) {
    let incident = desk.incident(incidentId);
    while (incident.life.kind === 'merged') incident = desk.incident(incident.life.survivorId);
    expect(incident.narratives.some(({ id }) => id === narrativeId)).toBe(true);
  }
}

function play(desk: Desk, steps: readonly Step[]): Map<string, number> {
  const codes = new Map<string, number>();
  for (const [serial, one] of steps.entries()) {
    desk.by = `actor${one.actor}`;
    desk.after(one.ms);
    const command = ACTS[one.act]!(one, desk, serial);
    const decided = decide(desk.board, command, desk.context());
    const code = decided.ok ? command.kind : decided.refusal.code;
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (!decided.ok) {
      expect(Object.hasOwn(DISPATCH_CODES, decided.refusal.code)).toBe(true);
      continue;
    }
    desk.do(command);
    unitsAndIncidentsAgree(desk);
    for (const incident of desk.board.incidents.values()) {
      clocksAreInOrder(incident);
      whatIsOverHasNobody(incident);
    }
  }
  return codes;
}

describe('twenty people acting at random on the same incidents and units', () => {
  const seen = new Map<string, number>();
  const kinds = new Set<string>();

  it('never break what always holds, and the rebuild equals the state', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 250, maxLength: 350 }), (steps) => {
        const desk = new Desk();
        for (let unit = 0; unit < UNITS; unit++) desk.unit('MOV', `u${unit}`);
        for (const [code, count] of play(desk, steps)) seen.set(code, (seen.get(code) ?? 0) + count);
        for (const { kind } of desk.log) kinds.add(kind);
        nothingSaidIsLost(desk);
        const rebuilt = new MemoryBoard();
        for (const event of JSON.parse(JSON.stringify(desk.log)) as typeof desk.log)
          rebuilt.take(evolve(rebuilt, event));
        expect(rebuilt).toEqual(desk.board);
        expect(alarmsOf(rebuilt.incidents.values(), rebuilt.units.values(), desk.nowMs, RULES).length).toBeLessThan(99);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('and have done nearly everything that can be done', () => {
    // A model that never gets anywhere proves nothing.
    expect(DISPATCH_EVENT_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
    expect(seen.size).toBeGreaterThan(60);
  });
});
