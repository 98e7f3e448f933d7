import path from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf, systemClock } from '#libs/base';
import { measureRecommendation } from './dispatch-recommend.ts';
import { measureIncidentCreate } from './dispatch/incident-create.ts';
import { measureLedgerAppend } from './dispatch/ledger-append.ts';
import { measurePositions } from './dispatch/positions.ts';
import { measureReconnect } from './dispatch/reconnect.ts';
import { BenchRecorder, tableOf } from './report.ts';
import { positive } from './whole-number.ts';

/**
 * What the hands of the watchtower cost, api, PostgreSQL and load on one machine, beside the plainest way to do the same.
 *
 *   npm run bench:dispatch -- [--only ledger-append] [--rounds 3] [--seconds 10] [--quick]
 */
const OUT_FOLDER = path.resolve(import.meta.dirname, '..', '..', 'bench', 'out');

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  /** Fewer units, so that it is over at once. */
  readonly quick: boolean;
}

/** One case: a row or more of the report, for every contender, each round. */
const CASES: Readonly<Record<string, (plan: Plan, into: BenchRecorder) => Promise<void>>> = {
  'ledger-append': measureLedgerAppend,
  'incident-create': measureIncidentCreate,
  'recommend-500': measureRecommendations,
  'positions-2000': measurePositions,
  'reconnect-200': measureReconnect,
};

function measureRecommendations({ rounds, seconds }: Plan, into: BenchRecorder): Promise<void> {
  for (let round = 1; round <= rounds; round++) measureRecommendation(into, seconds * 50);
  return Promise.resolve();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const plan: Plan = {
    rounds: positive(values.rounds ?? (quick ? '1' : '3'), '--rounds'),
    seconds: positive(values.seconds ?? (quick ? '1' : '10'), '--seconds'),
    quick,
  };
  // A short run must not overwrite the figures of a real one.
  const recorder = new BenchRecorder(quick ? 'dispatch-quick' : 'dispatch', systemClock.nowMs());
  for (const name of values.only?.split(',') ?? Object.keys(CASES)) {
    const measure = CASES[name];
    if (!measure) throw new Error(`--only takes ${Object.keys(CASES).join(', ')}, got "${name}"`);
    await measure(plan, recorder);
  }
  const { file, report } = await recorder.write(OUT_FOLDER);
  console.log(`${tableOf(report)}\n\n${file}`);
}

try {
  await main();
} catch (thrown) {
  console.error(`the benchmark failed: ${reasonOf(thrown, 2_000)}`);
  process.exitCode = 1;
}
