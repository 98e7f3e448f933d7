import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { FIRST_TURN_MS, nextTurnMs, ReadTurns } from './read-turns.ts';

describe('ReadTurns', () => {
  it('resumes each socket once, after its time', async () => {
    const clock = new FakeClock();
    const turns = new ReadTurns(clock);
    const resumedAtMs: number[] = [];
    const paused = { resume: () => resumedAtMs.push(clock.monotonicMs()) };
    turns.wait(paused, 100);
    await clock.advance(40);
    turns.wait(paused, 100);
    turns.wait(paused, 250);
    turns.wait(paused, 1);
    await clock.advance(1_000);
    expect(resumedAtMs).toEqual([50, 100, 125, 275]);
    turns.stop();
  });

  it('lets one that pauses again in its turn wait as long again', async () => {
    const clock = new FakeClock();
    const turns = new ReadTurns(clock);
    let resumed = 0;
    const paused = {
      resume: () => {
        resumed++;
        turns.wait(paused, 250);
      },
    };
    turns.wait(paused, 250);
    await clock.advance(1_000);
    expect(resumed).toBe(4);
    turns.stop();
    await clock.advance(1_000);
    expect(resumed).toBe(4);
  });

  it('waits as long as 48 kB take, whatever the stream brings', () => {
    const settled = (bitsPerSecond: number): number => {
      let turnMs = FIRST_TURN_MS;
      for (let turn = 0; turn < 20; turn++) turnMs = nextTurnMs(turnMs, (bitsPerSecond / 8_000) * turnMs);
      return Math.round(turnMs);
    };
    expect([0.1e6, 0.5e6, 1e6].map(settled)).toEqual([250, 250, 250]);
    expect([2e6, 4e6, 8e6].map(settled)).toEqual([197, 98, 49]);
    expect(settled(100e6)).toBe(25);
  });

  it('does not trust one turn without pictures, and one large picture at once', () => {
    expect(nextTurnMs(100, 0)).toBe(150);
    expect(nextTurnMs(200, 96 * 1024)).toBe(100);
  });
});
