import { describe, expect, it } from '@jest/globals';
import { RecentDurations } from '#libs/base';

describe('recent durations', () => {
  it('are those that were added last', () => {
    const recent = new RecentDurations(100);
    expect(recent.figures()).toEqual({ count: 0, medianMs: 0, p95Ms: 0, maxMs: 0 });
    recent.add(7);
    expect(recent.figures()).toEqual({ count: 1, medianMs: 7, p95Ms: 7, maxMs: 7 });
    for (let ms = 1; ms <= 300; ms++) recent.add(ms);
    expect(recent.figures()).toEqual({ count: 100, medianMs: 250, p95Ms: 295, maxMs: 300 });
  });
});
