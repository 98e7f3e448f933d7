import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { rtpFuzzCases } from './fuzz-cases.ts';
import { CAPTURES, readCapture, Recorder, unframe } from './testdata/capture.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 100_000);
const SEED = Number(process.env['ATALAYA_FUZZ_SEED'] ?? 1);

describe('hostile bytes', () => {
  it('are survived by every parser', () => {
    const seeds = rtpFuzzCases.flatMap((one) => one.seeds);
    const random = seededRandom(SEED);
    for (let count = 0; count < RUNS; count++) {
      const bytes = mutate(seeds, random);
      for (const { name, run } of rtpFuzzCases) {
        try {
          run(bytes);
        } catch (error) {
          throw new Error(`${name} fails on ${bytes.toString('hex')}`, { cause: error });
        }
      }
    }
  }, 600_000);

  it.each(['h264', 'h265'] as const)('begin from a %s stream that is right', (codec) => {
    const { seeds } = rtpFuzzCases.find((one) => one.name === `${codec}-depacketizer`)!;
    const { units, receiver } = new Recorder(codec).receive(unframe(seeds[0]!));
    expect(units.map((unit) => unit.isKey)).toEqual([true, false]);
    expect(receiver.stats).toMatchObject({ damagedUnits: 0, malformedPayloads: 0, lostPackets: 0 });
  });

  it.each(CAPTURES)('hand on only units of the camera when packets of %s are lost, doubled and swapped', (name) => {
    const { codec, packets, units } = readCapture(name);
    const whole = new Set(units.map((unit) => unit.sha256));
    const random = seededRandom(2);
    for (let run = 0; run < 300; run++) {
      const { units: received } = new Recorder(codec).receive(mangle(packets, random));
      for (const unit of received) if (!whole.has(unit.sha256)) throw new Error(`run ${run}: not a unit of the file`);
    }
  });
});

function mangle(packets: readonly Buffer[], random: () => number): Buffer[] {
  const arriving: Buffer[] = [];
  for (const packet of packets) {
    const fate = random();
    if (fate < 0.03) continue;
    if (fate < 0.05 && arriving.length > 0) arriving.splice(-1, 0, packet);
    else arriving.push(packet);
    if (fate > 0.98) arriving.push(packet);
  }
  return arriving;
}
