import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_MALFORMED_TAGS, MAX_TAGS_WITHOUT_CONFIGURATION, MAX_VIDEO_TAG_BYTES } from './limits.ts';
import { enhancedTagsOf, readGolden, Recorder, videoTagsOf, type Golden, type Tag } from './testdata/read-file.ts';

const H264 = readGolden('h264-bframes');
const H265 = readGolden('h265-bframes');
const H264_TAGS = videoTagsOf('h264-bframes.flv');
const H265_TAGS = enhancedTagsOf('h265-bframes.mp4', H265);

/** H.265 written as encoders did before the enhanced headers: codec 12 where the specification has 7 for AVC. */
const OLD_H265_TAGS = H265_TAGS.map(({ body, timestampMs }, index): Tag => {
  const frame = (body[0]! & 0x70) | 12;
  const head = index === 0 ? [frame, 0, 0, 0, 0] : [frame, 1, ...body.subarray(5, 8)];
  return { body: Buffer.concat([Buffer.from(head), body.subarray(index === 0 ? 5 : 8)]), timestampMs };
});

/** Units against what ffprobe read: bytes, key pictures, and presentation times relative to the first. */
function expectAll({ units }: Recorder, { packets }: Golden): void {
  const [firstUnit, firstPacket] = [units[0]!, packets[0]!];
  expect(
    units.map(({ bytes, md5, isKey, pts90k }) => ({ bytes, md5, isKey, ms: (pts90k - firstUnit.pts90k) / 90 })),
  ).toEqual(packets.map(({ bytes, md5, isKey, ptsMs }) => ({ bytes, md5, isKey, ms: ptsMs - firstPacket.ptsMs })));
}

describe('a published stream', () => {
  it.each([
    ['H.264 with B-frames', H264_TAGS, H264, 'h264'],
    ['H.265 with B-frames, enhanced headers', H265_TAGS, H265, 'h265'],
    ['H.265 with B-frames, codec 12', OLD_H265_TAGS, H265, 'h265'],
  ] as const)('of %s gives the access units that ffprobe reads', (_what, tags, golden, codec) => {
    const recorder = new Recorder().take(tags);
    expectAll(recorder, golden);
    const { widthPx, heightPx } = golden;
    expect(recorder.formats).toMatchObject([{ codec, widthPx, heightPx }]);
    expect(recorder.formats[0]!.reorderFrames).toBeGreaterThan(0);
    expect(recorder.video.stats).toMatchObject({ damagedUnits: 0, malformedPayloads: 0, timestampJumps: 0 });
  });

  it('goes on over the wrap of its 32-bit timestamp', () => {
    const before = 0xffff_ffff - 500;
    const moved = H264_TAGS.map(({ body, timestampMs }) => ({ body, timestampMs: (timestampMs + before) >>> 0 }));
    const recorder = new Recorder();
    moved.forEach((tag, index) => recorder.video.tag(tag.body, tag.timestampMs, H264_TAGS[index]!.timestampMs));
    expectAll(recorder, H264);
    expect(recorder.video.stats.timestampJumps).toBe(0);
  });

  it('begins at a key picture, and again after the picture that broke', () => {
    const [configuration, ...pictures] = H264_TAGS;
    const broken = pictures.map((tag, index) => (index === 3 ? { ...tag, body: tag.body.subarray(0, 40) } : tag));
    const recorder = new Recorder().take([pictures[5]!, configuration!, pictures[6]!, ...broken]);
    const second = H264.packets.findIndex(({ isKey }, index) => isKey && index > 0);
    const expected = [...H264.packets.slice(0, 3), ...H264.packets.slice(second)];
    expect(recorder.units.map((unit) => unit.md5)).toEqual(expected.map((packet) => packet.md5));
    expect(recorder.video.stats.damagedUnits).toBe(1);
  });

  it('takes new parameter sets at the next key picture, without a break of what was', () => {
    const other = Buffer.from(H264_TAGS[0]!.body);
    // Another level in the record and in the SPS: the same pictures, another format.
    other[8] = 11;
    other[16] = 11;
    const at = H264_TAGS.length - 5;
    const recorder = new Recorder().take([...H264_TAGS.slice(0, at), { body: other, timestampMs: 1_000 }]);
    const formats = recorder.formats.length;
    recorder.take(H264_TAGS.slice(1).map((tag) => ({ ...tag, timestampMs: tag.timestampMs + 2_000 })));
    expect([formats, recorder.formats.length]).toEqual([1, 2]);
    expect(recorder.formats[1]!.codecString).toMatch(/0B$/i);
  });

  it.each([
    ['another codec in an old header', Buffer.from('12000000', 'hex'), 'codec-unsupported'],
    ['AV1', Buffer.concat([Buffer.from([0x90]), Buffer.from('av01')]), 'codec-unsupported'],
    ['several tracks in one message', Buffer.from('9600617663310000', 'hex'), 'codec-unsupported'],
    ['a record that is cut', Buffer.from('170000000001640009ffe10018', 'hex'), 'flv-configuration-malformed'],
    ['lengths of three bytes', Buffer.from('170000000001640009fee000', 'hex'), 'flv-configuration-malformed'],
  ])('of %s is refused, once', (_what, body, code) => {
    const recorder = new Recorder().take([{ body, timestampMs: 0 }, ...H264_TAGS, { body, timestampMs: 9 }]);
    expect([recorder.refusals, recorder.units]).toEqual([[code], []]);
  });

  it('that changes its codec is refused', () => {
    const recorder = new Recorder().take([...H264_TAGS, ...H265_TAGS]);
    expect(recorder.refusals).toEqual(['codec-mismatch']);
    expectAll(recorder, H264);
  });

  it('without a configuration, or of nothing readable, is given up', () => {
    const picture = H264_TAGS[1]!;
    const bare = new Recorder().take(Array.from({ length: MAX_TAGS_WITHOUT_CONFIGURATION }, () => picture));
    expect(bare.refusals).toEqual(['flv-no-configuration']);
    const noise = { body: Buffer.from('17010000000000ffff00', 'hex'), timestampMs: 0 };
    const lost = new Recorder().take([H264_TAGS[0]!, ...Array.from({ length: MAX_MALFORMED_TAGS }, () => noise)]);
    expect([lost.refusals, lost.units]).toEqual([['flv-malformed'], []]);
  });

  it('skips what is no picture: audio configuration, ends, commands, empty and oversize messages', () => {
    const nothing = ['', '57', '1702000000', '92687663 31', '9468766331'].map((hex) => ({
      body: Buffer.from(hex.replace(' ', ''), 'hex'),
      timestampMs: 0,
    }));
    const oversize = { body: Buffer.alloc(MAX_VIDEO_TAG_BYTES + 1, 0x17), timestampMs: 0 };
    const recorder = new Recorder().take([...nothing, oversize, ...H264_TAGS, ...nothing]);
    expectAll(recorder, H264);
    expect([recorder.refusals, recorder.video.stats.oversizeUnits]).toEqual([[], 1]);
  });

  it('hands on only whole pictures of the publisher, however its messages are cut, doubled and lost', () => {
    const whole = new Set(H264.packets.map((packet) => packet.md5));
    const change = fc.constantFrom('keep', 'keep', 'keep', 'drop', 'double', 'cut');
    fc.assert(
      fc.property(fc.array(change, { minLength: H264_TAGS.length, maxLength: H264_TAGS.length }), (changes) => {
        const tags = H264_TAGS.flatMap((tag, index) => mangled(tag, changes[index]!));
        return new Recorder().take(tags).units.every((unit) => whole.has(unit.md5));
      }),
      { numRuns: 200 },
    );
  });
});

function mangled(tag: Tag, change: string): Tag[] {
  if (change === 'drop') return [];
  if (change === 'double') return [tag, tag];
  return change === 'cut' ? [{ ...tag, body: tag.body.subarray(0, tag.body.length - 3) }] : [tag];
}
