import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import {
  CLOCK_ORDER,
  DISPATCH_CODES,
  DISPATCH_EVENT_KINDS,
  activeAssignments,
  clocksOf,
  isLive,
  statusOf,
  unitStatusOf,
  type Incident,
  type Unit,
} from '#libs/dispatch';
import { ChainVerifier, sqlSource } from '#libs/ledger';
import type { CommandAnswer, ErrorBody } from '#libs/wire';
import { DeskGame, type Move } from '../../../../scripts/chaos/desk-game.ts';
import { seededRandom } from '../../../../scripts/fuzz/mutate.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { TestCentre, type Answered } from '../../testing/test-centre.ts';
import { PROJECTIONS } from '../ledger-inventory.ts';
import { LedgerStore } from '../ledger/ledger.store.ts';
import { checkRebuild } from '../ledger/rebuild.ts';

const OPERATORS = 20;
const UNITS = 8;
/** The short form. `ATALAYA_MODEL_STEPS=10000` plays the long one (docs/ledger.md). */
const STEPS = Number(process.env['ATALAYA_MODEL_STEPS'] ?? 600);
const SEED = Number(process.env['ATALAYA_MODEL_SEED'] ?? 1);
/** So often somebody looks at everything while the others go on. */
const LOOK_EVERY = 100;
/** One command in so many is sent again, as by a page that did not hear the answer. */
const AGAIN_ONE_IN = 8;
const PAGE_ROWS = 2_000;

let test: TestApplication;
let centre: TestCentre;
let game: DeskGame;
const random = seededRandom(SEED);
const verifier = new ChainVerifier();
/** By command: number of its last entry, `null` when nothing had to change, the code when it was refused. */
const answers = new Map<string, number | string | null>();

beforeAll(async () => {
  test = await startTestApplication();
  centre = new TestCentre(test);
  const unitIds: string[] = [];
  for (let n = 0; n < OPERATORS; n++) await centre.hire(`beto-${n}`, 'supervisor');
  for (let n = 0; n < UNITS; n++) unitIds.push(await centre.unit('beto-0'));
  game = new DeskGame(unitIds, random, () => test.clock.nowMs());
});
afterAll(() => test.close());

let steps = 0;
let looking = Promise.resolve();

async function play(operator: string): Promise<void> {
  while (steps < STEPS) {
    steps++;
    await step(operator, game.next());
    if (steps % LOOK_EVERY === 0) await lookNow();
  }
}

async function step(operator: string, move: Move): Promise<void> {
  const commandId = randomUUID();
  const body = { ...centre.envelope(commandId), ...move.wish };
  const send = () => centre.ask<CommandAnswer | ErrorBody>(operator, 'POST', move.path, body);
  const answered = await send();
  if (random() * AGAIN_ONE_IN < 1) expect(await send()).toEqual(answered);
  answers.set(commandId, meaningOf(answered, move));
  if (answered.status < 300) game.done(move);
}

/** A refusal is a code of the rules: nothing of the game is malformed, forbidden or too much. */
function meaningOf({ status, body }: Answered<CommandAnswer | ErrorBody>, move: Move): number | string | null {
  if (status < 300 && 'seq' in body) return body.seq;
  const { code } = body as ErrorBody;
  if (!Object.hasOwn(DISPATCH_CODES, code))
    throw new Error(`${JSON.stringify(move)} was answered ${status} ${JSON.stringify(body)}`);
  return code;
}

/** One after the other: the chain is looked at from where it was looked at last. */
function lookNow(): Promise<void> {
  looking = looking.then(() => test.dataSource.transaction('REPEATABLE READ', look));
  return looking;
}

/** What holds at every moment, also between the moves of others. */
async function look(manager: EntityManager): Promise<void> {
  const incidents = await rowsOf<Incident>('incident', manager);
  const units = await rowsOf<Unit>('unit', manager);
  expectOnePlaceForEach(
    incidents.map(({ state }) => state),
    units.map(({ state }) => state),
  );
  for (const { state, status, live } of incidents) {
    expect([state.id, status, live]).toEqual([state.id, statusOf(state), isLive(state)]);
    if (!isLive(state)) expect(activeAssignments(state)).toEqual([]);
    const clocks = clocksOf(state);
    const struck = CLOCK_ORDER.map((name) => clocks[name]).filter((atMs) => atMs !== null) as number[];
    expect(struck).toEqual(struck.toSorted((a, b) => a - b));
  }
  for (const { state, status } of units) expect([state.id, status]).toEqual([state.id, unitStatusOf(state)]);
  await expectChain(manager);
}

/** A unit attends one incident at most, and both say the same of it. */
function expectOnePlaceForEach(incidents: readonly Incident[], units: readonly Unit[]): void {
  const sent = incidents.flatMap((incident) =>
    activeAssignments(incident).map(({ unitId, id, phase }) => `${unitId} ${incident.id} ${id} ${phase}`),
  );
  const attended = units.flatMap(({ id, state }) =>
    state.kind === 'assigned' ? [`${id} ${state.incidentId} ${state.assignmentId} ${state.phase}`] : [],
  );
  expect(sent.sort()).toEqual(attended.sort());
  const codes = incidents.map(({ code }) => Number(code.slice(5))).sort((a, b) => a - b);
  expect(codes).toEqual(codes.map((_, index) => index + 1));
}

/** Without a gap and chained, from where it was looked at last. */
async function expectChain(manager: EntityManager): Promise<void> {
  const source = sqlSource((sql, parameters) => manager.query(sql, [...parameters]));
  for (;;) {
    const rows = await source.rowsAfter(verifier.at.seq, PAGE_ROWS);
    for (const row of rows) verifier.next(row);
    if (rows.length < PAGE_ROWS) break;
  }
  expect(verifier.conclude().broken).toBeNull();
}

interface Row<T> {
  readonly state: T;
  readonly status: string;
  readonly live?: boolean;
}

function rowsOf<T>(table: 'incident' | 'unit', manager: EntityManager): Promise<Row<T>[]> {
  return manager.query(`SELECT * FROM ${table}`);
}

/** What was acknowledged is in the ledger under its number, and of what was refused there is nothing. */
async function expectEveryAnswerKept(): Promise<void> {
  const told = await test.dataSource.query<{ id: string; first: string; last: string; entries: number }[]>(
    `SELECT command_id AS id, min(seq) AS first, max(seq) AS last, count(*)::int AS entries
     FROM ledger_entry GROUP BY command_id`,
  );
  for (const { id, first, last, entries } of told)
    expect([id, Number(last) - Number(first) + 1]).toEqual([id, entries]);
  const lastSeq = new Map(told.map(({ id, last }) => [id, Number(last)]));
  for (const [commandId, answer] of answers)
    expect([commandId, lastSeq.get(commandId)]).toEqual([commandId, typeof answer === 'number' ? answer : undefined]);
}

it(
  'holds its invariants while twenty people act at once on the same things',
  async () => {
    await Promise.all(Array.from({ length: OPERATORS }, (_, operator) => play(`beto-${operator}`)));
    await lookNow();
    await expectEveryAnswerKept();
    const report = await checkRebuild(test.dataSource, new LedgerStore(test.dataSource), PROJECTIONS);
    expect(report.projections).toEqual(['dispatch', 'shifts'].map((name) => ({ name, differences: [] })));

    // A game that gets nowhere proves nothing.
    const outcomes = [...answers.values()];
    const refused = outcomes.filter((answer) => typeof answer === 'string');
    expect(outcomes.length - refused.length).toBeGreaterThan(STEPS / 5);
    expect(new Set(refused).size).toBeGreaterThan(12);
    const kinds = await test.dataSource.query<{ kind: string }[]>('SELECT DISTINCT kind FROM ledger_entry');
    const played = DISPATCH_EVENT_KINDS.filter((kind) => kinds.some((row) => row.kind === kind));
    expect(played.length).toBeGreaterThan(DISPATCH_EVENT_KINDS.length / 2);
    if (STEPS > 1_000) console.log(summary(outcomes, report.events, played.length));
  },
  60_000 + STEPS * 60,
);

function summary(outcomes: readonly (number | string | null)[], events: number, kinds: number): string {
  const codes = new Map<string, number>();
  for (const code of outcomes) if (typeof code === 'string') codes.set(code, (codes.get(code) ?? 0) + 1);
  const refused = [...codes].sort((a, b) => b[1] - a[1]).map((entry) => entry.join(' '));
  const done = outcomes.filter((answer) => typeof answer !== 'string').length;
  return `${outcomes.length} steps, seed ${SEED}: ${done} done, ${events} events of ${kinds} kinds; refused: ${refused.join(', ')}`;
}
