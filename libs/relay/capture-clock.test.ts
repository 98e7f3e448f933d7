import { describe, expect, it } from '@jest/globals';
import { CaptureClock } from '#libs/relay';

const NOW_MS = 1_795_000_000_000;
const AHEAD = { errorMs: 97_000, uncertaintyMs: 500 };

/** Pictures of a camera whose clock is 97 s ahead, each under way for so long: how long it is told to have been. */
function toldUnderwayMs(underwayMs: readonly number[], error: typeof AHEAD | undefined): number[] {
  const clock = new CaptureClock();
  return underwayMs.map((ms, index) => {
    const arrivedMs = NOW_MS + index * 66 + ms;
    return arrivedMs - clock.captureTimeOf(NOW_MS + index * 66 + 97_000, arrivedMs, error).atMs;
  });
}

describe('CaptureClock', () => {
  it('knows delays against the fastest picture, however far the clock is off', () => {
    for (const error of [undefined, AHEAD]) {
      const told = toldUnderwayMs([20, 20, 320, 20, 60], error);
      [0, 0, 300, 0, 40].forEach((ms, index) => expect(told[index]).toBeCloseTo(ms, -1));
    }
  });

  it('adds what the measured clock proves beyond its uncertainty', () => {
    const told = toldUnderwayMs([900, 900, 1_000], AHEAD);
    [400, 400, 500].forEach((ms, index) => expect(told[index]).toBeCloseTo(ms, -1));
  });

  it('says when it can tell the arrival only', () => {
    const clock = new CaptureClock();
    expect(clock.captureTimeOf(undefined, NOW_MS, AHEAD)).toEqual({ atMs: NOW_MS, isArrival: true });
    expect(clock.captureTimeOf(NOW_MS, NOW_MS, undefined)).toEqual({ atMs: NOW_MS, isArrival: true });
    expect(clock.captureTimeOf(NOW_MS + 97_000, NOW_MS + 1, AHEAD).isArrival).toBe(false);
  });

  it('begins anew when the camera sets its clock, and follows a slow drift', () => {
    const clock = new CaptureClock();
    clock.captureTimeOf(NOW_MS, NOW_MS, undefined);
    const set = clock.captureTimeOf(NOW_MS - 3_600_000, NOW_MS + 66, undefined);
    expect(set.atMs).toBe(NOW_MS + 66);
    let last = 0;
    for (let second = 1; second <= 600; second++) {
      const arrivedMs = NOW_MS + second * 1_000;
      last = arrivedMs - clock.captureTimeOf(arrivedMs - 3_600_000 - second * 0.1, arrivedMs, undefined).atMs;
    }
    expect(last).toBeLessThan(10);
  });

  it('takes a delay that came and stays for a clock that was set, after a while', () => {
    const clock = new CaptureClock();
    const toldMs = Array.from({ length: 100 }, (_, second) => {
      const arrivedMs = NOW_MS + second * 1_000;
      return arrivedMs - clock.captureTimeOf(arrivedMs - (second < 10 ? 0 : 2_000), arrivedMs, undefined).atMs;
    });
    expect([toldMs[9], toldMs[10], toldMs[99]]).toEqual([0, 2_000, 0]);
  });

  it('disbelieves an error that would make a picture old beyond reason', () => {
    const clock = new CaptureClock();
    const told = clock.captureTimeOf(NOW_MS, NOW_MS, { errorMs: 60_000, uncertaintyMs: 500 });
    expect(told).toEqual({ atMs: NOW_MS, isArrival: true });
  });
});
