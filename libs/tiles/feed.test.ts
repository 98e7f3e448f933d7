import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LIVE_LIMITS, Playhead, TileFeed } from '#libs/tiles';

describe('TileFeed', () => {
  const limits = { highWaterBytes: 1_000, lowWaterBytes: 100 };

  it('starts at a key fragment that there is room for, and numbers what it sends', () => {
    const feed = new TileFeed(limits);
    expect([feed.offer(false, 0), feed.offer(true, 101), feed.offer(true, 100)]).toEqual([undefined, undefined, 0]);
    expect([feed.takeBreak(), feed.takeBreak(), feed.offer(false, 1_000)]).toEqual([true, false, 1]);
    expect(feed.skippedFragments).toBe(0);
  });

  it('skips to the next key fragment under back-pressure, and the numbers show the gap', () => {
    const feed = new TileFeed(limits);
    feed.offer(true, 0);
    feed.takeBreak();
    expect(feed.offer(false, 1_001)).toBeUndefined();
    expect(feed.offer(true, 500)).toBeUndefined();
    expect(feed.offer(false, 0)).toBeUndefined();
    expect(feed.offer(true, 100)).toBe(4);
    expect([feed.takeBreak(), feed.skippedFragments]).toEqual([true, 3]);
  });

  it('sends nothing while paused and waits for a key fragment afterwards', () => {
    const feed = new TileFeed(limits);
    feed.offer(true, 0);
    feed.pause();
    feed.restart();
    expect([feed.offer(true, 0), feed.state]).toEqual([undefined, 'paused']);
    feed.resume();
    expect([feed.offer(false, 0), feed.offer(true, 0)]).toEqual([undefined, 1]);
  });

  it('never sends a fragment that cannot be decoded, and its numbers account for every loss', () => {
    const step = fc.record({
      isKey: fc.boolean(),
      held: fc.nat(1_500),
      act: fc.constantFrom('', '', '', 'pause', 'resume', 'restart'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const feed = new TileFeed(limits);
        let decodable = false;
        let sent = 0;
        let last = -1;
        for (const { isKey, held, act } of steps) {
          if (act !== '') feed[act as 'pause']();
          if (act === 'pause' || act === 'restart') decodable = false;
          const skippedBefore = feed.skippedFragments;
          const sequence = feed.offer(isKey, held);
          if (feed.skippedFragments > skippedBefore) decodable = false;
          if (sequence === undefined) continue;
          expect(isKey || decodable).toBe(true);
          decodable = true;
          sent++;
          last = sequence;
        }
        expect(sent + feed.skippedFragments).toBeGreaterThanOrEqual(last + 1);
      }),
    );
  });
});

describe('Playhead', () => {
  const PICTURE_MS = 66;
  /** A player that is told of every append, against arrivals with the given lateness. */
  const play = (playhead: Playhead, lateness: readonly number[]) => {
    let currentMs = 0;
    let rate = 1;
    let stalls = 0;
    let lastMs = 0;
    for (const [index, lateMs] of lateness.entries()) {
      const nowMs = index * PICTURE_MS + lateMs;
      const endMs = (index + 1) * PICTURE_MS;
      const wantedMs = currentMs + (nowMs - lastMs) * rate;
      if (wantedMs > index * PICTURE_MS + PICTURE_MS) stalls++;
      currentMs = Math.min(wantedMs, Math.max(index * PICTURE_MS, currentMs));
      lastMs = nowMs;
      playhead.arrived(nowMs, index * PICTURE_MS, PICTURE_MS);
      const order = playhead.order({ currentMs, bufferedStartMs: 0, bufferedEndMs: endMs });
      if (order.seekMs !== undefined) currentMs = order.seekMs;
      rate = order.rate;
    }
    return { behindMs: lateness.length * PICTURE_MS - currentMs, rate, stalls };
  };

  it('plays faster when behind, slower when nearly dry, at rate 1 near the target', () => {
    const playhead = new Playhead();
    playhead.arrived(0, 0, PICTURE_MS);
    const at = (aheadMs: number): number =>
      playhead.order({ currentMs: 5_000, bufferedStartMs: 0, bufferedEndMs: 5_000 + aheadMs }).rate;
    expect(at(playhead.targetMs)).toBe(1);
    expect(at(playhead.targetMs + 100)).toBe(1.1);
    expect(at(600)).toBe(LIVE_LIMITS.maxRate);
    expect(at(playhead.targetMs - 40)).toBe(0.96);
    expect(at(0)).toBe(LIVE_LIMITS.minRate);
  });

  it('holds next to no stock behind an even arrival, and comes back to it from far behind', () => {
    const even = play(
      new Playhead(),
      Array.from({ length: 300 }, () => 0),
    );
    expect(even.behindMs).toBeLessThan(PICTURE_MS + LIVE_LIMITS.minStockMs + 15);
    const hiccup = play(
      new Playhead(),
      Array.from({ length: 900 }, (_, index) => (index === 10 ? 500 : 0)),
    );
    expect(hiccup.behindMs).toBeLessThan(PICTURE_MS + LIVE_LIMITS.minStockMs + 15);
  });

  it('widens its target with lateness that lasts, within limits, and forgets it', () => {
    const playhead = new Playhead();
    for (let index = 0; index < 60; index++) playhead.arrived(index * 66 + (index % 3) * 50, index * 66, 66);
    expect(playhead.targetMs).toBeGreaterThan(66 + 70);
    expect(playhead.targetMs).toBeLessThanOrEqual(66 + LIVE_LIMITS.maxStockMs);
    playhead.reset();
    playhead.arrived(0, 0, 66);
    expect(playhead.targetMs).toBe(66 + LIVE_LIMITS.minStockMs);
  });

  it('takes a timeline that was cut short for what it is, not for lateness', () => {
    const playhead = new Playhead();
    playhead.arrived(0, 0, 66);
    playhead.arrived(30_000, 66, 66);
    expect(playhead.targetMs).toBe(66 + LIVE_LIMITS.minStockMs);
  });

  it('jumps to its target when far behind or outside what is buffered', () => {
    const playhead = new Playhead();
    playhead.arrived(0, 0, 40);
    const { targetMs } = playhead;
    expect(playhead.order({ currentMs: 0, bufferedStartMs: 0, bufferedEndMs: 2_000 }).seekMs).toBe(2_000 - targetMs);
    expect(playhead.order({ currentMs: 0, bufferedStartMs: 9_000, bufferedEndMs: 9_030 }).seekMs).toBe(9_000);
    expect(playhead.order({ currentMs: 99_000, bufferedStartMs: 0, bufferedEndMs: 2_000 }).seekMs).toBe(
      2_000 - targetMs,
    );
  });

  it('trims in large bites what lies far behind', () => {
    const playhead = new Playhead();
    const view = (currentMs: number) => ({ currentMs, bufferedStartMs: 0, bufferedEndMs: currentMs + 40 });
    expect(playhead.order(view(14_000)).removeBeforeMs).toBeUndefined();
    expect(playhead.order(view(15_001)).removeBeforeMs).toBe(5_001);
  });
});
