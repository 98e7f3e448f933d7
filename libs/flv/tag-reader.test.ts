import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FLV_VIDEO, FlvReader, type FlvTag } from './tag-reader.ts';
import { readGolden } from './testdata/read-file.ts';
import { readVideoTag } from './video-tag.ts';

const FILE = readFileSync(join(import.meta.dirname, 'testdata/h264-bframes.flv'));

function tagsOf(chunkBytes: number): FlvTag[] {
  const tags: FlvTag[] = [];
  const onTag = (tag: FlvTag): unknown => tags.push({ ...tag, body: Buffer.from(tag.body) });
  const reader = new FlvReader({ maxTagBytes: 65_536, onTag });
  for (let at = 0; at < FILE.length; at += chunkBytes) {
    expect(reader.push(FILE.subarray(at, at + chunkBytes))).toBeUndefined();
  }
  return tags;
}

describe('a file of tags', () => {
  it.each([1, 7, 1_000_000])('gives the pictures that ffprobe sees, in chunks of %i bytes', (chunkBytes) => {
    const { packets } = readGolden('h264-bframes');
    const seen = tagsOf(chunkBytes).flatMap(({ type, timestampMs, body }) => {
      const tag = type === FLV_VIDEO ? readVideoTag(body) : undefined;
      if (tag?.kind !== 'picture') return [];
      const data = body.subarray(tag.from);
      const md5 = createHash('md5').update(data).digest('hex');
      return { dtsMs: timestampMs, ptsMs: timestampMs + tag.compositionMs, bytes: data.length, md5 };
    });
    expect(seen).toEqual(packets.map(({ dtsMs, ptsMs, bytes, md5 }) => ({ dtsMs, ptsMs, bytes, md5 })));
  });

  it('ends for ever at what is no FLV, and at a tag beyond the bound', () => {
    const never = { maxTagBytes: 16, onTag: () => {} };
    const wrong = new FlvReader(never);
    expect([wrong.push(Buffer.from('RIFFxxxxWAVE')), wrong.push(FILE)]).toEqual(['flv-signature', 'flv-signature']);
    expect(new FlvReader(never).push(FILE)).toBe('flv-tag-too-large');
  });
});
