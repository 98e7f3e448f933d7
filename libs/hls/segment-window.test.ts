import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mediaPlaylist } from './playlist.ts';
import { BlockPool } from './media-memory.ts';
import { SegmentWindow, type WindowRule } from './segment-window.ts';

const RULE: WindowRule = { minSegments: 3, minTargetDurations: 3, maxSegments: 6, maxBytes: 10_000, graceSegments: 2 };

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

function started(rule = RULE): SegmentWindow {
  const window = new SegmentWindow(100, pool, rule);
  window.useInit(Buffer.from('init'));
  return window;
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
        '#EXT-X-TARGETDURATION:1',
        '#EXT-X-MEDIA-SEQUENCE:100',
        '#EXT-X-DISCONTINUITY-SEQUENCE:100',
        '#EXT-X-INDEPENDENT-SEGMENTS',
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

  it('names a new init segment behind a break and keeps the old one while a segment needs it', () => {
    const window = started();
    add(window, 1);
    window.useInit(Buffer.from('other'));
    add(window, 1);
    const text = mediaPlaylist(window, '');
    expect(text).toContain('#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="init-101.mp4"');
    expect(window.init(100)?.toString()).toBe('init');
    for (let count = 0; count < 8; count++) add(window, 1);
    expect(window.init(100)).toBeUndefined();
    expect(window.init(101)?.toString()).toBe('other');
  });

  it('keeps a target duration that no segment exceeds when rounded, and never lowers it', () => {
    const window = started();
    add(window, 1.4);
    expect(window.targetSeconds).toBe(1);
    add(window, 3.6);
    expect(window.targetSeconds).toBe(4);
    for (let count = 0; count < 20; count++) add(window, 1);
    expect(window.targetSeconds).toBe(4);
  });

  it('answers segments for a while after they left the list', () => {
    const window = started();
    for (let count = 0; count < 8; count++) add(window, 1);
    expect(window.listed.map((each) => each.sequence)).toEqual([105, 106, 107]);
    expect([102, 103, 104, 105].map((each) => window.find(each)?.sequence)).toEqual([undefined, 103, 104, 105]);
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
      fc.record({ kind: fc.constantFrom('break' as const, 'init' as const, 'clear' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const window = started();
        const before = { media: 0, breaks: 0 };
        for (const each of steps) {
          if (each.kind === 'segment') add(window, each.s, each.bytes);
          else if (each.kind === 'break') window.markDiscontinuity();
          else if (each.kind === 'init') window.useInit(Buffer.alloc(1));
          else window.clear();
          const { listed } = window;
          expect(window.totalBytes).toBeLessThanOrEqual(Math.max(RULE.maxBytes, listed[0]?.totalBytes ?? 0));
          expect(listed.length).toBeLessThanOrEqual(RULE.maxSegments);
          expect(listed.every((one, at) => one.sequence === window.mediaSequence + at)).toBe(true);
          expect(listed.every((one) => Math.round(one.durationTicks / 90_000) <= window.targetSeconds)).toBe(true);
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
