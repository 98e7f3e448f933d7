import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Arrival, SequenceTracker } from '#libs/rtp';

function feed(tracker: SequenceTracker, ...sequences: readonly number[]): Arrival[] {
  return sequences.map((sequence) => tracker.update(sequence & 0xffff));
}

describe('SequenceTracker', () => {
  it('follows the wrap and counts cycles', () => {
    const tracker = new SequenceTracker();
    expect(feed(tracker, 65_534, 65_535, 0, 1)).toEqual([Arrival.restart, Arrival.next, Arrival.next, Arrival.next]);
    expect(tracker).toMatchObject({ extendedHighest: 65_537, cumulativeLost: 0, lost: 0 });
  });

  it('tells loss, lateness and duplicates apart', () => {
    const tracker = new SequenceTracker();
    expect(feed(tracker, 10, 13, 12, 12, 10, 14)).toEqual([
      Arrival.restart,
      Arrival.afterGap,
      Arrival.late,
      Arrival.duplicate,
      Arrival.duplicate,
      Arrival.next,
    ]);
    expect(tracker).toMatchObject({ lost: 1, late: 1, duplicates: 2 });
  });

  it('believes a jump only when the next packet confirms it', () => {
    const tracker = new SequenceTracker();
    expect(feed(tracker, 1, 30_000, 2, 40_000, 40_001)).toEqual([
      Arrival.restart,
      Arrival.doubtful,
      Arrival.next,
      Arrival.doubtful,
      Arrival.restart,
    ]);
    expect(tracker.restarts).toBe(1);
  });

  it('gives the share lost of each interval in 256ths (RFC 3550 A.3)', () => {
    const tracker = new SequenceTracker();
    feed(tracker, 0, 1, 2, 5, 6, 7);
    expect(tracker.takeFractionLost()).toBe(64);
    feed(tracker, 8, 9);
    expect(tracker.takeFractionLost()).toBe(0);
    expect(tracker.cumulativeLost).toBe(2);
  });

  it('counts exactly what a shuffled, lossy, doubling network did', () => {
    const network = fc.record({
      first: fc.nat(65_535),
      fates: fc.array(fc.constantFrom('ok', 'ok', 'ok', 'lost', 'twice', 'swapped'), { maxLength: 300 }),
    });
    fc.assert(
      fc.property(network, ({ first, fates }) => {
        const sent = [first, ...sequencesOf(first + 1, fates), first + fates.length + 1, first + fates.length + 2];
        const tracker = new SequenceTracker();
        feed(tracker, ...sent);
        expect(tracker.lost).toBe(fates.filter((fate) => fate === 'lost').length);
        expect(tracker.duplicates).toBe(fates.filter((fate) => fate === 'twice').length);
        expect(tracker.received).toBe(sent.length);
      }),
    );
  });
});

/** What arrives: `swapped` packets come after their follower. */
function sequencesOf(first: number, fates: readonly string[]): number[] {
  const arriving: number[] = [];
  let held: number | undefined;
  fates.forEach((fate, at) => {
    const sequence = first + at;
    if (fate === 'swapped' && held === undefined) {
      held = sequence;
      return;
    }
    if (fate !== 'lost') arriving.push(sequence);
    if (fate === 'twice') arriving.push(sequence);
    if (held !== undefined) arriving.push(held);
    held = undefined;
  });
  return held === undefined ? arriving : [...arriving, held];
}
