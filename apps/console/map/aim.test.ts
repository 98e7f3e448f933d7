import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { destination, distanceM, turnDeg } from '#libs/geo';
import { AimHistory, dragged, handlesOf, nudged, type Aim } from './aim.ts';

const aim: Aim = {
  place: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 },
  bearingDeg: 40,
  fieldOfViewDeg: 80,
  rangeM: 100,
};

describe('aiming by handles', () => {
  it('leaves the aim as it is when a handle is dropped where it lies', () => {
    const handles = handlesOf(aim);
    expect(dragged(aim, 'far', handles.far)).toEqual(aim);
    expect(dragged(aim, 'left', handles.left)).toEqual(aim);
    expect(dragged(aim, 'right', handles.right)).toEqual(aim);
    expect(dragged(aim, 'place', handles.place)).toEqual(aim);
  });

  it('turns and stretches by the far handle to where it was dropped', () => {
    const drop = fc.record({ bearing: fc.integer({ min: 0, max: 359 }), rangeM: fc.integer({ min: 10, max: 1500 }) });
    fc.assert(
      fc.property(drop, ({ bearing, rangeM }) => {
        const next = dragged(aim, 'far', destination(aim.place, bearing, rangeM));
        expect(turnDeg(next.bearingDeg, bearing)).toBeLessThanOrEqual(0.5);
        expect(Math.abs(next.rangeM - rangeM)).toBeLessThanOrEqual(1);
        expect(distanceM(handlesOf(next).far, destination(aim.place, bearing, rangeM))).toBeLessThan(rangeM * 0.02 + 1);
      }),
    );
  });

  it('opens by either side handle', () => {
    expect(dragged(aim, 'right', destination(aim.place, 100, 60)).fieldOfViewDeg).toBe(120);
    expect(dragged(aim, 'left', destination(aim.place, 350, 60)).fieldOfViewDeg).toBe(100);
  });

  it('keeps within the bounds of the contract', () => {
    expect(dragged(aim, 'far', destination(aim.place, 0, 9_000)).rangeM).toBe(2_000);
    expect(nudged(aim, 'range', -100).rangeM).toBe(5);
    expect(nudged(aim, 'angle', 400).fieldOfViewDeg).toBe(360);
    expect(nudged({ ...aim, bearingDeg: 358 }, 'bearing', 1).bearingDeg).toBe(0);
  });

  it('ignores a turn handle dropped on the camera itself', () => {
    expect(dragged(aim, 'far', aim.place)).toEqual(aim);
  });

  it('undoes step by step and forgets the oldest', () => {
    const history = new AimHistory(aim, 2);
    for (const bearing of [50, 60, 70]) history.push({ ...aim, bearingDeg: bearing });
    expect([history.undo().bearingDeg, history.undo().bearingDeg, history.undo().bearingDeg]).toEqual([60, 50, 50]);
    expect(history.canUndo).toBe(false);
  });
});
