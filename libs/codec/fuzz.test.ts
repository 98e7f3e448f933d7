import { describe, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { codecFuzzCases } from './fuzz-cases.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 100_000);

describe('hostile bytes', () => {
  it.each(codecFuzzCases.map((one) => [one.name, one] as const))(
    '%s survives',
    (_, { seeds, run }) => {
      const random = seededRandom(1);
      for (let count = 0; count < RUNS; count++) run(mutate(seeds, random));
    },
    120_000,
  );
});
