import { describe, expect, it } from '@jest/globals';
import type { AlarmKind, AlarmView } from '#libs/wire';
import { HOLD_MS, LONGEST_MS, attentionOf, placesOf, raisesOf, waitingOf } from './attention.ts';

const alarm = (cameraId: string, change: Partial<AlarmView> = {}): AlarmView => ({
  id: `${cameraId}-${change.startedAtMs ?? 0}`,
  cameraId,
  cameraCode: cameraId,
  kind: 'motion',
  source: 'onvif',
  detail: '',
  raised: true,
  startedAtMs: 0,
  lastSeenAtMs: change.startedAtMs ?? 0,
  endedAtMs: null,
  endCause: null,
  repeats: 0,
  acknowledgedAtMs: null,
  acknowledgedBy: null,
  note: null,
  incident: null,
  ...change,
});
const cameras = Array.from({ length: 20 }, (_, index) => ({ id: `c${index}` }));
const ids = (places: ReturnType<typeof placesOf>, size: string): string[] =>
  places.filter((place) => place.size === size).map(({ camera }) => camera.id);

describe('what waits for somebody', () => {
  it('is what was raised and not acknowledged, the longest first', () => {
    const alarms = [
      alarm('new', { startedAtMs: 20 }),
      alarm('old', { startedAtMs: 10 }),
      alarm('seen', { acknowledgedAtMs: 5 }),
      alarm('recorded', { raised: false }),
    ];
    expect(waitingOf(alarms).map(({ cameraId }) => cameraId)).toEqual(['old', 'new']);
  });
});

describe('the attention of a wall', () => {
  const wants = (one: AlarmView, nowMs: number): boolean => attentionOf([one], nowMs).length === 1;

  it('is held while the alarm goes on, for a while after it, and not for ever', () => {
    expect(wants(alarm('a'), LONGEST_MS - 1)).toBe(true);
    expect(wants(alarm('a'), LONGEST_MS)).toBe(false);
    expect(wants(alarm('a', { endedAtMs: 1_000 }), 1_000 + HOLD_MS - 1)).toBe(true);
    expect(wants(alarm('a', { endedAtMs: 1_000 }), 1_000 + HOLD_MS)).toBe(false);
    expect(wants(alarm('a', { lastSeenAtMs: 100_000 }), LONGEST_MS + 1)).toBe(true);
    expect(wants(alarm('a', { acknowledgedAtMs: 1 }), 2)).toBe(false);
  });

  it.each<[AlarmKind, boolean]>([
    ['line-crossed', true],
    ['tamper', true],
    ['activity', true],
    ['camera-offline', false],
    ['signal-lost', false],
  ])('for %s: %s', (kind, expected) => {
    expect(wants(alarm('a', { kind }), 1)).toBe(expected);
  });

  it('looks at the newest alarm of each camera, the newest camera first', () => {
    const alarms = [alarm('a', { startedAtMs: 1 }), alarm('b', { startedAtMs: 2 }), alarm('a', { startedAtMs: 3 })];
    expect(attentionOf(alarms, 10).map(({ id }) => id)).toEqual(['a-3', 'b-2']);
  });
});

describe('the places of a wall', () => {
  const shown = cameras.slice(0, 12);

  it('are all alike while nothing is raised', () => {
    expect(ids(placesOf(cameras, shown, [], false), 'plain')).toHaveLength(12);
    const one = placesOf(cameras, cameras.slice(0, 7), [], true);
    expect([ids(one, 'large'), ids(one, 'plain').length]).toEqual([['c0'], 6]);
  });

  it('make room for a raised camera and keep the order of the others', () => {
    const places = placesOf(cameras, shown, raisesOf([alarm('c5')]), false);
    expect(places.map(({ camera }) => camera.id)).toEqual(shown.map(({ id }) => id));
    expect(ids(places, 'large')).toEqual(['c5']);
    expect(ids(places, 'plain')).toHaveLength(8);
    expect(ids(places, 'away')).toEqual(['c9', 'c10', 'c11']);
  });

  it('take in a camera of another page, and no more than two at once', () => {
    const places = placesOf(cameras, shown, raisesOf([alarm('c15'), alarm('c1'), alarm('c2'), alarm('gone')]), false);
    expect(ids(places, 'large')).toEqual(['c1', 'c15']);
    expect(ids(places, 'plain')).toHaveLength(4);
    // The third is marked where it stands.
    expect(places.find(({ camera }) => camera.id === 'c2')?.raise?.cameraId).toBe('c2');
  });

  it('give the large place of a layout to the raised camera', () => {
    const places = placesOf(cameras, cameras.slice(0, 7), raisesOf([alarm('c9'), alarm('c3')]), true);
    expect(ids(places, 'large')).toEqual(['c9']);
    expect(ids(places, 'plain')).toEqual(['c0', 'c1', 'c2', 'c3', 'c4', 'c5']);
    expect(ids(places, 'away')).toEqual(['c6']);
  });
});
