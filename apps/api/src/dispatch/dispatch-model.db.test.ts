import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { activeAssignments, type Incident, type Unit } from '#libs/dispatch';
import { destination } from '#libs/geo';
import type { CommandAnswer, ErrorBody } from '#libs/wire';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { AT_PLAZA, PLAZA, TestCentre, type Answered } from '../../testing/test-centre.ts';
import { PROJECTIONS } from '../ledger-inventory.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { checkRebuild } from '../ledger/rebuild.ts';

const ACTORS = 8;
const STEPS = 40;
const UNITS = 6;
/** Few, so that actors meet; opened as the game goes. */
const MAX_INCIDENTS = 14;

let test: TestApplication;
let centre: TestCentre;
const incidentIds: string[] = [];
const unitIds: string[] = [];
const outcomes: { commandId: string; answered: Answered<CommandAnswer | ErrorBody> }[] = [];

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  await centre.hire('sara', 'supervisor');
  for (let n = 0; n < UNITS; n++) unitIds.push(await centre.unit('sara'));
  for (let n = 0; n < ACTORS; n++) await centre.hire(`beto-${n}`, 'supervisor');
});
afterAll(() => test.close());

/** The same game at every run: a simple generator (Park and Miller's) instead of chance. */
function dice(seed: number): <T>(of: readonly T[]) => T {
  let state = seed;
  return (of) => of[(state = (state * 48_271) % 2_147_483_647) % of.length]!;
}

type Move = readonly [path: string, wish: object];

function moveOf(pick: ReturnType<typeof dice>): Move {
  const open = (): Move => {
    const incidentId = randomUUID();
    incidentIds.push(incidentId);
    const point = destination(PLAZA, pick([0, 90, 180, 270]), pick([100, 900, 2_000]));
    const call = { id: randomUUID(), channel: 'TEL_LOCAL', receivedAtMs: test.clock.nowMs(), callerPhone: '953123456' };
    const typeCode = pick(['PAT-01', 'ORD-01', 'ORD-03', 'VIF-01', undefined]);
    return ['/api/incidents', { incidentId, channel: 'TEL_LOCAL', typeCode, call, place: { ...AT_PLAZA, point } }];
  };
  if (incidentIds.length === 0 || (incidentIds.length < MAX_INCIDENTS && pick([1, 2, 3, 4]) === 1)) return open();
  const id = pick(incidentIds);
  const [unitId, otherId] = [pick(unitIds), pick(incidentIds)];
  const intake = (wish: object): Move => [`/api/incidents/${id}/intake`, wish];
  const dispatch = (wish: object): Move => [`/api/incidents/${id}/dispatch`, wish];
  const duty = (wish: object): Move => [`/api/units/${unitId}/duty`, wish];
  const overrideReason = pick([undefined, 'Urgente']);
  const assign = (): Move =>
    dispatch({ kind: 'assign', unitId, assignmentId: randomUUID(), preempt: pick([true, false]), overrideReason });
  const moves: readonly (() => Move)[] = [
    assign,
    assign,
    assign,
    () => dispatch({ kind: pick(['acknowledgeAssignment', 'enRoute', 'arrive', 'reachStation']), unitId }),
    () => dispatch({ kind: pick(['acknowledgeAssignment', 'enRoute', 'arrive']), unitId }),
    () => dispatch({ kind: pick(['clear', 'withdraw', 'decline']), unitId, reason: 'Otro caso', note: '' }),
    () => dispatch({ kind: 'correctStatus', unitId, phase: pick(['assigned', 'en-route']), reason: 'Se equivocó' }),
    () => dispatch({ kind: 'merge', survivorId: otherId, moveUnits: true }),
    () => dispatch({ kind: pick(['link', 'unlink']), otherId, relation: 'related' }),
    () => dispatch({ kind: pick(['control', 'close']), disposition: 'attended' }),
    () => dispatch({ kind: pick(['dismiss', 'reopen']), cause: 'test', reason: 'Sigue' }),
    () => dispatch({ kind: 'refer', referralId: randomUUID(), agency: 'PNP', note: '' }),
    () => intake({ kind: 'classify', typeCode: pick(['PAT-01', 'ORD-03', 'VIF-01']) }),
    () => intake({ kind: 'addNarrative', narrativeId: randomUUID(), text: 'Algo más' }),
    () => intake({ kind: 'mask', reason: 'Un menor' }),
    () => [`/api/incidents/${id}/unmask`, { reason: 'Revisión' }],
    () =>
      duty({ kind: pick(['checkIn', 'raiseSos', 'acknowledgeSos', 'resolveSos']), point: null, outcome: 'Todo bien' }),
    () => duty({ kind: 'setUnitStatus', status: pick(['patrolling', 'meal', 'available']), reason: '' }),
  ];
  return pick(moves)();
}

async function play(actor: number): Promise<void> {
  const pick = dice(1_000 + actor);
  for (let step = 0; step < STEPS; step++) {
    const [path, wish] = moveOf(pick);
    const commandId = randomUUID();
    const body = { ...centre.envelope(commandId), ...wish };
    const send = () => centre.ask<CommandAnswer | ErrorBody>(`beto-${actor}`, 'POST', path, body);
    const answered = await send();
    outcomes.push({ commandId, answered });
    // A page that did not hear the answer sends again: once done, once answered.
    if (pick([1, 2, 3, 4, 5, 6, 7, 8]) === 1 && !path.endsWith('/unmask')) expect(await send()).toEqual(answered);
  }
}

async function states<T>(table: string): Promise<T[]> {
  const rows = await test.dataSource.query<{ state: T }[]>(`SELECT state FROM ${table}`);
  return rows.map(({ state }) => state);
}

it('holds its invariants while eight people act at once on the same things', async () => {
  await Promise.all(Array.from({ length: ACTORS }, (_, actor) => play(actor)));
  expect(outcomes.filter(({ answered }) => answered.status >= 500)).toEqual([]);
  const done = outcomes.filter(({ answered }) => answered.status < 300);
  expect(done.length).toBeGreaterThan(60);
  expect(outcomes.length - done.length).toBeGreaterThan(50);

  // Busy is the same seen from both sides, and a unit is in one place.
  const [incidents, units] = [await states<Incident>('incident'), await states<Unit>('unit')];
  const pairs = incidents.flatMap(({ id, ...rest }) =>
    activeAssignments({ id, ...rest }).map((one) => `${one.unitId} ${id} ${one.id} ${one.phase}`),
  );
  const attended = units.flatMap(({ id, state }) =>
    state.kind === 'assigned' ? [`${id} ${state.incidentId} ${state.assignmentId} ${state.phase}`] : [],
  );
  expect(pairs.sort()).toEqual(attended.sort());

  // Codes are given in order, without gaps.
  const codes = incidents.map(({ code }) => Number(code.slice(5))).sort((a, b) => a - b);
  expect(codes).toEqual(codes.map((_, index) => index + 1));

  // What was acknowledged is in the ledger, and nothing else is.
  const told = await test.dataSource.query<{ id: string; last: string }[]>(
    'SELECT command_id AS id, max(seq) AS last FROM ledger_entry GROUP BY command_id',
  );
  const lastSeq = new Map(told.map(({ id, last }) => [id, Number(last)]));
  for (const { commandId, answered } of outcomes) {
    const seq = answered.status < 300 && 'seq' in answered.body ? answered.body.seq : undefined;
    if (answered.status >= 300) expect([commandId, lastSeq.get(commandId)]).toEqual([commandId, undefined]);
    else if (seq !== undefined) expect([commandId, lastSeq.get(commandId) ?? null]).toEqual([commandId, seq]);
  }
  const report = await checkRebuild(test.dataSource, new LedgerStore(test.dataSource), PROJECTIONS);
  expect(report.projections).toEqual(['dispatch', 'shifts'].map((name) => ({ name, differences: [] })));
});
