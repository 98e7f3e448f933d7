import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { flvFuzzCases } from './fuzz-cases.ts';
import { Recorder } from './testdata/read-file.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 10_000);
const SEED = Number(process.env['ATALAYA_FUZZ_SEED'] ?? 1);

describe('hostile bytes', () => {
  it.each(flvFuzzCases.map((one) => [one.name, one] as const))(
    'are survived by %s',
    (name, { seeds, run }) => {
      const random = seededRandom(SEED);
      for (let count = 0; count < RUNS; count++) {
        const bytes = mutate(seeds, random);
        try {
          run(bytes);
        } catch (error) {
          throw new Error(`${name} fails on ${bytes.toString('hex')}`, { cause: error });
        }
      }
    },
    600_000,
  );

  it.each([0, 1])('begin from streams that are right (%d)', (index) => {
    const seed = flvFuzzCases.find((one) => one.name === 'flv-video')!.seeds[index]!;
    const recorder = new Recorder();
    for (let at = 0; at < seed.length;) {
      const end = at + 2 + seed.readUInt16BE(at);
      recorder.video.tag(seed.subarray(at + 2, end), at, at);
      at = end;
    }
    expect(recorder.units.map((unit) => unit.isKey)).toEqual([true, false]);
    expect(recorder.video.stats).toMatchObject({ damagedUnits: 0, malformedPayloads: 0, refusedParameterSets: 0 });
  });
});
