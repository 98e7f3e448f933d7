import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { Assembly, type H264Format } from '#libs/codec';
import { BlockPool } from './media-memory.ts';
import { Packager } from './packager.ts';
import { SegmentWindow } from './segment-window.ts';

const FORMAT: H264Format = {
  codec: 'h264',
  widthPx: 640,
  heightPx: 360,
  codecString: 'avc1.42C01E',
  sampleAspect: undefined,
  framesPerSecond: 25,
  reorderFrames: 0,
  chromaFormatIdc: 1,
  bitDepthLuma: 8,
  bitDepthChroma: 8,
  sps: [Buffer.from('67', 'hex')],
  pps: [Buffer.from('68', 'hex')],
  profileIdc: 66,
  constraintFlags: 0xc0,
  levelIdc: 30,
};

const FRAME_TICKS = 3_600;
const FRAME_MS = 40;

class Source {
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
  readonly assembly = new Assembly(256, 1_000_000);
  readonly window = new SegmentWindow(1, new BlockPool(512), this.clock);
  readonly packager = new Packager({ assembly: this.assembly, window: this.window, clock: this.clock });
  frames = 0;
  pts = 0;

  /** Sends a frame whose bytes all are its number. */
  async frame(isKey: boolean, bytes = 20): Promise<void> {
    this.assembly.beginNal();
    this.assembly.append(Buffer.alloc(bytes, this.frames), 0, bytes);
    this.assembly.endNal();
    const size = this.assembly.unitBytes;
    this.assembly.commitUnit();
    // The next unit's first bytes are already there when this one is handed on.
    this.assembly.beginNal();
    this.assembly.appendByte(0xee);
    this.packager.addUnit({ pts90k: this.pts, isKey, arrivedMs: this.clock.monotonicMs(), bytes: size });
    this.assembly.dropUnit();
    this.frames++;
    this.pts += FRAME_TICKS;
    await this.clock.advance(FRAME_MS);
  }

  async run(count: number, keyEvery: number): Promise<void> {
    for (let index = 0; index < count; index++) await this.frame(index % keyEvery === 0);
  }
}

describe('Packager', () => {
  let source: Source;
  beforeEach(() => {
    source = new Source();
    source.packager.useFormat(FORMAT);
  });

  it('cuts parts of 200 ms and segments at the first key frame after a second', async () => {
    await source.run(60, 25);
    const [first, second] = source.window.listed;
    expect(source.window.listed).toHaveLength(2);
    expect(first!.durationTicks).toBe(90_000);
    expect(first!.parts.map((part) => part.durationTicks)).toEqual([18_000, 18_000, 18_000, 18_000, 18_000]);
    expect(first!.parts.map((part) => part.isIndependent)).toEqual([true, false, false, false, false]);
    expect(second!.startsAtMs - first!.startsAtMs).toBe(1_000);
  });

  it('carries every byte of every frame once and in order', async () => {
    await source.run(51, 25);
    const sent = source.window.listed.flatMap((segment) =>
      segment.parts.flatMap((part) => mediaOf(Buffer.concat(part.chunks))),
    );
    expect(sent.map((frame) => frame[0])).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(sent.every((frame) => frame.length === 20 && frame.every((byte) => byte === frame[0]))).toBe(true);
  });

  it('lets a segment be as long as the key frames are apart', async () => {
    await source.run(101, 100);
    expect(source.window.listed.map((segment) => segment.durationTicks)).toEqual([360_000]);
    expect(source.window.targetSeconds).toBe(4);
  });

  it('waits for a key frame at the start and after a break', async () => {
    await source.frame(false);
    expect(source.window.open).toBeUndefined();
    await source.run(30, 25);
    source.packager.breakTimeline();
    await source.frame(false);
    await source.run(26, 25);
    expect(source.packager.droppedUnits).toBe(2);
    expect(source.window.listed.map((segment) => segment.isDiscontinuous)).toEqual([false, false, true]);
  });

  it('keeps the media clock going by the arrival clock over a break', async () => {
    await source.run(26, 25);
    source.packager.breakTimeline();
    await source.clock.advance(5_000);
    source.pts = 123;
    await source.run(26, 25);
    const [, beforeBreak, afterBreak] = source.window.listed;
    expect(afterBreak!.startsAtMs - beforeBreak!.startsAtMs).toBe(FRAME_MS + 5_000);
    expect(decodeTime(afterBreak!.parts[0]!.chunks[0]!) - decodeTime(beforeBreak!.parts[0]!.chunks[0]!)).toBe(
      450_000 + FRAME_TICKS,
    );
  });

  it('turns a hole of seconds into a break instead of a long frame', async () => {
    await source.run(30, 25);
    await source.clock.advance(8_000);
    source.pts += 8_000 * 90;
    await source.frame(false);
    await source.run(26, 25);
    expect(source.window.listed.map((segment) => segment.durationTicks)).toEqual([90_000, 5 * FRAME_TICKS, 90_000]);
    expect(source.window.listed[2]!.isDiscontinuous).toBe(true);
    expect(source.window.targetSeconds).toBe(1);
  });

  it('goes on with a key frame after what it had packaged was declared old', async () => {
    await source.run(30, 25);
    source.packager.breakTimeline();
    source.window.clear();
    await source.frame(false);
    await source.run(26, 25);
    expect(source.window.listed.map((segment) => segment.durationTicks)).toEqual([90_000]);
  });

  it('starts a new init segment at a new format', async () => {
    await source.run(30, 25);
    source.packager.useFormat({ ...FORMAT, widthPx: 1280, heightPx: 720 });
    await source.run(26, 25);
    expect(source.window.listed.map((segment) => segment.initNumber)).toEqual([1, 1, 2]);
  });

  it('goes on with a stream without key frames, in segments of bounded length and memory', async () => {
    await source.run(3_000, 1_000_000);
    expect(source.packager.droppedUnits).toBe(0);
    expect(source.window.targetSeconds).toBe(10);
    expect(source.window.listed.length).toBeLessThanOrEqual(5);
    const { pool, totalBytes } = source.window;
    expect(pool.lent).toBeLessThanOrEqual(totalBytes / pool.blockBytes + 2);
  });

  it('recalls what a reader needs to begin at once: from the last key frame to the newest, as it came', async () => {
    expect(source.packager.recall(10_000)).toEqual([]);
    for (let number = 0; number < 19; number++) await source.frame(number === 0 || number === 6);
    const units = source.packager.recall(10_000);
    expect(units.map(({ bytes }) => bytes[4])).toEqual(Array.from({ length: 13 }, (_, index) => index + 6));
    expect(units.map(({ info }) => info.isKey)).toEqual(units.map((_, index) => index === 0));
    expect(units.map(({ info }) => info.pts90k)).toEqual(units.map((_, index) => (index + 6) * FRAME_TICKS));
    expect(units[0]!.info.arrivedMs - units[12]!.info.arrivedMs).toBeCloseTo(-12 * FRAME_MS);
    expect(source.packager.recall(100)).toEqual([]);
    source.packager.breakTimeline();
    expect(source.packager.recall(10_000)).toEqual([]);
  });
});

/** Frames in the mdat of a part, read by their lengths. */
function mediaOf(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = bytes.indexOf('mdat', 0, 'latin1') + 4;
  while (at < bytes.length) {
    const length = bytes.readUInt32BE(at);
    frames.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return frames;
}

function decodeTime(bytes: Buffer): number {
  return Number(bytes.readBigUInt64BE(bytes.indexOf('tfdt', 0, 'latin1') + 8));
}
