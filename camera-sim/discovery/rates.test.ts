import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { Pacer } from './pacer.ts';
import { TokenBucket } from './token-bucket.ts';

describe('Pacer', () => {
  it('does a few things a tick, in order, and refuses what does not fit', async () => {
    const clock = new FakeClock();
    const pacer = new Pacer({ capacity: 5, tickMs: 10, perTick: 2 }, clock);
    const done: number[] = [];
    expect([1, 2, 3, 4, 5, 6].map((number) => pacer.add(() => done.push(number)))).toEqual([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(done).toEqual([]);
    await clock.advance(10);
    expect(done).toEqual([1, 2]);
    await clock.advance(20);
    expect(done).toEqual([1, 2, 3, 4, 5]);
    pacer.add(() => done.push(7));
    await clock.advance(10);
    expect(done.at(-1)).toBe(7);
  });

  it('does nothing more once closed', async () => {
    const clock = new FakeClock();
    const pacer = new Pacer({ capacity: 5, tickMs: 10, perTick: 2 }, clock);
    let done = 0;
    pacer.add(() => done++);
    pacer.close();
    await clock.advance(100);
    expect(done).toBe(0);
  });
});

describe('TokenBucket', () => {
  it('lets a burst pass and then the rate', async () => {
    const clock = new FakeClock();
    const bucket = new TokenBucket({ perSecond: 2, burst: 3 }, clock);
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([true, true, true, false]);
    await clock.advance(500);
    expect([bucket.take(), bucket.take()]).toEqual([true, false]);
    await clock.advance(3_600_000);
    expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([true, true, true, false]);
  });
});
