import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CaptureTimes } from './capture-times.ts';
import { LineLadder } from './line-ladder.ts';
import type { LineKind } from './line.ts';
import { LineLog } from './line-log.ts';
import { MainBudget } from './main-budget.ts';
import { streamBySize } from './stream-by-size.ts';

const MINUTE_MS = 60_000;
/** The first rest of a line that failed. */
const REST_MS = 15_000;

const ALL: readonly LineKind[] = ['tiles', 'll-hls', 'hls', 'snapshots'];

/** Two failures in a row of whatever is next. */
function leave(ladder: LineLadder, nowMs: number): LineKind {
  const kind = ladder.next(nowMs);
  ladder.failed(kind, false, nowMs);
  expect(ladder.next(nowMs)).toBe(kind);
  ladder.failed(kind, false, nowMs);
  return ladder.next(nowMs);
}

describe('LineLadder', () => {
  it('begins with the best that can be', () => {
    expect(new LineLadder(ALL).next(0)).toBe('tiles');
    expect(new LineLadder(['hls', 'snapshots']).next(0)).toBe('hls');
  });

  it('goes down a step after two failures in a row, and begins anew when the lowest fails too', () => {
    const ladder = new LineLadder(ALL);
    expect([leave(ladder, 0), leave(ladder, 0), leave(ladder, 0), leave(ladder, 0)]).toEqual([
      'll-hls',
      'hls',
      'snapshots',
      'tiles',
    ]);
  });

  it('forgets failures with the first picture, and counts none that the relay explained', () => {
    const ladder = new LineLadder(ALL);
    ladder.failed('tiles', false, 0);
    ladder.showed('tiles');
    ladder.failed('tiles', false, 0);
    ladder.failed('tiles', true, 0);
    ladder.failed('hls', false, 0);
    expect(ladder.next(0)).toBe('tiles');
  });

  it('climbs when the rest of a better line is over, later each time that it was in vain', () => {
    const ladder = new LineLadder(['tiles', 'hls', 'snapshots']);
    leave(ladder, 0);
    ladder.showed('hls');
    expect([ladder.better('hls', REST_MS - 1), ladder.better('hls', REST_MS)]).toEqual([undefined, 'tiles']);
    let nowMs = REST_MS;
    const waits = [0.5, 1, 2, 4, 8, 15, 15].map((minutes) => {
      ladder.triedInVain('tiles', nowMs);
      const before = ladder.better('hls', nowMs + minutes * MINUTE_MS - 1);
      nowMs += minutes * MINUTE_MS;
      return [before, ladder.better('hls', nowMs)];
    });
    expect(waits).toEqual(waits.map(() => [undefined, 'tiles']));
    ladder.showed('tiles');
    expect([ladder.next(nowMs), ladder.better('tiles', nowMs)]).toEqual(['tiles', undefined]);
  });

  it('climbs to the best that may be tried', () => {
    const ladder = new LineLadder(ALL);
    for (let steps = 0; steps < 3; steps++) leave(ladder, steps * 1_000);
    expect(ladder.better('snapshots', REST_MS)).toBe('tiles');
    ladder.triedInVain('tiles', REST_MS);
    expect(ladder.better('snapshots', REST_MS + 1_000)).toBe('ll-hls');
  });

  it('has only single pictures for a while when the relay cannot convert', () => {
    const ladder = new LineLadder(ALL);
    ladder.onlySnapshots(0);
    expect([ladder.next(0), ladder.next(29_999), ladder.next(30_000)]).toEqual(['snapshots', 'snapshots', 'tiles']);
  });

  it('always has something to try, and never goes up to what rests', () => {
    const step = fc.record({
      waitMs: fc.integer({ min: 0, max: 5 * MINUTE_MS }),
      what: fc.constantFrom('shows', 'fails', 'explained', 'vain', 'no-room'),
    });
    fc.assert(
      fc.property(fc.subarray([...ALL], { minLength: 1 }), fc.array(step, { maxLength: 80 }), (kinds, steps) => {
        const ladder = new LineLadder(kinds);
        let nowMs = 0;
        for (const { waitMs, what } of steps) {
          nowMs += waitMs;
          const kind = ladder.next(nowMs);
          expect(kinds).toContain(kind);
          if (what === 'shows') ladder.showed(kind);
          if (what === 'fails' || what === 'explained') ladder.failed(kind, what === 'explained', nowMs);
          if (what === 'no-room') ladder.onlySnapshots(nowMs);
          const better = ladder.better(kind, nowMs);
          if (better !== undefined) expect(kinds.indexOf(better)).toBeLessThan(kinds.indexOf(kind));
          if (what === 'vain' && better !== undefined) {
            ladder.triedInVain(better, nowMs);
            expect(ladder.better(kind, nowMs)).not.toBe(better);
          }
        }
      }),
    );
  });
});

describe('CaptureTimes', () => {
  it('tells when the shown picture was taken, and forgets old ones', () => {
    const times = new CaptureTimes();
    times.add(1_000, 50_000);
    times.add(1_066, null);
    times.add(1_132, 50_132);
    expect([999, 996.1, 1_065, 1_070, 5_000].map((at) => times.at(at))).toEqual([50_000, 50_000, null, null, 50_132]);
    expect(times.at(900)).toBeNull();
    for (let picture = 0; picture < 2_000; picture++) times.add(2_000 + picture, picture);
    expect([times.at(1_100), times.at(3_999)]).toEqual([null, 1_999]);
  });
});

describe('main or sub', () => {
  const wish = { wanted: 'sub', current: 'sub', widthPx: 480, subWidthPx: 640, isFocused: false } as const;

  it('follows what the page wants and who looks', () => {
    expect(streamBySize(wish)).toBe('sub');
    expect(streamBySize({ ...wish, wanted: 'main' })).toBe('main');
    expect(streamBySize({ ...wish, isFocused: true })).toBe('main');
  });

  it('follows the size on the screen without fluttering', () => {
    expect(streamBySize({ ...wish, widthPx: 961 })).toBe('main');
    expect(streamBySize({ ...wish, widthPx: 900 })).toBe('sub');
    expect(streamBySize({ ...wish, current: 'main', widthPx: 900 })).toBe('main');
    expect(streamBySize({ ...wish, current: 'main', widthPx: 700 })).toBe('sub');
    expect(streamBySize({ ...wish, widthPx: 4_000, subWidthPx: 0 })).toBe('sub');
  });

  it('has room for a few main streams at a time', () => {
    const budget = new MainBudget();
    const holders = Array.from({ length: 5 }, () => ({}));
    expect(holders.map((holder) => budget.take(holder))).toEqual([true, true, true, true, false]);
    expect(budget.take(holders[0]!)).toBe(true);
    budget.free(holders[0]!);
    expect(budget.take(holders[4]!)).toBe(true);
  });
});

describe('LineLog', () => {
  it('keeps the last steps', () => {
    const log = new LineLog();
    for (let atMs = 0; atMs < 300; atMs++) log.add({ atMs, cameraId: 'a', to: 'hls', why: 'video-network' });
    expect([log.steps.length, log.steps.at(-1)?.atMs]).toEqual([200, 299]);
  });
});
