import { join } from 'node:path';
import { reasonOf, sleep } from '#libs/base';
import { CentreClient } from '../demo-town/centre-client.ts';
import { readLogins } from '../supervisor/logins.ts';
import { Account } from './account.ts';
import { DEMO_MANNERS } from './crew.ts';
import { FLEET } from './fleet.ts';
import { Memory } from './memory.ts';
import { Relief } from './relief.ts';
import { LOOK_EVERY_MS, RunningTown, STEP_MS, type TownSurroundings } from './running-town.ts';
import { Setup, type Member } from './setup.ts';
import { DEMO_PATIENCE } from './tidy.ts';
import type { Tally } from './vehicle.ts';
import { TabletVoice } from './voice.ts';

const CALLS_PER_HOUR = 20;
const OPERATOR = { maxOpen: 8, patience: DEMO_PATIENCE, repeatShare: 0.07 } as const;
/** A phone in a patrol car reports this often; below the half minute after which a mark fades. */
const PACE = { movingMs: 4_000, standingMs: 12_000 } as const;
const SETUP_RETRY_MS = 15_000;
const SETUP_LANES = 2;

export interface DemoWish {
  readonly url: string;
  readonly dataFolder: string;
  /** `undefined`: by the hour of the start. */
  readonly seed: string | undefined;
  readonly beat: (tally: Tally) => void;
}

/** The moving town of the demonstration, from the first start or a later one until it is told to stop. */
export async function runDemo({ url, dataFolder, seed, beat }: DemoWish, around: TownSurroundings): Promise<void> {
  const { line, clock, signal, logger } = around;
  const memory = Memory.read(join(dataFolder, 'demo-town.json'));
  const loginsFile = join(dataFolder, 'demo-logins.json');
  const members = await prepared(url, loginsFile, memory, beat, around);
  const accountOf = (login: { username: string; password: string }): Account =>
    new Account(url, login, line, clock, signal);
  const operator = memory.operator && { account: accountOf(memory.operator), accountId: memory.operator.accountId };
  const relief = operator && new Relief(operator.account, clock);
  logger.info({ units: members.length, calls: operator !== null }, 'the town lives');
  await new RunningTown(
    {
      url,
      members,
      operator,
      voiceOf: ({ known: { crew } }) => crew && new TabletVoice(accountOf(crew)),
      callsPerHour: CALLS_PER_HOUR,
      operatorManners: OPERATOR,
      crewManners: DEMO_MANNERS,
      pace: PACE,
      // Another start, other calls.
      seed: seed ?? `demo ${Math.floor(clock.nowMs() / 3_600_000)}`,
      lookEveryMs: LOOK_EVERY_MS,
      stepMs: STEP_MS,
      relieve: relief && ((vehicle, member) => relief.look(vehicle, member)),
      beat,
    },
    around,
  ).run();
}

/** Tried until it is done: the centre may be starting. None when stopped before. */
async function prepared(
  url: string,
  loginsFile: string,
  memory: Memory,
  beat: (tally: Tally) => void,
  { clock, signal, logger }: TownSurroundings,
): Promise<readonly Member[]> {
  do {
    beat({ reports: 0, lost: 0, words: 0, calls: 0 });
    const login = readLogins(loginsFile).find(({ role }) => role === 'administrator');
    if (!login) return remembered(memory);
    try {
      const centre = await CentreClient.signIn(url, login, signal);
      const wish = { centre, fleet: FLEET, memory, withAccounts: true, lanes: SETUP_LANES, clock, logger };
      const members = await new Setup(wish).run();
      await centre.signOut();
      return members;
    } catch (problem) {
      if (!signal.aborted) logger.warn({ reason: reasonOf(problem) }, 'the town could not be made ready yet');
    }
  } while (await sleep(clock, SETUP_RETRY_MS, signal));
  return [];
}

/** Without an administrator's login the town lives with what it made before. */
function remembered(memory: Memory): readonly Member[] {
  return FLEET.flatMap((spec) => {
    const known = memory.unit(spec.callSign);
    return known ? [{ spec, known, at: null }] : [];
  });
}
