import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { judgeDelivery, readDelivery } from './delivery.ts';
import { BlockPool } from './media-memory.ts';
import { SegmentWindow } from './segment-window.ts';

const PART_TICKS = 18_900;

/** Segments 100 and 101 of five parts are closed, 102 has two. */
function windowOf(): SegmentWindow {
  const window = new SegmentWindow(100, new BlockPool(1_000), new FakeClock());
  window.useInit(Buffer.from('init'));
  window.announcePartTarget(PART_TICKS, 3_600);
  for (const count of [5, 5, 2]) {
    window.beginSegment(0);
    for (let part = 0; part < count; part++)
      window.addPart({ chunks: [Buffer.of(1)], totalBytes: 1, durationTicks: 18_000, isIndependent: part === 0 });
  }
  return window;
}

const read = (query: Record<string, string>) => readDelivery((name) => query[name]);
const codeOf = (verdict: ReturnType<typeof judgeDelivery>) => (typeof verdict === 'string' ? verdict : verdict.code);

describe('readDelivery', () => {
  it.each([
    [{}, { skips: false }],
    [{ _HLS_msn: '7' }, { sequence: 7, skips: false }],
    [
      { _HLS_msn: '7', _HLS_part: '0', _HLS_skip: 'YES' },
      { sequence: 7, part: 0, skips: true },
    ],
    [{ _HLS_skip: 'v2' }, { skips: true }],
  ])('reads %j', (query, value) => {
    expect(read(query)).toEqual({ ok: true, value });
  });

  it.each([
    [{ _HLS_msn: 'x' }, 'directive-not-a-number'],
    [{ _HLS_msn: '-1' }, 'directive-not-a-number'],
    [{ _HLS_msn: '1.5' }, 'directive-not-a-number'],
    [{ _HLS_msn: '' }, 'directive-not-a-number'],
    [{ _HLS_msn: '1e3' }, 'directive-not-a-number'],
    [{ _HLS_msn: '9'.repeat(13) }, 'directive-not-a-number'],
    [{ _HLS_msn: '1', _HLS_part: '%31' }, 'directive-not-a-number'],
    [{ _HLS_part: '1' }, 'directive-incomplete'],
    [{ _HLS_skip: 'NO' }, 'directive-unknown'],
  ])('refuses %j', (query, code) => {
    expect(read(query)).toMatchObject({ ok: false, refusal: { kind: 'bad-input', code } });
  });
});

describe('judgeDelivery', () => {
  it.each([
    [undefined, undefined, 'ready'],
    [1, undefined, 'ready'],
    [101, undefined, 'ready'],
    [102, undefined, 'wait'],
    [103, undefined, 'wait'],
    [104, undefined, 'directive-too-far'],
    [102, 1, 'ready'],
    [102, 2, 'wait'],
    // 3 s of parts of 0.21 s are 15: behind the two that are there.
    [102, 16, 'wait'],
    [102, 17, 'directive-too-far'],
    [103, 0, 'wait'],
    [103, 15, 'directive-too-far'],
    // Behind the last part of a closed segment: the first of the next, which is there.
    [101, 4, 'ready'],
    [101, 5, 'ready'],
    [101, 999_999, 'ready'],
    [100, 0, 'ready'],
  ])('segment %j, part %j: %s', (sequence, part, verdict) => {
    const asked = { skips: false, ...(sequence !== undefined && { sequence }), ...(part !== undefined && { part }) };
    expect(codeOf(judgeDelivery(windowOf(), asked))).toBe(verdict);
  });

  it('waits for the first part of the next segment where the last one has just been closed', () => {
    const window = windowOf();
    window.beginSegment(0);
    expect(codeOf(judgeDelivery(window, { sequence: 102, part: 1, skips: false }))).toBe('ready');
    expect(codeOf(judgeDelivery(window, { sequence: 102, part: 2, skips: false }))).toBe('wait');
  });
});
