import { describe, expect, it } from '@jest/globals';
import type { TrackFormat } from '#libs/codec';
import { SampleTable, UnitFragmenter, fragmentHeadBytes, readOwnFragment, writeFragmentHead } from '#libs/fmp4';

const FRAME = 6_000;
const UNIT = Buffer.from('access unit');

function formatOf(change: Partial<TrackFormat> = {}): TrackFormat {
  return { codec: 'h264', framesPerSecond: 15, reorderFrames: 0, ...change } as TrackFormat;
}

function fragmenterOf(change: Partial<TrackFormat> = {}, maxBytes = 10_000): UnitFragmenter {
  const fragmenter = new UnitFragmenter(maxBytes);
  fragmenter.useFormat(formatOf(change));
  return fragmenter;
}

const add = (fragmenter: UnitFragmenter, pts90k: number, isKey = false) =>
  fragmenter.add(UNIT, 0, UNIT.length, { pts90k, isKey, arrivedMs: 0 });
const sampleOf = (fragment: ReturnType<typeof add>) => readOwnFragment(fragment!.bytes)[0]!;

describe('UnitFragmenter', () => {
  it('begins with a key unit and gives each unit its own fragment', () => {
    const fragmenter = fragmenterOf();
    expect(add(fragmenter, 0)).toBeUndefined();
    const key = add(fragmenter, FRAME, true);
    const { from, to, isKey } = sampleOf(key);
    expect([isKey, key!.bytes.subarray(from, to).toString()]).toEqual([true, 'access unit']);
    expect(sampleOf(add(fragmenter, 2 * FRAME))).toMatchObject({ isKey: false, dts: sampleOf(key).dts + FRAME });
  });

  it('keeps the distances of pictures, and lets no step grow to what a browser takes for a break', () => {
    const fragmenter = fragmenterOf();
    const at = [0, 1, 2, 2.5, 3.5, 20, 21, 22].map(
      (frames, index) => sampleOf(add(fragmenter, 1_000_000 + frames * FRAME, index === 0)).dts,
    );
    const steps = at.slice(1).map((dts, index) => dts - at[index]!);
    expect(steps.slice(0, 4)).toEqual([FRAME, FRAME, FRAME / 2, FRAME]);
    expect(steps[4]).toBeLessThan(2 * FRAME);
    expect(steps.slice(5)).toEqual([FRAME, FRAME]);
  });

  it('learns a rate that the stream does not tell', () => {
    const fragmenter = fragmenterOf({ framesPerSecond: undefined });
    const at = Array.from({ length: 30 }, (_, index) => sampleOf(add(fragmenter, index * 18_000, index === 0)).dts);
    expect(at[29]! - at[28]!).toBe(18_000);
  });

  it('goes on without a hole after a break, at a key unit', () => {
    const fragmenter = fragmenterOf();
    add(fragmenter, 0, true);
    const last = sampleOf(add(fragmenter, FRAME));
    fragmenter.breakRun();
    expect(add(fragmenter, 50_000_000)).toBeUndefined();
    expect(sampleOf(add(fragmenter, 50_006_000, true)).dts).toBe(last.dts + FRAME);
  });

  it('shows reordered pictures in their order', () => {
    const fragmenter = fragmenterOf({ reorderFrames: 1 });
    const pictures = [0, 3, 1, 2, 6, 4, 5].map((place) => sampleOf(add(fragmenter, place * FRAME, place === 0)));
    expect(pictures.map(({ pts }) => (pts - pictures[0]!.pts) / FRAME)).toEqual([0, 3, 1, 2, 6, 4, 5]);
    const rising = pictures.slice(1).every(({ dts }, index) => dts > pictures[index]!.dts);
    expect(rising && pictures.every(({ pts, dts }) => pts >= dts)).toBe(true);
  });

  it('waits for a key unit behind a hole between reordered pictures', () => {
    const fragmenter = fragmenterOf({ reorderFrames: 1 });
    for (const place of [0, 2, 1, 3]) add(fragmenter, place * FRAME, place === 0);
    add(fragmenter, 60 * FRAME);
    expect(add(fragmenter, 61 * FRAME)).toBeUndefined();
    expect(add(fragmenter, 63 * FRAME)).toBeUndefined();
    expect(add(fragmenter, 64 * FRAME, true)).toBeDefined();
  });

  it('refuses a unit that is too large, and what needs it', () => {
    const fragmenter = fragmenterOf({}, 100);
    expect(add(fragmenter, 0, true)).toBeUndefined();
    expect(add(fragmenter, FRAME)).toBeUndefined();
  });
});

describe('readOwnFragment', () => {
  it('reads back what was written, with and without offsets, behind a styp or not', () => {
    for (const shift of [0, 6_000]) {
      for (const opensSegment of [false, true]) {
        const samples = new SampleTable();
        samples.push(5, 2 ** 33, 2 ** 33 + shift, true);
        samples.push(7, 2 ** 33 + 3_600, 2 ** 33 + 3_600, false);
        const headBytes = fragmentHeadBytes(samples, opensSegment);
        const bytes = Buffer.alloc(headBytes + 12);
        writeFragmentHead(bytes, 0, samples, { sequence: 1, endTicks: 2 ** 33 + 7_200, opensSegment });
        const at = { from: headBytes, to: headBytes + 5 };
        expect(readOwnFragment(bytes)).toEqual([
          { dts: 2 ** 33, pts: 2 ** 33 + shift, isKey: true, ...at },
          { dts: 2 ** 33 + 3_600, pts: 2 ** 33 + 3_600, isKey: false, from: at.to, to: at.to + 7 },
        ]);
      }
    }
  });
});
