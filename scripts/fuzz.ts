import { parseArgs } from 'node:util';
import { reasonOf, systemClock } from '#libs/base';
import { codecFuzzCases } from '../libs/codec/fuzz-cases.ts';
import { flvFuzzCases } from '../libs/flv/fuzz-cases.ts';
import { FUZZ_CASES as onvifFuzzCases } from '../libs/onvif/fuzz-cases.ts';
import { rtpFuzzCases } from '../libs/rtp/fuzz-cases.ts';
import { rtspFuzzCases } from '../libs/rtsp/fuzz-cases.ts';
import { tilesFuzzCases } from '../libs/tiles/fuzz-cases.ts';
import { mutate, seededRandom } from './fuzz/mutate.ts';

/**
 * Hostile inputs for every parser of what comes from outside.
 *
 *   npm run fuzz -- [--runs 1000000] [--seed 1] [--only rtsp]
 *
 * `--runs` counts the inputs of all parsers together. A finding is printed as hexadecimal with the seed that makes it
 * again, and belongs into the parser's fixtures.
 */
interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

const CASES: readonly FuzzCase[] = [
  ...codecFuzzCases,
  ...flvFuzzCases,
  ...rtpFuzzCases,
  ...rtspFuzzCases,
  ...onvifFuzzCases,
  ...tilesFuzzCases,
];
/** An input that takes longer has found something slower than linear. */
const SLOW_MS = 250;

function fuzz(entry: FuzzCase, runs: number, seed: number): string | undefined {
  const random = seededRandom(seed);
  for (let run = 0; run < runs; run++) {
    const bytes = mutate(entry.seeds, random);
    const startedMs = systemClock.monotonicMs();
    try {
      entry.run(bytes);
    } catch (thrown) {
      return `${reasonOf(thrown)} (seed ${seed}, input ${run}): ${bytes.toString('hex')}`;
    }
    const tookMs = systemClock.monotonicMs() - startedMs;
    if (tookMs > SLOW_MS) return `took ${Math.round(tookMs)} ms (seed ${seed}, input ${run}): ${bytes.toString('hex')}`;
  }
  return undefined;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const cases = CASES.filter((entry) => entry.name.includes(values.only));
  const each = Math.ceil(Number(values.runs) / cases.length);
  if (!(each > 0) || !Number.isInteger(Number(values.seed))) throw new Error('--runs and --seed take whole numbers');
  for (const entry of cases) {
    const startedMs = systemClock.monotonicMs();
    const finding = fuzz(entry, each, Number(values.seed));
    const seconds = (systemClock.monotonicMs() - startedMs) / 1_000;
    console.log(`${entry.name.padEnd(28)} ${each} inputs ${seconds.toFixed(1)} s ${finding ? 'FAILED' : 'ok'}`);
    if (finding === undefined) continue;
    console.error(`  ${finding}`);
    process.exitCode = 1;
  }
}

try {
  main();
} catch (thrown) {
  console.error(reasonOf(thrown));
  process.exitCode = 2;
}
