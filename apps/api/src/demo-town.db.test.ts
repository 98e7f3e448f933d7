import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLogger, uuidV7 } from '#libs/base';
import { distanceM } from '#libs/geo';
import type { AccountView, IncidentDetail, IncidentItem, SectorView, UnitView } from '#libs/wire';
import { CentreClient } from '../../../scripts/demo-town/centre-client.ts';
import { Account } from '../../../scripts/town/account.ts';
import { DEMO_MANNERS } from '../../../scripts/town/crew.ts';
import { FLEET } from '../../../scripts/town/fleet.ts';
import { Line } from '../../../scripts/town/line.ts';
import { Memory } from '../../../scripts/town/memory.ts';
import { RunningTown } from '../../../scripts/town/running-town.ts';
import { Setup, type Member } from '../../../scripts/town/setup.ts';
import { DEMO_PATIENCE } from '../../../scripts/town/tidy.ts';
import { TabletVoice } from '../../../scripts/town/voice.ts';
import { TEST_PASSWORD, eventually, startTestApplication, type TestApplication } from '../testing/test-application.ts';

/** Three of the fleet: on wheels, on foot, with a dog. */
const SMALL = FLEET.filter(({ callSign }) => ['Halcón 1', 'Sierra Bravo 1', 'Can 1'].includes(callSign));
/** As in the demonstration, in seconds instead of minutes. */
const QUICK = {
  ...DEMO_MANNERS,
  deafShare: 0,
  acknowledgeMs: [50, 100],
  setOutMs: [50, 100],
  workMs: { P1: [200, 300], P2: [200, 300], P3: [200, 300], P4: [200, 300] },
  transportShare: 0,
  firstWordMs: 100,
} as const;

let test: TestApplication;
let folder: string;
let cookie: string;
let members: readonly Member[];

beforeAll(async () => {
  test = await startTestApplication();
  folder = await mkdtemp(join(tmpdir(), 'atalaya-town-'));
  cookie = await test.cookieOf(await test.addAccount('administradora', 'administrator'));
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

async function get<T>(path: string): Promise<T> {
  return (await (await test.call('GET', path, { cookie })).json()) as T;
}

async function send(method: string, path: string, body: Record<string, unknown>): Promise<number> {
  const nowMs = test.clock.nowMs();
  const whole = { commandId: uuidV7(nowMs), sentAtMs: Math.round(nowMs), ...body };
  return (await test.call(method, path, { cookie, body: whole })).status;
}

async function setUp(file = 'town.json'): Promise<readonly Member[]> {
  const { url, clock } = test;
  const login = { username: 'administradora', password: TEST_PASSWORD };
  const centre = await CentreClient.signIn(url, login, AbortSignal.timeout(20_000));
  const memory = Memory.read(join(folder, file));
  const wish = { centre, fleet: SMALL, memory, withAccounts: true, lanes: 3, clock, logger: silentLogger };
  const found = await new Setup(wish).run();
  await centre.signOut();
  return found;
}

/** Runs the town while `story` is told. */
async function during(callsPerHour: number, story: () => Promise<void>): Promise<void> {
  const { url, clock } = test;
  const stopping = new AbortController();
  const around = { line: new Line(clock, silentLogger), clock, logger: silentLogger, signal: stopping.signal };
  const accountOf = (login: { username: string; password: string }): Account =>
    new Account(url, login, around.line, clock, stopping.signal);
  const { operator } = Memory.read(join(folder, 'town.json'));
  const town = new RunningTown(
    {
      url,
      members,
      operator: { account: accountOf(operator!), accountId: operator!.accountId },
      voiceOf: ({ known }) => known.crew && new TabletVoice(accountOf(known.crew)),
      callsPerHour,
      operatorManners: { maxOpen: 3, patience: DEMO_PATIENCE, repeatShare: 0 },
      crewManners: QUICK,
      pace: { movingMs: 200, standingMs: 200 },
      seed: 'test',
      lookEveryMs: 100,
      stepMs: 100,
      relieve: null,
      beat: () => {},
    },
    around,
  ).run();
  try {
    await story();
  } finally {
    stopping.abort();
    await town;
  }
}

describe('the town of the demonstration, by the public interface', () => {
  it('makes sectors, units on duty and accounts of its own, once', async () => {
    members = await setUp();
    const again = await setUp();
    expect(again.map(({ known }) => known)).toEqual(members.map(({ known }) => known));
    const units = await get<UnitView[]>('/api/units');
    expect(units.map(({ callSign }) => callSign).toSorted()).toEqual(SMALL.map(({ callSign }) => callSign).toSorted());
    const sectors = await get<SectorView[]>('/api/sectors');
    expect(sectors).toHaveLength(7);
    for (const { duty, crew, sectorId } of units) {
      expect(duty).not.toBeNull();
      expect(crew.length).toBeGreaterThan(0);
      expect(sectors.some(({ id }) => id === sectorId)).toBe(true);
    }
    // The administrator, the operator and a crew each.
    expect(await get<AccountView[]>('/api/accounts')).toHaveLength(1 + 1 + SMALL.length);
  });

  it('reports where units are, and a crew that is sent goes there, works and is free again', async () => {
    await during(0, async () => {
      let car: UnitView | undefined;
      await eventually(async () => {
        const units = await get<UnitView[]>('/api/units');
        car = units.find(({ callSign }) => callSign === 'Halcón 1');
        return units.every(({ position, status }) => position?.age === 'fresh' && status === 'patrolling');
      });
      const { id: unitId, position } = car!;
      const incidentId = uuidV7(test.clock.nowMs());
      const place = { point: position!.point, sectorId: null, address: 'aquí', reference: '' };
      await send('POST', '/api/incidents', { incidentId, channel: 'TEL_LOCAL', typeCode: 'ORD-03', place });
      const assignmentId = uuidV7(test.clock.nowMs());
      const sent = await send('POST', `/api/incidents/${incidentId}/dispatch`, {
        kind: 'assign',
        unitId,
        assignmentId,
      });
      expect(sent).toBe(200);
      await eventually(async () => {
        const { assignments } = await get<IncidentDetail>(`/api/incidents/${incidentId}`);
        return assignments[0]!.end?.cause === 'cleared';
      }, 15_000);
      const { assignments } = await get<IncidentDetail>(`/api/incidents/${incidentId}`);
      const { reachedAtMs, end } = assignments[0]!;
      const steps = ['assigned', 'acknowledged', 'en-route', 'on-scene'] as const;
      const times = [...steps.map((step) => reachedAtMs[step]!), end!.atMs];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      const after = await get<UnitView>(`/api/units/${unitId}`);
      expect(distanceM(after.position!.point, position!.point)).toBeLessThan(60);
    });
  });

  it('goes on from where the units were, and takes calls until the board is full', async () => {
    const before = await get<UnitView[]>('/api/units');
    members = await setUp();
    for (const { known, at } of members)
      expect(at).toEqual(before.find(({ id }) => id === known.unitId)!.position!.point);
    // That of the story above is somebody else's, and there already.
    await during(20_000, () => eventually(async () => (await get<IncidentItem[]>('/api/incidents')).length >= 3));
    const live = await get<IncidentItem[]>('/api/incidents');
    expect(live).toHaveLength(3);
    for (const { classification, priority, place } of live) {
      expect(classification).not.toBeNull();
      expect(priority).not.toBeNull();
      expect(place!.point).not.toBeNull();
    }
  });

  it('leaves away what a person took away', async () => {
    const [walkers, car] = ['Sierra Bravo 1', 'Halcón 1'].map(
      (callSign) => members.find(({ spec }) => spec.callSign === callSign)!.known,
    );
    await send('POST', `/api/units/${walkers!.unitId}/duty`, { kind: 'endDuty', endKm: null });
    expect(await send('POST', `/api/units/${walkers!.unitId}/retire`, { reason: 'ya no hace falta' })).toBe(200);
    const [sector] = await get<SectorView[]>('/api/sectors');
    await test.call('DELETE', `/api/sectors/${sector!.id}`, { cookie, body: { reason: 'otro trazo' } });
    members = await setUp();
    expect(members.map(({ spec }) => spec.callSign).toSorted()).toEqual(['Can 1', 'Halcón 1']);
    expect((await get<SectorView[]>('/api/sectors')).map(({ id }) => id)).not.toContain(sector!.id);
    // What was lost is made again: units are known by their phones, whose tokens are taken back.
    const anew = await setUp('lost.json');
    const found = anew.find(({ spec }) => spec.callSign === 'Halcón 1')!.known;
    expect(found.unitId).toBe(car!.unitId);
    expect(found.osmAndPath).not.toBe(car!.osmAndPath);
    expect((await fetch(`${test.url}${car!.osmAndPath}?id=1&lat=-17.65&lon=-71.33`)).status).toBe(401);
  });
});
