import { describe, expect, it } from '@jest/globals';
import { CaptureTimes } from './capture-times.ts';
import { LineLadder } from './line-ladder.ts';
import { LineLog } from './line-log.ts';
import { MainBudget } from './main-budget.ts';
import { streamBySize } from './stream-by-size.ts';

const MINUTE_MS = 60_000;

describe('LineLadder', () => {
  it('begins with tiles, or with HLS where those cannot be', () => {
    expect([new LineLadder(true).next(0), new LineLadder(false).next(0)]).toEqual(['tiles', 'hls']);
  });

  it('leaves tiles after two failures in a row, for longer each time', () => {
    const ladder = new LineLadder(true);
    ladder.failed('tiles', false, 0);
    expect(ladder.next(0)).toBe('tiles');
    ladder.failed('tiles', false, 0);
    expect([ladder.next(0), ladder.next(MINUTE_MS - 1), ladder.next(MINUTE_MS)]).toEqual(['hls', 'hls', 'tiles']);
    ladder.failed('tiles', false, MINUTE_MS);
    expect([ladder.next(2 * MINUTE_MS), ladder.next(3 * MINUTE_MS)]).toEqual(['hls', 'tiles']);
  });

  it('forgets failures with the first picture, and counts none that the relay explained', () => {
    const ladder = new LineLadder(true);
    ladder.failed('tiles', false, 0);
    ladder.showed('tiles');
    ladder.failed('tiles', false, 0);
    ladder.failed('tiles', true, 0);
    ladder.failed('hls', false, 0);
    expect(ladder.next(0)).toBe('tiles');
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
