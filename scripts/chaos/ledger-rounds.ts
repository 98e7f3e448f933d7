import { LedgerLoad } from './ledger-load.ts';
import { LedgerTruth } from './ledger-truth.ts';
import { OwnPostgres } from './own-postgres.ts';
import { pause } from '../e2e/pause.ts';

const VICTIMS = ['writer', 'postgres', 'both'] as const;

export interface LedgerChaosReport {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly entries: number;
}

/** Round after round: a writer under load, kill -9 at a random moment, everything up again, the truth checked. */
export async function ledgerChaos(
  rounds: number,
  random: () => number,
  tell: (line: string) => void,
): Promise<LedgerChaosReport> {
  const postgres = await OwnPostgres.start();
  const load = new LedgerLoad(postgres.url);
  const truth = new LedgerTruth(postgres.url);
  try {
    await load.migrate();
    load.start();
    await load.progress(200, 20_000);
    for (let round = 1; round <= rounds; round++) {
      const victim = VICTIMS[Math.floor(random() * VICTIMS.length)]!;
      await pause(20 + random() * 400);
      await killOne(victim, postgres, load);
      await load.progress(100, 30_000);
      const checked = await truth.check(load.acknowledged);
      tell(`round ${round}  kill -9 ${victim.padEnd(8)}  ${checked} acknowledged, ${truth.entries} entries`);
    }
    await load.kill();
    await truth.check(load.acknowledged);
    return { rounds, acknowledged: load.acknowledged.size, entries: truth.entries };
  } finally {
    await load.kill().catch(() => undefined);
    await postgres.stop();
  }
}

async function killOne(victim: (typeof VICTIMS)[number], postgres: OwnPostgres, load: LedgerLoad): Promise<void> {
  const killed: Promise<void>[] = [];
  if (victim !== 'writer') killed.push(postgres.kill());
  if (victim !== 'postgres') killed.push(load.kill());
  await Promise.all(killed);
  if (victim !== 'writer') await postgres.begin();
  if (victim !== 'postgres') load.start();
}
