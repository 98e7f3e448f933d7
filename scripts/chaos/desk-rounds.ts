import { randomUUID } from 'node:crypto';
import { systemClock } from '#libs/base';
import { pause } from '../e2e/pause.ts';
import { ApiProcess } from './api-process.ts';
import { DeskGame } from './desk-game.ts';
import { DeskLoad } from './desk-load.ts';
import { DeskReader } from './desk-reader.ts';
import { DeskTruth } from './desk-truth.ts';
import { OwnPostgres } from './own-postgres.ts';

/** In this order, so that one round has killed each of them. */
const VICTIMS = ['both', 'postgres', 'api'] as const;
type Victim = (typeof VICTIMS)[number];

const OPERATORS = 20;
const UNITS = 8;
/** Commands that are done between two losses, beside what the loss itself puts off. */
const PROGRESS = 30;
const PROGRESS_WITHIN_MS = 60_000;
/** The kill comes at any moment of so long. */
const MAX_WAIT_MS = 400;

export interface DeskChaosReport {
  readonly rounds: number;
  /** Commands that were acknowledged, and those that the rules refused. */
  readonly done: number;
  readonly refused: number;
  /** Requests that got no answer, or "not now", and were sent again. */
  readonly retries: number;
  readonly entries: number;
}

/**
 * Round after round: operators at work over HTTP, kill -9 of the api, its PostgreSQL or both at a random moment, everything
 * up again and at work, the truth checked. Somebody outside reads the ledger all the while and must miss and repeat nothing.
 */
export async function deskChaos(
  rounds: number,
  random: () => number,
  tell: (line: string) => void,
): Promise<DeskChaosReport> {
  const postgres = await OwnPostgres.start();
  const api = await ApiProcess.on(postgres.url);
  const reader = new DeskReader(api.url);
  try {
    api.begin();
    await api.ready();
    const cookie = await api.cookieOf('supervisor');
    const game = new DeskGame(await registerUnits(api.url, cookie), random, () => systemClock.nowMs());
    const load = new DeskLoad(api.url, game);
    const truth = new DeskTruth(postgres.url);
    reader.start(await api.cookieOf('auditor'));
    load.start(cookie, OPERATORS);
    await load.progress(PROGRESS, PROGRESS_WITHIN_MS);
    for (let round = 1; round <= rounds; round++) {
      const victim = VICTIMS[(round - 1) % VICTIMS.length]!;
      await pause(random() * MAX_WAIT_MS);
      await killOne(victim, postgres, api);
      await load.progress(PROGRESS, PROGRESS_WITHIN_MS);
      api.expectRunning();
      const checked = await truth.check(load.told);
      await load.whileResting(() => api.checkRebuild());
      tell(`round ${round}  kill -9 ${victim.padEnd(8)}  ${checked} answers, ${truth.entries} entries`);
    }
    await load.stop();
    await truth.check(load.told);
    await reader.expectAll(truth.entries);
    const { done, retries } = load;
    return { rounds, done, refused: load.told.size - done, retries, entries: truth.entries };
  } finally {
    await reader.stop();
    await api.stop();
    await postgres.stop();
  }
}

async function killOne(victim: Victim, postgres: OwnPostgres, api: ApiProcess): Promise<void> {
  const killed: Promise<void>[] = [];
  if (victim !== 'api') killed.push(postgres.kill());
  if (victim !== 'postgres') killed.push(api.kill());
  await Promise.all(killed);
  if (victim !== 'api') await postgres.begin();
  if (victim !== 'postgres') api.begin();
}

/** Units on duty, registered through the public interface. */
async function registerUnits(url: string, cookie: string): Promise<string[]> {
  const post = async (path: string, wish: object): Promise<void> => {
    const body = JSON.stringify({ commandId: randomUUID(), sentAtMs: systemClock.nowMs(), ...wish });
    const headers = { 'content-type': 'application/json', cookie };
    const response = await fetch(url + path, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  };
  const unitIds = Array.from({ length: UNITS }, () => randomUUID());
  for (const [index, unitId] of unitIds.entries()) {
    const callSign = `M-${index + 1}`;
    const profile = { callSign, kind: 'MOV', vehicle: null, equipment: [], sectorId: null, checkInEveryMs: null };
    await post('/api/units', { unitId, profile });
    const crew = [{ staffId: randomUUID(), name: 'Sereno', post: 'driver', skills: [] }];
    await post(`/api/units/${unitId}/duty`, { kind: 'startDuty', shiftId: null, crew, startKm: null });
  }
  return unitIds;
}
