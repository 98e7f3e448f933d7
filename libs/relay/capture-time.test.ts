import { describe, expect, it } from '@jest/globals';
import { captureTimeOf } from '#libs/relay';

const ARRIVED_MS = 1_795_000_000_000;

describe('captureTimeOf', () => {
  it("takes the camera's time less the measured error of its clock", () => {
    expect(captureTimeOf(ARRIVED_MS + 97_000 - 40, 97_000, ARRIVED_MS)).toEqual({
      atMs: ARRIVED_MS - 40,
      isArrival: false,
    });
  });

  it('says so when it can only tell the arrival', () => {
    const arrival = { atMs: ARRIVED_MS, isArrival: true };
    expect(captureTimeOf(undefined, 0, ARRIVED_MS)).toEqual(arrival);
    expect(captureTimeOf(ARRIVED_MS - 40, undefined, ARRIVED_MS)).toEqual(arrival);
    expect(captureTimeOf(ARRIVED_MS - 60_000, 0, ARRIVED_MS)).toEqual(arrival);
    expect(captureTimeOf(ARRIVED_MS + 60_000, 0, ARRIVED_MS)).toEqual(arrival);
  });

  it('takes nothing from the future', () => {
    expect(captureTimeOf(ARRIVED_MS + 100, 0, ARRIVED_MS)).toEqual({ atMs: ARRIVED_MS, isArrival: false });
  });
});
