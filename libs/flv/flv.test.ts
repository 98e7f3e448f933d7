import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { readAvcVideo } from './avc-video.ts';
import { flvFuzzCases } from './fuzz-cases.ts';
import { FLV_VIDEO, FlvReader, type FlvTag } from './tag-reader.ts';

const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 12_000);
const SEED = Number(process.env['ATALAYA_FUZZ_SEED'] ?? 1);
const GOLDEN = join(process.cwd(), 'libs/flv/testdata');
const file = readFileSync(join(GOLDEN, 'x264.flv'));

function tagsOf(bytes: Buffer, chunkBytes: number): FlvTag[] {
  const tags: FlvTag[] = [];
  const reader = new FlvReader({
    maxTagBytes: 65_536,
    onTag: (tag) => tags.push({ ...tag, body: Buffer.from(tag.body) }),
  });
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    expect(reader.push(bytes.subarray(at, at + chunkBytes))).toBeUndefined();
  }
  return tags;
}

describe('FLV', () => {
  it.each([1, 7, 1_000_000])('gives the pictures that ffprobe sees, in chunks of %i bytes', (chunkBytes) => {
    const { packets } = JSON.parse(readFileSync(join(GOLDEN, 'x264.json'), 'utf8')) as { packets: unknown[] };
    const seen = tagsOf(file, chunkBytes).flatMap(({ type, timestampMs, body }) => {
      const video = type === FLV_VIDEO ? readAvcVideo(body) : undefined;
      if (video?.kind !== 'picture') return [];
      const data = body.subarray(5);
      expect(video.nals.reduce((sum, { from, to }) => sum + 4 + to - from, 0)).toBe(data.length);
      return {
        pts: timestampMs + video.compositionMs,
        dts: timestampMs,
        size: String(data.length),
        flags: video.isKey ? 'K_' : '__',
        data_hash: `SHA256:${createHash('sha256').update(data).digest('hex')}`,
      };
    });
    expect(seen).toEqual(packets);
  });

  it('reads the parameter sets of the decoder configuration', () => {
    const [config] = tagsOf(file, 64)
      .filter(({ type }) => type === FLV_VIDEO)
      .map(({ body }) => readAvcVideo(body));
    const sets = config?.kind === 'config' ? config.parameterSets : [];
    expect(sets.map((set) => set[0]! & 0x1f)).toEqual([7, 8]);
  });

  it('ends for ever at what is no FLV, and at a tag beyond the bound', () => {
    const never = { maxTagBytes: 16, onTag: () => {} };
    const wrong = new FlvReader(never);
    expect([wrong.push(Buffer.from('RIFFxxxxWAVE')), wrong.push(file)]).toEqual(['flv-signature', 'flv-signature']);
    expect(new FlvReader(never).push(file)).toBe('flv-tag-too-large');
  });

  it('survives hostile bytes', () => {
    const random = seededRandom(SEED);
    for (const { name, seeds, run } of flvFuzzCases) {
      for (let count = 0; count < RUNS; count++) {
        const bytes = mutate(seeds, random);
        try {
          run(bytes);
        } catch (error) {
          throw new Error(`${name} fails on ${bytes.toString('hex')}`, { cause: error });
        }
      }
    }
  }, 600_000);
});
