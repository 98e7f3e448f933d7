import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '#libs/base';
import { mediaPlaylist } from './playlist.ts';
import { BlockPool } from './media-memory.ts';
import { SegmentWindow, type WindowRule } from './segment-window.ts';
import { TargetDuration } from './target-duration.ts';

const RULE: WindowRule = {
  minSegments: 3,
  minTargetDurations: 3,
  maxSegments: 6,
  maxBytes: 10_000,
  maxOwedBytes: 20_000,
};

const pool = new BlockPool(1_000);

function add(window: SegmentWindow, seconds: number, bytes = 100): void {
  window.beginSegment(Date.UTC(2026, 0, 1));
  window.addPart({
    chunks: [Buffer.alloc(bytes)],
    totalBytes: bytes,
    durationTicks: seconds * 90_000,
    isIndependent: true,
  });
  window.closeSegment();
}

function started(rule = RULE, clock = new FakeClock()): SegmentWindow {
  const window = new SegmentWindow(100, pool, clock, rule);
  window.useInit(Buffer.from('init'));
  return window;
}

/** Numbers that a reader now knows. No time passes in these tests: all of them are owed for ever. */
function tell(window: SegmentWindow): number[] {
  window.distribute();
  return window.listed.map((each) => each.sequence);
}

describe('SegmentWindow', () => {
  it('writes the playlist of RFC 8216 with the query on every address', () => {
    const window = started();
    add(window, 1);
    add(window, 0.96);
    expect(mediaPlaylist(window, 'ticket=a.b')).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        '#EXT-X-TARGETDURATION:2',
        '#EXT-X-MEDIA-SEQUENCE:100',
        '#EXT-X-DISCONTINUITY-SEQUENCE:100',
        '#EXT-X-MAP:URI="init-100.mp4?ticket=a.b"',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z',
        '#EXTINF:1.00000,',
        'seg-100.m4s?ticket=a.b',
        '#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z',
        '#EXTINF:0.96000,',
        'seg-101.m4s?ticket=a.b',
        '',
      ].join('\n'),
    );
  });

  it('marks a break once, and counts it when its segment leaves the list', () => {
    const window = started();
    add(window, 1);
    window.markDiscontinuity();
    window.markDiscontinuity();
    add(window, 1);
    expect(window.listed.map((each) => each.isDiscontinuous)).toEqual([false, true]);
    for (let count = 0; count < 4; count++) add(window, 1);
    expect(window.discontinuitySequence).toBe(101);
    expect(mediaPlaylist(window, '')).not.toContain('#EXT-X-DISCONTINUITY\n');
  });

  it('names a new init segment behind a break and keeps the old one while a segment needs it', async () => {
    const clock = new FakeClock();
    const window = started(RULE, clock);
    add(window, 1);
    window.useInit(Buffer.from('other'));
    add(window, 1);
    const text = mediaPlaylist(window, '');
    expect(text).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-101.mp4"');
    for (let count = 0; count < 8; count++) add(window, 1);
    expect(window.init(100)?.toString()).toBe('init');
    await clock.advance(10_000);
    window.tidy();
    expect(window.init(100)).toBeUndefined();
    expect(window.init(101)?.toString()).toBe('other');
  });

  it('follows what it sees until a playlist is told, and says the same ever after', () => {
    const window = started();
    add(window, 1.1);
    expect(window.targetSeconds).toBe(1);
    add(window, 3.6);
    expect(window.targetSeconds).toBe(4);
    window.distribute();
    add(window, 4.4);
    expect(window.targetSeconds).toBe(4);
  });

  it("owes a segment for its own and the longest playlist's duration after it left (RFC 8216 §6.2.2)", async () => {
    const clock = new FakeClock();
    const window = started(RULE, clock);
    for (let count = 0; count < 6; count++) {
      add(window, 1);
      window.distribute();
      await clock.advance(1_000);
    }
    // Two seconds were promised, so six are listed; then 100 leaves a list of seven.
    add(window, 1);
    expect(window.listed.map((each) => each.sequence)).toEqual([101, 102, 103, 104, 105, 106]);
    await clock.advance(6_999);
    window.tidy();
    expect(window.find(100)?.sequence).toBe(100);
    await clock.advance(1);
    window.tidy();
    expect([window.find(100), window.totalBytes]).toEqual([undefined, 600]);
  });

  it('owes nothing of what nobody was told', () => {
    const window = started();
    for (let count = 0; count < 8; count++) add(window, 1);
    expect(window.listed.map((each) => each.sequence)).toEqual([105, 106, 107]);
    expect([window.find(104), window.totalBytes]).toEqual([undefined, 300]);
  });

  it('gives up what it owes, oldest first, where it is more than there is room for, and counts it', () => {
    const window = started({ ...RULE, maxBytes: 1_000, maxOwedBytes: 1_000 });
    for (let count = 0; count < 10; count++) {
      add(window, 1, 400);
      window.distribute();
    }
    expect(window.totalBytes).toBeLessThanOrEqual(2_000);
    expect(window.forgottenEarly).toBeGreaterThan(0);
    expect(window.find(107)?.sequence).toBe(107);
  });

  it('makes a promise that was too small anew when no playlist of the camera is told any more', () => {
    const target = new TargetDuration();
    const [main, sub] = [1, 2].map(() => new SegmentWindow(100, pool, new FakeClock(), RULE, 100, target));
    for (const window of [main!, sub!]) {
      add(window, 1);
      window.distribute();
    }
    target.measure(4 * 90_000);
    target.cut();
    main!.clear();
    expect(sub!.targetSeconds).toBe(2);
    sub!.clear();
    main!.distribute();
    expect([main!.targetSeconds, sub!.targetSeconds]).toEqual([4, 4]);
  });

  it('gives the number of a segment without parts to the next one', () => {
    const window = started();
    add(window, 1);
    window.beginSegment(0);
    window.closeSegment();
    add(window, 1);
    expect(window.listed.map((each) => each.sequence)).toEqual([100, 101]);
  });

  it('forgets what is old when told, and numbers go on', () => {
    const window = started();
    add(window, 1);
    add(window, 1);
    window.clear();
    expect([window.listed.length, window.totalBytes, window.find(100)]).toEqual([0, 0, undefined]);
    add(window, 1);
    expect(window.listed[0]).toMatchObject({ sequence: 102, isDiscontinuous: true });
  });

  it('wakes who watches until they stop', () => {
    const window = started();
    let woken = 0;
    const stop = window.watch(() => woken++);
    add(window, 1);
    const seen = woken;
    stop();
    add(window, 1);
    expect([seen > 0, woken]).toEqual([true, seen]);
  });

  it('holds its bounds and the rules of RFC 8216 §6.2.1 whatever comes', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('segment' as const),
        s: fc.double({ min: 0.1, max: 9, noNaN: true }),
        bytes: fc.integer({ min: 1, max: 4_000 }),
      }),
      fc.record({ kind: fc.constantFrom('break' as const, 'init' as const, 'clear' as const, 'tell' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const window = started();
        const before = { media: 0, breaks: 0 };
        const told = new Set<number>();
        for (const each of steps) {
          if (each.kind === 'segment') add(window, each.s, each.bytes);
          else if (each.kind === 'break') window.markDiscontinuity();
          else if (each.kind === 'init') window.useInit(Buffer.alloc(1));
          else if (each.kind === 'tell') for (const sequence of tell(window)) told.add(sequence);
          else window.clear();
          const { listed } = window;
          const listedBytes = listed.reduce((sum, one) => sum + one.totalBytes, 0);
          expect(listedBytes).toBeLessThanOrEqual(Math.max(RULE.maxBytes, listed[0]?.totalBytes ?? 0));
          expect(window.totalBytes - listedBytes).toBeLessThanOrEqual(RULE.maxOwedBytes);
          const kept = [...told].filter((sequence) => window.find(sequence) !== undefined).length;
          expect(told.size - kept).toBeLessThanOrEqual(window.forgottenEarly);
          expect(listed.length).toBeLessThanOrEqual(RULE.maxSegments);
          expect(listed.every((one, at) => one.sequence === window.mediaSequence + at)).toBe(true);
          expect(listed.every((one) => window.init(one.initNumber) !== undefined)).toBe(true);
          expect(window.mediaSequence).toBeGreaterThanOrEqual(before.media);
          expect(window.discontinuitySequence).toBeGreaterThanOrEqual(before.breaks);
          before.media = window.mediaSequence;
          before.breaks = window.discontinuitySequence;
        }
      }),
      { numRuns: 300 },
    );
  });
});
