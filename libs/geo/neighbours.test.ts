import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LocalPlane, areNeighbours, overlapM2, ringAreaM2, sharedAreaM2, type Outline } from '#libs/geo';

const plane = new LocalPlane({ latitudeDeg: -17.6459, longitudeDeg: -71.3453 });
/** Metres east and north of the Plaza de Armas. */
function ring(...corners: readonly (readonly [number, number])[]): Outline {
  const positions = corners.map(([xM, yM]): [number, number] => {
    const { longitudeDeg, latitudeDeg } = plane.toGeo({ xM, yM });
    return [longitudeDeg, latitudeDeg];
  });
  return [...positions, positions[0]!];
}
const box = (west: number, south: number, east: number, north: number): Outline =>
  ring([west, south], [east, south], [east, north], [west, north]);

describe('outlines beside each other', () => {
  it('share what both hold', () => {
    expect(sharedAreaM2(box(0, 0, 400, 400), box(300, 0, 700, 400))).toBeCloseTo(40_000, -2);
    expect(sharedAreaM2(box(0, 0, 400, 400), box(100, 100, 200, 200))).toBeCloseTo(10_000, -2);
    expect(sharedAreaM2(box(0, 0, 400, 400), box(400, 0, 700, 400))).toBeLessThan(1);
    expect(sharedAreaM2(box(0, 0, 400, 400), box(9_000, 0, 9_400, 400))).toBe(0);
  });

  it('do not overlap for the width of a pen', () => {
    expect(overlapM2(box(0, 0, 400, 400), box(398, 0, 800, 400))).toBe(0);
    expect(overlapM2(box(0, 0, 400, 400), box(390, 0, 800, 400))).toBeCloseTo(4_000, -2);
    expect(overlapM2(box(0, 0, 400, 400), box(0, 0, 12, 12))).toBeGreaterThan(140);
  });

  it('are neighbours across a street, and not across a block', () => {
    const one = box(0, 0, 400, 400);
    expect(areNeighbours(one, box(400, 0, 800, 400))).toBe(true);
    expect(areNeighbours(one, box(420, 100, 800, 300))).toBe(true);
    expect(areNeighbours(one, box(460, 0, 800, 400))).toBe(false);
    expect(areNeighbours(one, box(100, 100, 200, 200))).toBe(true);
    // Crossing arms: no corner of one is in or near the other.
    expect(areNeighbours(box(-1_000, 100, 1_000, 300), box(100, -1_000, 300, 1_000))).toBe(true);
  });

  it('agree from either side', () => {
    const metres = fc.integer({ min: -2_000, max: 2_000 });
    const size = fc.integer({ min: 60, max: 1_500 });
    const boxes = fc.tuple(metres, metres, size, size).map(([x, y, width, height]) => box(x, y, x + width, y + height));
    fc.assert(
      fc.property(boxes, boxes, (one, other) => {
        const shared = sharedAreaM2(one, other);
        expect(Math.abs(shared - sharedAreaM2(other, one))).toBeLessThan(2 + shared * 0.002);
        expect(shared).toBeLessThanOrEqual(Math.min(ringAreaM2(one), ringAreaM2(other)) * 1.002 + 1);
        if (shared > 1) expect(areNeighbours(one, other) && areNeighbours(other, one)).toBe(true);
      }),
    );
  });
});
