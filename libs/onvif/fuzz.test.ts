import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { readDiscovery, readXml } from '#libs/onvif';
import { FUZZ_CASES } from './fuzz-cases.ts';

describe('hostile input', () => {
  const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 24_000);
  it.each(FUZZ_CASES.map((fuzz) => [fuzz.name, fuzz] as const))('%s neither throws nor stalls', (_name, fuzz) => {
    const random = seededRandom(20_260_122);
    for (const seed of fuzz.seeds) fuzz.run(seed);
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutate(fuzz.seeds, random, 2048);
      try {
        fuzz.run(bytes);
      } catch (thrown) {
        throw new Error(`run ${run} (${bytes.toString('base64')}) threw`, { cause: thrown });
      }
    }
  });

  it('reads the worst within its caps in under a second', () => {
    const worst = [
      'xmlns'.repeat(100_000),
      `<a ${'xmlns:b="'.repeat(50_000)}></a>`,
      `<a>${'&'.repeat(400_000)}</a>`,
      `<a>${'<!--'.repeat(100_000)}</a>`,
      `<a>${'<![CDATA['.repeat(50_000)}</a>`,
      '<'.repeat(500_000),
      `<a>${'<b c="d'.repeat(19_000)}`,
      `<a b="${'x '.repeat(200_000)}"/>`,
      ' '.repeat(500_000),
      `<a>${' '.repeat(500_000)}`,
    ];
    for (const text of worst) {
      const startMs = performance.now();
      readDiscovery(Buffer.from(text.slice(0, 65_507)));
      readXml(text);
      expect({ text: text.slice(0, 20), slow: performance.now() - startMs > 1000 }).toEqual({
        text: text.slice(0, 20),
        slow: false,
      });
    }
  });
});
