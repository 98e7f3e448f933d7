import { CentreClient } from '../demo-town/centre-client.ts';
import { readLogins } from '../supervisor/logins.ts';
import { Account } from './account.ts';
import { DEMO_MANNERS } from './crew.ts';
import { loadFleet } from './fleet.ts';
import { Memory } from './memory.ts';
import type { LoadOptions } from './options.ts';
import { LOOK_EVERY_MS, RunningTown, STEP_MS, type TownSurroundings } from './running-town.ts';
import { Setup } from './setup.ts';
import { DEMO_PATIENCE } from './tidy.ts';
import type { Tally } from './vehicle.ts';
import { RadioVoice } from './voice.ts';

const SETUP_LANES = 16;
const FIRST_WORD_MS = 10 * 60_000;

/** Load for a centre that runs: units that drive and report, and calls. Crews speak by radio, with one login. */
export async function runLoad(
  options: LoadOptions,
  beat: (tally: Tally) => void,
  around: TownSurroundings,
): Promise<void> {
  const { url, units, callsPerHour, everyS, maxOpen, seed } = options;
  const { line, clock, signal, logger } = around;
  const login = readLogins(options.logins).find(({ role }) => role === 'administrator');
  if (!login) throw new Error(`${options.logins} has no administrator's login`);
  const memory = Memory.read(options.state);
  const centre = await CentreClient.signIn(url, login, signal);
  logger.info({ units }, 'making the units ready');
  const fleet = loadFleet(units);
  const wish = { centre, fleet, memory, withAccounts: false, lanes: SETUP_LANES, clock, logger };
  const members = await new Setup(wish).run();
  await centre.signOut();
  const account = new Account(url, login, line, clock, signal);
  const accountId = await account.whoAmI();
  logger.info({ units: members.length, callsPerHour }, 'the town lives');
  await new RunningTown(
    {
      url,
      members,
      operator: { account, accountId },
      voiceOf: ({ known: { unitId } }) => new RadioVoice(account, unitId),
      callsPerHour,
      operatorManners: { maxOpen, patience: DEMO_PATIENCE, repeatShare: 0.07 },
      crewManners: { ...DEMO_MANNERS, firstWordMs: FIRST_WORD_MS },
      pace: { movingMs: everyS * 1_000, standingMs: everyS * 1_000 },
      seed,
      lookEveryMs: LOOK_EVERY_MS,
      stepMs: STEP_MS,
      relieve: null,
      beat,
    },
    around,
  ).run();
}
