import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import type { CameraHealthEntity } from './camera-health.entity.ts';
import { CameraHealthBoard } from './camera-health-board.ts';
import type { RelayBeat } from './camera-health.store.ts';

const clock = new FakeClock();
let revision = 0;

function row(cameraId: string, change: Partial<CameraHealthEntity> = {}): CameraHealthEntity {
  return {
    cameraId,
    relayId: 'r1',
    state: 'online',
    since: new Date(clock.nowMs()),
    reasonCode: null,
    reasonMessage: null,
    reconnects: 0,
    bitrateKbps: 900,
    framesPerSecond: 15,
    keyFrameIntervalMs: 1000,
    lastKeyFrameAt: null,
    activityState: null,
    activityScore: null,
    activitySince: null,
    updatedAt: new Date(clock.nowMs()),
    revision: String(++revision),
    ...change,
  } as CameraHealthEntity;
}
const beat = (ageMs = 0, id = 'r1'): RelayBeat => ({ id, heartbeatAt: new Date(clock.nowMs() - ageMs), ageMs });

describe('health of cameras', () => {
  it('waits for a relay, then shows what it says', () => {
    const board = new CameraHealthBoard(clock);
    expect(board.healthOf('a', 5)).toMatchObject({
      state: 'connecting',
      sinceMs: 5,
      reason: { code: 'waiting-for-relay' },
    });
    expect(board.update([row('a')], [beat()])).toEqual(['a']);
    expect(board.healthOf('a', 5)).toMatchObject({ state: 'online', reason: null, bitrateKbps: 900 });
  });

  it('shows every camera of a relay offline when its beat stops for 3 s, and as before when it is back', async () => {
    const board = new CameraHealthBoard(clock);
    const last = beat();
    board.update([row('a'), row('b', { state: 'degraded', reasonCode: 'few-frames', reasonMessage: 'x' })], [last]);
    const beganMs = clock.nowMs();
    await clock.advance(3_000);
    expect(board.update([], [last])).toEqual([]);
    await clock.advance(100);
    expect(board.update([], [last])).toEqual(['a', 'b']);
    expect(board.healthOf('a', 0)).toMatchObject({
      state: 'offline',
      sinceMs: beganMs,
      reason: { code: 'relay-silent' },
      framesPerSecond: null,
    });
    await clock.advance(1_000);
    expect(board.update([], [last])).toEqual([]);
    expect(board.update([], [beat()])).toEqual(['a', 'b']);
    expect(board.healthOf('b', 0)).toMatchObject({ state: 'degraded', reason: { code: 'few-frames' } });
  });

  it('does not believe a relay that was silent before we came, whatever the wall clocks say', async () => {
    const board = new CameraHealthBoard(clock);
    const old = beat(60_000);
    board.update([row('a')], [old]);
    expect(board.healthOf('a', 0).reason?.code).toBe('relay-silent');
    // The relay's machine is an hour behind, and it beats: it is alive.
    const behind = { ...beat(3_600_000), ageMs: 3_600_000 };
    board.update([], [behind]);
    await clock.advance(1_000);
    board.update([], [{ ...behind, heartbeatAt: new Date(behind.heartbeatAt.getTime() + 1_000) }]);
    expect(board.healthOf('a', 0).state).toBe('online');
  });

  it('shows a relay as silent when its row is gone', () => {
    const board = new CameraHealthBoard(clock);
    board.update([row('a')], [beat()]);
    expect(board.update([], [])).toEqual(['a']);
    expect(board.healthOf('a', 0).reason?.code).toBe('relay-silent');
  });

  it('says a new state at once and mere numbers every five seconds', async () => {
    const board = new CameraHealthBoard(clock);
    board.update([row('a')], [beat()]);
    await clock.advance(1_000);
    const since = new Date(clock.nowMs() - 1_000);
    expect(board.update([row('a', { since, bitrateKbps: 950 })], [beat()])).toEqual([]);
    await clock.advance(4_000);
    expect(board.update([row('a', { since, bitrateKbps: 960 })], [beat()])).toEqual(['a']);
    expect(board.update([row('a', { since, reconnects: 1 })], [beat()])).toEqual(['a']);
  });

  it('takes a row that was numbered earlier and committed later', () => {
    const board = new CameraHealthBoard(clock);
    const early = row('a', { state: 'offline', reasonCode: 'x' });
    const late = row('b');
    board.update([late], [beat()]);
    expect(board.readAfter < BigInt(early.revision)).toBe(true);
    expect(board.update([early, late], [beat()])).toEqual(['a']);
    // An older row of the same camera changes nothing.
    expect(board.update([{ ...late, state: 'offline', revision: '0' } as CameraHealthEntity], [beat()])).toEqual([]);
  });

  it('forgets', () => {
    const board = new CameraHealthBoard(clock);
    board.update([row('a')], [beat()]);
    board.forget('a');
    expect(board.healthOf('a', 1)).toMatchObject({ state: 'connecting', reason: { code: 'waiting-for-relay' } });
  });
});
