import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { RestartRule } from './restart-rule.ts';

const bounds = { firstMs: 100, maxMs: 1_000, loopExits: 4, windowMs: 10_000, loopWaitMs: 5_000, stableMs: 3_000 };

describe('RestartRule', () => {
  it('waits longer each time and then sees a loop', () => {
    const rule = new RestartRule(new FakeClock(), bounds, () => 0);
    expect([1, 2, 3, 4, 5].map(() => rule.afterExit(0))).toEqual([
      { waitMs: 100, looping: false },
      { waitMs: 200, looping: false },
      { waitMs: 400, looping: false },
      { waitMs: 5_000, looping: true },
      { waitMs: 5_000, looping: true },
    ]);
  });

  it('starts afresh after a run that lasted', () => {
    const rule = new RestartRule(new FakeClock(), bounds, () => 0);
    for (let exits = 0; exits < 5; exits++) rule.afterExit(0);
    expect(rule.afterExit(3_000)).toEqual({ waitMs: 100, looping: false });
  });

  it('forgets ends that lie long ago', async () => {
    const clock = new FakeClock();
    const rule = new RestartRule(clock, bounds, () => 0);
    for (let exits = 0; exits < 8; exits++) {
      expect(rule.afterExit(1_000).looping).toBe(false);
      await clock.advance(4_000);
    }
  });
});
