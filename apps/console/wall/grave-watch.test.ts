import { describe, expect, it } from '@jest/globals';
import { destination } from '#libs/geo';
import type { CameraView, IncidentItem } from '#libs/wire';
import { GRAVE_HOLD_MS, GraveWatch, raisesFor } from './grave-watch.ts';

const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const incident = (id: string, change: object = {}) =>
  ({
    id,
    priority: 'P1',
    status: 'classified',
    clocks: { openedAtMs: 0, classifiedAtMs: 10 },
    place: { point: PLAZA },
    cameraId: null,
    masked: false,
    hidden: [],
    ...change,
  }) as unknown as IncidentItem;
const ids = (some: readonly { readonly id: string }[]): string[] => some.map(({ id }) => id);

describe('the P1s of a wall', () => {
  it('are held from their classification for a while, the newest first', () => {
    const watch = new GraveWatch();
    const newer = incident('b', { clocks: { openedAtMs: 0, classifiedAtMs: 5_000 } });
    expect(ids(watch.held([incident('a'), newer], 6_000))).toEqual(['b', 'a']);
    expect(ids(watch.held([incident('a'), newer], 10 + GRAVE_HOLD_MS))).toEqual(['b']);
    expect(ids(watch.held([incident('a'), newer], 5_000 + GRAVE_HOLD_MS))).toEqual([]);
  });

  it('are new from when they became one, and no longer when they are under control or less grave', () => {
    const watch = new GraveWatch();
    expect(ids(watch.held([incident('a', { priority: 'P2' })], 900_000))).toEqual([]);
    expect(ids(watch.held([incident('a')], 901_000))).toEqual(['a']);
    expect(ids(watch.held([incident('a')], 901_000 + GRAVE_HOLD_MS - 1))).toEqual(['a']);
    expect(ids(watch.held([incident('a', { status: 'controlled' })], 902_000))).toEqual([]);
    expect(ids(watch.held([incident('a', { priority: 'P3' })], 903_000))).toEqual([]);
    expect(ids(watch.held([incident('a')], 904_000))).toEqual(['a']);
  });

  it('that were there before are not new to a wall that opens late or was away', () => {
    const watch = new GraveWatch();
    expect(watch.held([incident('a')], 900_000)).toEqual([]);
    expect(watch.held([], 901_000)).toEqual([]);
    expect(watch.held([incident('a')], 902_000)).toEqual([]);
  });
});

describe('the cameras of a P1', () => {
  const camera = (id: string, awayM: number, change: Partial<CameraView> = {}) =>
    ({
      id,
      place: destination(PLAZA, 180, awayM),
      bearingDeg: 0,
      fieldOfViewDeg: 60,
      rangeM: 100,
      ...change,
    }) as unknown as CameraView;
  const cameras = [
    camera('far', 90),
    camera('near', 20),
    camera('turned', 10, { bearingDeg: 180 }),
    camera('short', 60, { rangeM: 30 }),
    camera('unaimed', 5, { bearingDeg: null }),
  ];
  const raised = (one: IncidentItem): string[] => raisesFor([one], cameras).map(({ cameraId }) => cameraId);

  it('are those that see it, the nearest first; the one whose alarm it came of before all', () => {
    expect(raised(incident('a'))).toEqual(['near', 'far']);
    expect(raised(incident('a', { cameraId: 'turned' }))).toEqual(['turned', 'near', 'far']);
  });

  it('are none when its place is hidden, not known or not for everybody', () => {
    expect(raised(incident('a', { hidden: ['place'] }))).toEqual([]);
    expect(raised(incident('a', { masked: true }))).toEqual([]);
    expect(raised(incident('a', { place: null }))).toEqual([]);
  });
});
