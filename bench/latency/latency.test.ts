import { describe, expect, it } from '@jest/globals';
import { percentileOf } from './percentiles.ts';
import { SentFrames } from './sent-frames.ts';

describe('percentileOf', () => {
  it('is the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentileOf(values, share))).toEqual([50, 95, 99, 100]);
    expect(percentileOf([7], 0.95)).toBe(7);
    expect(() => percentileOf([], 0.5)).toThrow(RangeError);
  });
});

describe('SentFrames', () => {
  it('finds the sending that a displayed frame comes from', () => {
    const sent = new SentFrames();
    sent.add([
      { frame: 3, sentAtMs: 1_000, sentMonotonicMs: 0 },
      { frame: 3, sentAtMs: 11_000, sentMonotonicMs: 0 },
    ]);
    sent.add([
      { frame: 3, sentAtMs: 11_000, sentMonotonicMs: 0 },
      { frame: 3, sentAtMs: 21_000, sentMonotonicMs: 0 },
    ]);
    expect([sent.latencyMs(3, 11_080), sent.latencyMs(3, 10_999), sent.latencyMs(3, 21_000)]).toEqual([80, 9_999, 0]);
    expect([sent.latencyMs(3, 999), sent.latencyMs(4, 11_080)]).toEqual([undefined, undefined]);
  });
});
