import { parseArgs } from 'node:util';
import { reasonOf } from '#libs/base';
import { ledgerChaos } from './chaos/ledger-rounds.ts';
import { seededRandom } from './fuzz/mutate.ts';

const ROUNDS = 100;

/**
 * Kills a ledger writer, its PostgreSQL, or both without warning, again and again under load, and looks each time whether
 * every acknowledged command is in the ledger exactly once.
 *
 *   npm run chaos:ledger -- [--rounds 100] [--seed 1]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
  const rounds = Number(values.rounds ?? ROUNDS);
  const seed = Number(values.seed ?? 1);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes whole numbers from 1, got "${values.rounds}"`);
  console.log(`${rounds} rounds, seed ${seed}`);
  const report = await ledgerChaos(rounds, seededRandom(seed), (line) => console.log(line));
  console.log(
    `${report.acknowledged} commands were acknowledged, each is in the ledger exactly once (${report.entries} entries)`,
  );
}

try {
  await main();
} catch (thrown) {
  console.error(`chaos found a fault: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
