import { describe, expect, it } from '@jest/globals';
import { ledgerChaos } from './chaos/ledger-rounds.ts';
import { seededRandom } from './fuzz/mutate.ts';

/** The short form of `npm run chaos:ledger`. */
describe('a ledger whose writer and database are killed', () => {
  it('holds every acknowledged command exactly once', async () => {
    const lines: string[] = [];
    const report = await ledgerChaos(3, seededRandom(7), (line) => lines.push(line));
    // What this seed kills: each of the three, so that none of them goes untried.
    expect(lines.map((line) => /kill -9 (\w+)/.exec(line)?.[1]).sort()).toEqual(['both', 'postgres', 'writer']);
    expect(report.acknowledged).toBeGreaterThanOrEqual(500);
    expect(report.entries).toBeGreaterThanOrEqual(report.acknowledged);
  }, 120_000);
});
