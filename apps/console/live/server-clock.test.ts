import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { ServerClock } from './server-clock.ts';

describe('server clock', () => {
  it('takes half of the round trip off and prefers the quickest answer', () => {
    const clock = new FakeClock(1_000_000);
    const server = new ServerClock(clock);
    server.measure(1_060_000, 200);
    expect(server.nowMs()).toBe(1_060_100);
    server.measure(1_070_000, 900);
    expect(server.nowMs()).toBe(1_060_100);
    server.measure(1_050_000, 20);
    expect(server.nowMs()).toBe(1_050_010);
  });

  it('listens again to slower answers when the best one is old', async () => {
    const clock = new FakeClock(1_000_000);
    const server = new ServerClock(clock, 60_000);
    server.measure(1_000_000, 10);
    await clock.advance(61_000);
    server.measure(2_000_000, 400);
    expect(server.nowMs()).toBe(2_000_200);
  });
});
