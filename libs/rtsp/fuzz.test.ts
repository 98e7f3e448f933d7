import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { rtspFuzzCases } from './fuzz-cases.ts';
import { Dialog } from './testdata/dialog.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 100_000);
const SEED = Number(process.env['ATALAYA_FUZZ_SEED'] ?? 1);

describe('hostile bytes', () => {
  it('are survived by every parser', () => {
    const seeds = rtspFuzzCases.flatMap((one) => one.seeds);
    const random = seededRandom(SEED);
    for (let count = 0; count < RUNS; count++) {
      const bytes = mutate(seeds, random);
      for (const { name, run } of rtspFuzzCases) {
        try {
          run(bytes);
        } catch (error) {
          throw new Error(`${name} fails on ${bytes.toString('hex')}`, { cause: error });
        }
      }
    }
  }, 600_000);

  it('begin from a conversation that is right', () => {
    const { seeds } = rtspFuzzCases.find((one) => one.name === 'rtsp-session')!;
    const dialog = new Dialog({ url: 'rtsp://10.0.0.9/live', credential: { username: 'operator', password: 'x' } });
    dialog.raw(seeds[0]!);
    expect(dialog.failures).toEqual([]);
    expect([dialog.session.state.name, dialog.packets.length]).toEqual(['playing', 3]);
  });
});
