import { describe, expect, it } from '@jest/globals';
import { FakeClock, sleep } from '#libs/base';

describe('FakeClock', () => {
  it('fires timers in due order and lets what they start run in between', async () => {
    const clock = new FakeClock();
    const seen: string[] = [];
    clock.after(20, () => seen.push('b'));
    clock.after(10, () => {
      seen.push('a');
      clock.after(5, () => seen.push('a+5'));
    });
    await clock.advance(30);
    expect(seen).toEqual(['a', 'a+5', 'b']);
  });

  it('repeats until cancelled', async () => {
    const clock = new FakeClock();
    let count = 0;
    const timer = clock.every(10, () => count++);
    await clock.advance(35);
    timer.cancel();
    await clock.advance(35);
    expect(count).toBe(3);
  });

  it('keeps durations when the wall clock is set', async () => {
    const clock = new FakeClock(1_000);
    clock.jumpWallTo(9_000);
    await clock.advance(5);
    expect(clock.nowMs()).toBe(9_005);
    expect(clock.monotonicMs()).toBe(5);
  });
});

describe('sleep', () => {
  it('says whether the time passed or it was told to stop', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const full = sleep(clock, 10);
    const cut = sleep(clock, 1_000, stop.signal);
    await clock.advance(10);
    stop.abort();
    expect(await full).toBe(true);
    expect(await cut).toBe(false);
    expect(await sleep(clock, 1, stop.signal)).toBe(false);
  });
});
