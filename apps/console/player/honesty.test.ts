import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  LATE_MS,
  STALE_MS,
  STILL_STALE_MS,
  START_PATIENCE_MS,
  judge,
  startHonesty,
  type Honesty,
  type PictureEvent,
} from './honesty.ts';

function run(events: readonly (readonly [number, PictureEvent])[], from = startHonesty(0)): Honesty {
  return events.reduce((state, [atMs, event]) => judge(state, event, atMs), from);
}
const frame = (latencyMs: number | null = 1_500): PictureEvent => ({ kind: 'frame', latencyMs });
const tick: PictureEvent = { kind: 'tick' };

describe('honesty of a tile', () => {
  it('is live only while frames are displayed', () => {
    expect(run([[100, frame()]]).picture.kind).toBe('live');
    expect(
      run([
        [100, frame()],
        [100 + STALE_MS - 1, tick],
      ]).picture.kind,
    ).toBe('live');
    expect(
      run([
        [100, frame()],
        [100 + STALE_MS, tick],
      ]).picture,
    ).toEqual({
      kind: 'lost',
      cause: 'stalled',
      sinceMs: 100,
      lastFrameAtMs: 100,
    });
  });

  it('greys within 3 s when ticks come every 500 ms', () => {
    expect(STALE_MS + 500).toBeLessThanOrEqual(3_000);
  });

  it('comes back by itself with the next frame', () => {
    const gone = run([
      [0, frame()],
      [9_000, tick],
    ]);
    expect(judge(gone, frame(), 9_500).picture).toEqual({ kind: 'live', lastFrameAtMs: 9_500, latencyMs: 1_500 });
  });

  it('does not believe buffered frames of a camera that is offline', () => {
    const state = run([
      [0, frame()],
      [200, { kind: 'camera', offline: true }],
      [400, frame()],
    ]);
    expect(state.picture).toEqual({ kind: 'lost', cause: 'camera-offline', sinceMs: 0, lastFrameAtMs: 0 });
    const back = run([[5_000, { kind: 'camera', offline: false }]], state);
    expect(back.picture.kind).toBe('lost');
    expect(judge(back, frame(), 5_100).picture.kind).toBe('live');
  });

  it('does not call a picture live that moves but is old', () => {
    expect(run([[0, frame(LATE_MS + 1)]]).picture).toEqual({ kind: 'late', lastFrameAtMs: 0, latencyMs: LATE_MS + 1 });
    expect(
      run([
        [0, frame(LATE_MS + 1)],
        [40, frame(2_000)],
      ]).picture.kind,
    ).toBe('live');
  });

  it('gives a start its time, then says that nothing came', () => {
    expect(run([[START_PATIENCE_MS - 1, tick]]).picture.kind).toBe('starting');
    expect(run([[START_PATIENCE_MS, tick]]).picture).toMatchObject({ kind: 'lost', sinceMs: 0, lastFrameAtMs: null });
  });

  it('keeps counting from the last frame through refusals and restarts', () => {
    const state = run([
      [700, frame()],
      [900, { kind: 'refused', code: 'ticket-expired' }],
      [1_000, { kind: 'restarted' }],
      [4_000, tick],
    ]);
    expect(state.picture).toMatchObject({ kind: 'lost', cause: 'stalled', sinceMs: 700 });
  });

  it('calls single pictures what they are, with the time at which they were taken', () => {
    const still = { kind: 'still', ageMs: 1_800, isPoster: false } as const;
    const state = run([[10_000, { ...still, why: 'convert-no-capacity' }]]);
    const shown = { kind: 'stills', lastFrameAtMs: 10_000, takenAtMs: 8_200, why: 'convert-no-capacity' };
    expect(state.picture).toEqual(shown);
    expect(judge(state, tick, 10_000 + STILL_STALE_MS - 1).picture).toEqual(shown);
    expect(judge(state, tick, 10_000 + STILL_STALE_MS).picture).toEqual({
      kind: 'lost',
      cause: 'stalled',
      sinceMs: 8_200,
      lastFrameAtMs: 8_200,
    });
    expect(judge(state, frame(), 11_000).picture.kind).toBe('live');
    const away = run([[0, { kind: 'camera', offline: true }]]);
    expect(judge(away, still, 10).picture.kind).toBe('lost');
  });

  it('shows a picture while video is on its way, and counts from when it was taken', () => {
    const poster = { kind: 'still', ageMs: 5_000, isPoster: true } as const;
    const state = run([[6_000, poster]]);
    expect(state.picture).toEqual({ kind: 'starting', sinceMs: 0, takenAtMs: 1_000 });
    expect(judge(state, tick, START_PATIENCE_MS).picture).toMatchObject({ kind: 'lost', sinceMs: 1_000 });
    const live = judge(state, frame(), 6_100);
    expect(judge(live, poster, 6_200)).toBe(live);
  });

  it('tells what the relay says of a picture that is lost', () => {
    const state = run([[START_PATIENCE_MS, tick]]);
    const told = judge(state, { kind: 'explained', code: 'convert-failed' }, 9_000);
    expect(told.picture).toMatchObject({ kind: 'lost', code: 'convert-failed' });
    expect(judge(told, { kind: 'explained', code: 'convert-failed' }, 9_500)).toBe(told);
    const live = run([[0, frame()]]);
    expect(judge(live, { kind: 'explained', code: 'connecting' }, 100)).toBe(live);
  });

  it('answers the same object when nothing changed', () => {
    const state = run([
      [0, frame()],
      [9_000, tick],
    ]);
    expect(judge(state, tick, 9_500)).toBe(state);
  });

  it('is never live or late without a frame within the last STALE_MS before a tick', () => {
    const event = fc.oneof(
      fc.constant<PictureEvent>(tick),
      fc.constantFrom<PictureEvent>(frame(), frame(null), frame(20_000)),
      fc.boolean().map((offline): PictureEvent => ({ kind: 'camera', offline })),
      fc.constant<PictureEvent>({ kind: 'refused', code: 'x' }),
      fc.constant<PictureEvent>({ kind: 'restarted' }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 4_000 }), event), { maxLength: 60 }), (steps) => {
        let state = startHonesty(0);
        let nowMs = 0;
        let frameAtMs = -Infinity;
        let offline = false;
        for (const [waitMs, step] of steps) {
          nowMs += waitMs;
          if (step.kind === 'camera') offline = step.offline;
          if (step.kind === 'frame' && !offline) frameAtMs = nowMs;
          state = judge(judge(state, step, nowMs), tick, nowMs);
          const claims = state.picture.kind === 'live' || state.picture.kind === 'late';
          if (claims) expect(nowMs - frameAtMs).toBeLessThan(STALE_MS);
          if (offline) expect(claims).toBe(false);
        }
      }),
    );
  });
});
