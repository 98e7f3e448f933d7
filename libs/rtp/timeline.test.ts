import { describe, expect, it } from '@jest/globals';
import { Jitter, Timeline } from '#libs/rtp';

describe('Timeline', () => {
  it('grows over the wrap and goes back for B-frames', () => {
    const line = new Timeline(90_000);
    const at = (timestamp: number, arrivedMs: number): number => line.unwrap(timestamp >>> 0, arrivedMs);
    const first = at(0xffff_f000, 0);
    expect(at(0xffff_f000 + 7_200, 40) - first).toBe(7_200);
    expect(at(0xffff_f000 + 3_600, 80) - first).toBe(3_600);
    expect(line.jumps).toBe(0);
  });

  it('goes on by the arrival clock when the encoder begins again', () => {
    const line = new Timeline(90_000);
    const before = line.unwrap(3_000_000_000, 1_000);
    expect(line.unwrap(17, 1_500) - before).toBe(45_000);
    expect(line.unwrap(17 + 3_600, 1_540) - before).toBe(48_600);
    expect(line.jumps).toBe(1);
  });

  it('does not take a camera that was frozen for a jump', () => {
    const line = new Timeline(90_000);
    const before = line.unwrap(0, 0);
    expect(line.unwrap(90_000 * 30, 30_000) - before).toBe(90_000 * 30);
    // The network held it back: many pictures at once, each its usual step after the other.
    expect(line.unwrap(90_000 * 30 + 3_600, 60_000) - before).toBe(90_000 * 30 + 3_600);
    expect(line.jumps).toBe(0);
  });

  it('counts in 90 kHz whatever the clock rate', () => {
    const line = new Timeline(1_000);
    const before = line.unwrap(5_000, 0);
    expect(line.unwrap(5_040, 40) - before).toBe(3_600);
  });

  it('maps to the wall clock of the sender report, also one that came before the first packet', () => {
    const line = new Timeline(90_000);
    line.report(90_000, 1_700_000_000_000);
    expect(line.wallClockOf(0)).toBeUndefined();
    const pts90k = line.unwrap(90_000 + 180_000, 0);
    expect(line.wallClockOf(pts90k)).toBe(1_700_000_002_000);
    expect(line.wallClockOf(pts90k - 90)).toBe(1_700_000_001_999);
  });

  it('does not believe a report far from the packets, nor one of the timestamps before a restart', () => {
    const line = new Timeline(90_000);
    const pts90k = line.unwrap(90_000_000, 0);
    line.report(1_000, 1_700_000_000_000);
    expect(line.wallClockOf(pts90k)).toBeUndefined();
    line.report(90_000_000, 1_700_000_000_000);
    expect(line.wallClockOf(pts90k)).toBe(1_700_000_000_000);
    line.restart();
    expect(line.wallClockOf(line.unwrap(5, 40))).toBeUndefined();
  });
});

describe('Jitter', () => {
  it('is zero for an even network and converges to the mean deviation of an uneven one', () => {
    const even = new Jitter(90_000);
    const uneven = new Jitter(90_000);
    for (let frame = 0; frame < 1_000; frame++) {
      even.update((frame * 3_600) >>> 0, frame * 40);
      uneven.update((frame * 3_600) >>> 0, frame * 40 + (frame % 2) * 10);
    }
    expect(even.value).toBe(0);
    // Every step of the transit is 10 ms = 900 ticks.
    expect(uneven.value).toBeGreaterThan(880);
    expect(uneven.value).toBeLessThanOrEqual(900);
  });
});
