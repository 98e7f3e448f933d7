import { describe, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { tilesFuzzCases } from './fuzz-cases.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 100_000);
const SEED = Number(process.env['ATALAYA_FUZZ_SEED'] ?? 1);

describe('hostile bytes', () => {
  it('are survived by every parser', () => {
    const seeds = tilesFuzzCases.flatMap((one) => one.seeds);
    const random = seededRandom(SEED);
    for (let count = 0; count < RUNS; count++) {
      const bytes = mutate(seeds, random);
      for (const { name, run } of tilesFuzzCases) {
        try {
          run(bytes);
        } catch (error) {
          throw new Error(`${name} fails on ${bytes.toString('hex')}`, { cause: error });
        }
      }
    }
  }, 600_000);
});
