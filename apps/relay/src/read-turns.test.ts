import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { ReadTurns } from './read-turns.ts';

describe('ReadTurns', () => {
  it('resumes each socket once, a tenth of a second after it paused', async () => {
    const clock = new FakeClock();
    const turns = new ReadTurns(clock);
    const resumedAtMs: number[] = [];
    const paused = { resume: () => resumedAtMs.push(clock.monotonicMs()) };
    turns.wait(paused);
    await clock.advance(40);
    turns.wait(paused);
    await clock.advance(1_000);
    expect(resumedAtMs).toEqual([100, 125]);
    turns.stop();
  });

  it('lets one that pauses again in its turn wait a whole round', async () => {
    const clock = new FakeClock();
    const turns = new ReadTurns(clock);
    let resumed = 0;
    const paused = {
      resume: () => {
        resumed++;
        turns.wait(paused);
      },
    };
    turns.wait(paused);
    await clock.advance(1_000);
    expect(resumed).toBe(10);
    turns.stop();
    await clock.advance(1_000);
    expect(resumed).toBe(10);
  });
});
