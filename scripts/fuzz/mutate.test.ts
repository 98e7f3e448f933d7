import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from './mutate.ts';

describe('mutate', () => {
  const seeds = [Buffer.from('RTSP/1.0 200 OK\r\n\r\n'), Buffer.alloc(64, 7)];

  it('makes the same inputs again from the same seed', () => {
    const run = (seed: number): string[] => {
      const random = seededRandom(seed);
      return Array.from({ length: 50 }, () => mutate(seeds, random).toString('hex'));
    };
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('stays within its bound and leaves the seeds alone', () => {
    const random = seededRandom(3);
    const before = seeds.map((seed) => seed.toString('hex'));
    for (let run = 0; run < 5_000; run++) expect(mutate(seeds, random, 50).length).toBeLessThanOrEqual(50);
    expect(seeds.map((seed) => seed.toString('hex'))).toEqual(before);
  });
});
