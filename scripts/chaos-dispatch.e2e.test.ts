import { describe, expect, it } from '@jest/globals';
import { deskChaos } from './chaos/desk-rounds.ts';
import { seededRandom } from './fuzz/mutate.ts';

/** The short form of `npm run chaos:dispatch`: one loss of both. */
describe('a centre whose api and database are killed under operators at work', () => {
  it('keeps every acknowledged command exactly once, and tables that are what the ledger says', async () => {
    const lines: string[] = [];
    const report = await deskChaos(1, seededRandom(7), (line) => lines.push(line));
    expect(lines.map((line) => /kill -9 (\w+)/.exec(line)?.[1])).toEqual(['both']);
    expect(report.done).toBeGreaterThanOrEqual(60);
    expect(report.refused).toBeGreaterThan(0);
    expect(report.entries).toBeGreaterThanOrEqual(report.done / 2);
    // Somebody was cut off, and sent the same again.
    expect(report.retries).toBeGreaterThan(0);
  }, 120_000);
});
