import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DecodeTimes } from './decode-times.ts';

function decode(depth: number, pts: readonly number[], frameTicks = 10): number[] {
  const times = new DecodeTimes(depth, frameTicks);
  return pts.map((each) => times.next(each));
}

describe('DecodeTimes', () => {
  it('is the show time itself when nothing is reordered', () => {
    expect(decode(0, [100, 110, 120, 130])).toEqual([100, 110, 120, 130]);
  });

  it('runs one frame early for one level of B-frames', () => {
    expect(decode(1, [0, 30, 10, 20, 60, 40, 50])).toEqual([-10, 0, 10, 20, 30, 40, 50]);
  });

  it('runs two frames early for a pyramid', () => {
    expect(decode(2, [0, 40, 20, 10, 30, 80, 60, 50, 70])).toEqual([-20, -10, 0, 10, 20, 30, 40, 50, 60]);
  });

  it('finds the depth by itself when the parameter set hid it', () => {
    const pts = [0, 30, 10, 20, 60, 40, 50, 90, 70, 80, 120, 100, 110];
    const dts = decode(0, pts);
    expect(dts.slice(7).every((value, index) => value <= pts[index + 7]!)).toBe(true);
  });

  it('never stands still or goes back, whatever the camera sends', () => {
    const inputs = fc.tuple(
      fc.integer({ min: 0, max: 20 }),
      fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 1 }),
    );
    fc.assert(
      fc.property(inputs, ([depth, pts]) => {
        const dts = decode(depth, pts);
        return dts.every((value, index) => index === 0 || value > dts[index - 1]!);
      }),
      { numRuns: 500 },
    );
  });

  it('never decodes a picture after it is shown once the depth is right', () => {
    const gops = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(gops, (runs) => {
        const pts: number[] = [0];
        let shown = 0;
        for (const bFrames of runs) {
          pts.push((shown + bFrames + 1) * 10);
          for (let b = 1; b <= bFrames; b++) pts.push((shown + b) * 10);
          shown += bFrames + 1;
        }
        return decode(1, pts).every((dts, index) => dts <= pts[index]!);
      }),
    );
  });
});
