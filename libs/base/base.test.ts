import { describe, expect, it } from '@jest/globals';
import { Backoff, BoundedQueue, ErrorCounter, FakeClock, isUuid, uuidV7 } from '#libs/base';

describe('BoundedQueue', () => {
  it('refuses the item that does not fit and keeps the order of the rest', () => {
    const queue = new BoundedQueue<number>(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
    expect(queue.shift()).toBe(1);
    expect(queue.push(4)).toBe(true);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([2, 4, undefined]);
  });
});

describe('Backoff', () => {
  it('doubles to its limit and begins again after a reset', () => {
    const backoff = new Backoff({ firstMs: 100, maxMs: 350, jitter: 0.5 }, () => 0);
    expect([backoff.nextMs(), backoff.nextMs(), backoff.nextMs()]).toEqual([100, 200, 350]);
    backoff.reset();
    expect(backoff.nextMs()).toBe(100);
  });

  it('shortens by at most the jitter share', () => {
    expect(new Backoff({ firstMs: 100, maxMs: 100, jitter: 0.5 }, () => 1).nextMs()).toBe(50);
  });
});

describe('uuidV7', () => {
  it('is a UUID whose first 48 bits are the time and whose version and variant are set', () => {
    const id = uuidV7(0x0123_4567_89ab, (bytes) => bytes.fill(0xff));
    expect(id).toBe('01234567-89ab-7fff-bfff-ffffffffffff');
    expect(isUuid(id)).toBe(true);
    expect(isUuid('01234567-89AB')).toBe(false);
  });
});

describe('ErrorCounter', () => {
  it('reports a storm once a period with its last example', async () => {
    const clock = new FakeClock();
    const reports: [number, string][] = [];
    const errors = new ErrorCounter(clock, (count, last) => reports.push([count, last]));
    errors.add('a');
    errors.add('b');
    await clock.advance(1_000);
    errors.add('c');
    errors.flush();
    expect(reports).toEqual([
      [2, 'b'],
      [1, 'c'],
    ]);
  });
});
