import { parseArgs } from 'node:util';
import { reasonOf } from '#libs/base';
import { deskChaos } from './chaos/desk-rounds.ts';
import { seededRandom } from './fuzz/mutate.ts';

const ROUNDS = 100;

/**
 * Kills the api, its PostgreSQL, or both without warning, again and again while operators work over HTTP, and looks each time
 * whether every acknowledged command is in the ledger exactly once and the tables are what the ledger says.
 *
 *   npm run chaos:dispatch -- [--rounds 100] [--seed 1]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
  const rounds = Number(values.rounds ?? ROUNDS);
  const seed = Number(values.seed ?? 1);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes whole numbers from 1, got "${values.rounds}"`);
  console.log(`${rounds} rounds, seed ${seed}`);
  const { done, refused, retries, entries } = await deskChaos(rounds, seededRandom(seed), (line) => console.log(line));
  console.log(
    `${done} commands were acknowledged, each is in the ledger exactly once (${entries} entries); ` +
      `${refused} were refused and left nothing; ${retries} requests had to be sent again`,
  );
}

try {
  await main();
} catch (thrown) {
  console.error(`chaos found a fault: ${reasonOf(thrown, 4_000)}`);
  process.exitCode = 1;
}
