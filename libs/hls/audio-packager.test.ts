import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { parseAudioConfig } from '#libs/codec';
import { AudioPackager } from './audio-packager.ts';
import { BlockPool } from './media-memory.ts';
import { lowLatencyPlaylist, mediaPlaylist } from './playlist.ts';
import { SegmentWindow } from './segment-window.ts';
import type { Part } from './segment.ts';

/** 16 kHz: a frame is 64 ms, 5,760 ticks; three make a part. */
const FORMAT = parseAudioConfig(Buffer.from('1408', 'hex'))!;
const FRAME_TICKS = 5_760;
const START_MS = Date.UTC(2026, 0, 1);
const FRAME = Buffer.from('0102030405', 'hex');

function packager() {
  const window = new SegmentWindow(100, new BlockPool(4_096), new FakeClock());
  const subject = new AudioPackager(window);
  subject.useFormat(FORMAT);
  const add = (frames: number, fromFrame: number, shiftTicks = 0, isExact = true): void => {
    for (let frame = fromFrame; frame < fromFrame + frames; frame++) {
      const pts90k = 1_000_000 + frame * FRAME_TICKS;
      const mediaTicks = 900_000 + frame * FRAME_TICKS + shiftTicks;
      subject.addUnit({ buffer: FRAME, from: 0, to: FRAME.length, pts90k, mediaTicks, isExact });
    }
  };
  return { window, subject, add };
}

const durations = (window: SegmentWindow): number[] =>
  window.listed.flatMap((segment) => segment.parts.map((part) => part.durationTicks));

/** `baseMediaDecodeTime` of `tfdt` version 1 (ISO/IEC 14496-12 §8.8.12), in samples. */
function startOf({ chunks }: Part): number {
  const bytes = Buffer.concat(chunks);
  return Number(bytes.readBigUInt64BE(bytes.indexOf('tfdt') + 8));
}

describe('AudioPackager', () => {
  it('cuts parts of whole frames and segments where the video has them', () => {
    const { window, subject, add } = packager();
    subject.segmentBegan(900_000, START_MS);
    add(16, 0);
    subject.segmentBegan(992_160, START_MS + 1_024);
    add(16, 16);
    subject.segmentBegan(1_084_320, START_MS + 2_048);
    expect(window.listed.map((segment) => segment.durationTicks)).toEqual([16 * FRAME_TICKS, 16 * FRAME_TICKS]);
    expect(durations(window).slice(0, 6)).toEqual([17_280, 17_280, 17_280, 17_280, 17_280, 5_760]);
    expect(window.listed.map((segment) => segment.startsAtMs - START_MS)).toEqual([0, 1_024]);
    expect(mediaPlaylist(window, 't=1').match(/#EXTINF:1\.02400,/g)).toHaveLength(2);
    expect(lowLatencyPlaylist(window, 't=1', { skips: false, reports: [] })).toContain('PART-TARGET=0.202');
  });

  it('tells the hour of its own first frame', () => {
    const { window, subject, add } = packager();
    subject.segmentBegan(900_000, START_MS);
    add(3, 2);
    subject.segmentBegan(1_000_000, START_MS + 1_111);
    expect(window.listed[0]!.startsAtMs - START_MS).toBe(128);
  });

  it('takes nothing before the video begins, and breaks where it breaks', () => {
    const { window, subject, add } = packager();
    add(3, 0);
    expect([window.isEmpty, subject.droppedUnits]).toEqual([true, 3]);
    subject.segmentBegan(900_000, START_MS);
    // The video broke before a frame of sound came: both playlists have to count it.
    subject.broke();
    subject.segmentBegan(1_800_000, START_MS + 10_000);
    add(6, 200);
    subject.segmentBegan(2_200_000, START_MS + 14_000);
    expect(window.listed.map((segment) => segment.isDiscontinuous)).toEqual([true]);
  });

  it('leaves holes where frames are missing, and moves nothing for jitter', () => {
    const { window, subject, add } = packager();
    subject.segmentBegan(900_000, START_MS);
    add(3, 0);
    add(3, 3, 300);
    add(3, 6, -300);
    add(3, 20);
    subject.segmentBegan(2_000_000, START_MS + 9_000);
    const starts = window.listed[0]!.parts.map((part) => startOf(part));
    expect(starts.map((start) => (start - starts[0]!) / 1024)).toEqual([0, 3, 6, 20]);
  });

  it('follows the clock of sender reports closely and that of arrivals loosely', () => {
    const placed = (isExact: boolean): number => {
      const { window, subject, add } = packager();
      subject.segmentBegan(900_000, START_MS);
      add(3, 0, 0, isExact);
      add(3, 3, 18_000, isExact);
      subject.segmentBegan(2_000_000, START_MS + 9_000);
      const [first, second] = window.listed[0]!.parts.map((part) => startOf(part));
      return (second! - first!) / 1024;
    };
    expect(placed(true)).toBeCloseTo(3 + 3.125, 3);
    expect(placed(false)).toBe(3);
  });

  it('drops what is for a time that is over', () => {
    const { window, subject, add } = packager();
    subject.segmentBegan(900_000, START_MS);
    add(6, 10);
    add(2, 5);
    expect([subject.droppedUnits, window.open!.parts.length]).toEqual([2, 1]);
  });
});
