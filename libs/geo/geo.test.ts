import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  LocalPlane,
  MAX_SECTORS,
  bearingDeg,
  checkRing,
  coverageOf,
  destination,
  distanceM,
  isInRing,
  normaliseBearingDeg,
  ringAreaM2,
  sectorOutline,
  sectorsReaching,
  sees,
  turnDeg,
  type GeoPoint,
  type Outline,
  type Sector,
} from '#libs/geo';

const PLAZA: GeoPoint = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const round7 = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;
const square = (halfDeg: number): Outline => {
  const [west, east] = [round7(PLAZA.longitudeDeg - halfDeg), round7(PLAZA.longitudeDeg + halfDeg)];
  const [south, north] = [round7(PLAZA.latitudeDeg - halfDeg), round7(PLAZA.latitudeDeg + halfDeg)];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
};
const townPoint = fc.record({
  latitudeDeg: fc.double({ min: -17.72, max: -17.59, noNaN: true }),
  longitudeDeg: fc.double({ min: -71.39, max: -71.26, noNaN: true }),
});
const anySector: fc.Arbitrary<Sector> = fc.record({
  place: townPoint,
  bearingDeg: fc.double({ min: 0, max: 359.999, noNaN: true }),
  fieldOfViewDeg: fc.oneof(fc.constant(360), fc.double({ min: 1, max: 360, noNaN: true })),
  rangeM: fc.double({ min: 1, max: 2000, noNaN: true }),
});

describe('distance and bearing', () => {
  it('agrees with geodesics published for the ellipsoid within the stated error', () => {
    // Vincenty 1975 / Geoscience Australia: Flinders Peak to Buninyong, 54 972.271 m at 306°52'05.37".
    const flinders = { latitudeDeg: -37.951_033_417, longitudeDeg: 144.424_867_889 };
    const buninyong = { latitudeDeg: -37.652_821_139, longitudeDeg: 143.926_495_528 };
    expect(Math.abs(distanceM(flinders, buninyong) / 54_972.271 - 1)).toBeLessThan(0.0056);
    expect(turnDeg(bearingDeg(flinders, buninyong), 306.868_158)).toBeLessThan(0.2);
  });

  it('knows that 0.001 degrees at Ilo are 111 m north and 106 m east', () => {
    expect(distanceM(PLAZA, { ...PLAZA, latitudeDeg: PLAZA.latitudeDeg + 0.001 })).toBeCloseTo(111.2, 1);
    expect(distanceM(PLAZA, { ...PLAZA, longitudeDeg: PLAZA.longitudeDeg + 0.001 })).toBeCloseTo(106, 0);
  });

  it('comes back: destination is the inverse of distance and bearing', () => {
    fc.assert(
      fc.property(
        townPoint,
        fc.double({ min: 0, max: 359.9, noNaN: true }),
        fc.double({ min: 1, max: 20_000, noNaN: true }),
        (from, course, rangeM) => {
          const to = destination(from, course, rangeM);
          expect(Math.abs(distanceM(from, to) - rangeM)).toBeLessThan(1e-3);
          expect(turnDeg(bearingDeg(from, to), course)).toBeLessThan(1e-2);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps bearings within one turn', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (degrees) => {
        const bearing = normaliseBearingDeg(degrees);
        expect(bearing).toBeGreaterThanOrEqual(0);
        expect(bearing).toBeLessThan(360);
      }),
    );
  });
});

describe('local plane', () => {
  it('goes there and back, and measures like the sphere within 0.6 %', () => {
    fc.assert(
      fc.property(townPoint, townPoint, (origin, point) => {
        const plane = new LocalPlane(origin);
        const flat = plane.toPlane(point);
        const back = plane.toGeo(flat);
        expect(back.latitudeDeg).toBeCloseTo(point.latitudeDeg, 9);
        expect(back.longitudeDeg).toBeCloseTo(point.longitudeDeg, 9);
        const awayM = distanceM(origin, point);
        expect(Math.abs(Math.hypot(flat.xM, flat.yM) - awayM)).toBeLessThanOrEqual(awayM * 0.006 + 1e-6);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('rings', () => {
  it('accepts a square in either direction and answers it counter-clockwise', () => {
    const clockwise = square(0.001).toReversed();
    const checked = checkRing(clockwise);
    expect(checked).toEqual({ ok: true, value: square(0.001) });
    expect(ringAreaM2(clockwise)).toBeCloseTo(221.4 * 212.3, -2);
  });

  it.each([
    [
      'ring-too-short',
      [
        [0, 0],
        [1, 0],
        [0, 0],
      ],
    ],
    [
      'ring-too-short',
      [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    ],
    [
      'ring-not-closed',
      [
        [0, 0],
        [0.1, 0],
        [0.1, 0.1],
        [0, 0.1],
      ],
    ],
    [
      'ring-out-of-bounds',
      [
        [0, 91],
        [0.1, 0],
        [0.1, 0.1],
        [0, 91],
      ],
    ],
    [
      'ring-out-of-bounds',
      [
        [0, NaN],
        [0.1, 0],
        [0.1, 0.1],
        [0, NaN],
      ],
    ],
    [
      'ring-too-wide',
      [
        [0, 0],
        [3, 0],
        [3, 1],
        [0, 0],
      ],
    ],
    [
      'ring-self-intersecting',
      [
        [0, 0],
        [0.1, 0.1],
        [0.1, 0],
        [0, 0.1],
        [0, 0],
      ],
    ],
    [
      'ring-self-intersecting',
      [
        [0, 0],
        [0.1, 0],
        [0.05, 0],
        [0.05, 0.1],
        [0, 0],
      ],
    ],
    [
      'ring-self-intersecting',
      [
        [0, 0],
        [0.1, 0],
        [0.2, 0],
        [0, 0],
      ],
    ],
    [
      'ring-too-small',
      [
        [0, 0],
        [1e-7, 0],
        [1e-7, 1e-7],
        [0, 0],
      ],
    ],
  ] as [string, [number, number][]][])('refuses with %s', (code, ring) => {
    const checked = checkRing(ring);
    expect(checked.ok ? 'accepted' : checked.refusal.code).toBe(code);
  });

  it('never throws, and what it accepts is closed, counter-clockwise and has an area', () => {
    const coordinate = fc.oneof(fc.double({ min: -0.01, max: 0.01 }), fc.integer({ min: -3, max: 3 }), fc.double());
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate), { maxLength: 12 }), fc.boolean(), (points, close) => {
        const ring = close && points.length > 0 ? [...points, points[0]!] : points;
        const checked = checkRing(ring);
        if (!checked.ok) return;
        expect(checked.value[0]).toEqual(checked.value[checked.value.length - 1]);
        expect(ringAreaM2(checked.value)).toBeGreaterThanOrEqual(1);
        expect(checkRing(checked.value)).toEqual(checked);
      }),
      { numRuns: 20_000 },
    );
  });

  it('tells inside from outside', () => {
    expect(isInRing(PLAZA, square(0.001))).toBe(true);
    expect(isInRing({ ...PLAZA, latitudeDeg: -17.6 }, square(0.001))).toBe(false);
  });
});

describe('sectors', () => {
  it('draws what it says it sees', () => {
    fc.assert(
      fc.property(
        anySector,
        fc.double({ min: 0, max: 0.98, noNaN: true }),
        fc.double({ min: -0.48, max: 0.48, noNaN: true }),
        (sector, part, aside) => {
          fc.pre(sector.fieldOfViewDeg > 10 && sector.rangeM > 5);
          const outline = sectorOutline(sector);
          expect(outline[0]).toEqual(outline[outline.length - 1]);
          // Well inside the slice: 2 % short of the arc, 2 % of the opening off either side.
          const point = destination(
            sector.place,
            sector.bearingDeg + aside * sector.fieldOfViewDeg,
            0.02 * sector.rangeM + part * sector.rangeM * 0.97,
          );
          expect(sees(sector, point)).toBe(true);
          expect(isInRing(point, outline)).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('has the area of its slice', () => {
    const sector = { place: PLAZA, bearingDeg: 200, fieldOfViewDeg: 90, rangeM: 100 };
    expect(ringAreaM2(sectorOutline(sector)) / ((Math.PI * 100 * 100) / 4)).toBeCloseTo(1, 2);
    expect(ringAreaM2(sectorOutline({ ...sector, fieldOfViewDeg: 360 })) / (Math.PI * 100 * 100)).toBeCloseTo(1, 2);
  });
});

describe('coverage', () => {
  const zone = square(0.003);

  it('is nothing without cameras and everything under a large circle', () => {
    expect(coverageOf(zone, [])).toMatchObject({ coveredShare: 0, blind: [[zone]] });
    const all = coverageOf(zone, [{ place: PLAZA, bearingDeg: 0, fieldOfViewDeg: 360, rangeM: 2000 }]);
    expect(all).toMatchObject({ coveredShare: 1, blind: [] });
  });

  it('is the quarter that a quarter circle covers, with the rest blind', () => {
    const small = coverageOf(zone, [{ place: PLAZA, bearingDeg: 45, fieldOfViewDeg: 90, rangeM: 100 }]);
    expect(small.coveredShare * small.areaM2).toBeCloseTo((Math.PI * 100 * 100) / 4, -2);
    expect(areaOf(small.blind)).toBeCloseTo(small.areaM2 * (1 - small.coveredShare), -1);
  });

  it('leaves a hole where a circle stands in the middle', () => {
    const holed = coverageOf(zone, [{ place: PLAZA, bearingDeg: 0, fieldOfViewDeg: 360, rangeM: 100 }]);
    expect(holed.blind).toHaveLength(1);
    expect(holed.blind[0]).toHaveLength(2);
  });

  it('agrees with points thrown at random, is order independent, and adds up', () => {
    fc.assert(
      fc.property(fc.array(anySector, { maxLength: 8 }), fc.integer(), (sectors, seed) => {
        const covered = coverageOf(zone, sectors);
        expect(covered.coveredShare).toBeGreaterThanOrEqual(0);
        expect(covered.coveredShare).toBeLessThanOrEqual(1);
        expect(coverageOf(zone, sectors.toReversed())).toEqual(covered);
        const blindM2 = areaOf(covered.blind);
        expect(Math.abs(blindM2 + covered.coveredShare * covered.areaM2 - covered.areaM2)).toBeLessThan(
          covered.areaM2 * 0.005,
        );
        expect(Math.abs(sampledShare(sectors, seed) - covered.coveredShare)).toBeLessThan(0.06);
      }),
      { numRuns: 150 },
    );
  });

  it('does not throw on degenerate sectors or zones', () => {
    const odd = fc.double();
    const oddSector = fc.record({
      place: fc.oneof(townPoint, fc.constant(PLAZA), fc.record({ latitudeDeg: odd, longitudeDeg: odd })),
      bearingDeg: odd,
      fieldOfViewDeg: fc.oneof(odd, fc.constant(1e-9), fc.constant(360)),
      rangeM: fc.oneof(odd, fc.constant(1e-9), fc.constant(50)),
    });
    fc.assert(
      fc.property(
        fc.array(oddSector, { maxLength: 5 }),
        fc.array(fc.tuple(odd, odd), { maxLength: 5 }),
        (sectors, points) => {
          for (const area of [zone, points as Outline]) {
            const { coveredShare } = coverageOf(area, sectors);
            expect(coveredShare >= 0 && coveredShare <= 1).toBe(true);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the same answer for a camera listed many times, up to its cap', () => {
    const one = { place: PLAZA, bearingDeg: 10, fieldOfViewDeg: 60, rangeM: 150 };
    const many = coverageOf(
      zone,
      Array.from({ length: MAX_SECTORS + 5 }, () => one),
    );
    expect(many.coveredShare).toBeCloseTo(coverageOf(zone, [one]).coveredShare, 6);
    expect(many.sectorsLeftOut).toBe(5);
  });

  it('tells which sectors reach a zone, corner to corner boxes apart', () => {
    const inside = { place: PLAZA, bearingDeg: 0, fieldOfViewDeg: 60, rangeM: 50 };
    const away = { ...inside, place: destination(PLAZA, 90, 1000), bearingDeg: 270, rangeM: 100 };
    // Its box meets the zone's corner, its disc does not.
    const corner = { ...inside, place: destination(PLAZA, 45, 330 * Math.SQRT2 + 80), fieldOfViewDeg: 360, rangeM: 78 };
    expect(sectorsReaching(zone, [inside, away, corner])).toEqual([inside]);
  });

  it('keeps blind outlines within what a ring may hold', () => {
    const wide = square(0.01);
    const circles = Array.from({ length: 150 }, (_, i) => ({
      place: {
        latitudeDeg: PLAZA.latitudeDeg - 0.009 + 0.0019 * (i % 10),
        longitudeDeg: PLAZA.longitudeDeg - 0.009 + 0.0013 * Math.floor(i / 10),
      },
      bearingDeg: 0,
      fieldOfViewDeg: 360,
      rangeM: 60,
    }));
    const covered = coverageOf(wide, circles);
    expect(Math.max(...covered.blind.flat().map((ring) => ring.length))).toBeLessThanOrEqual(500);
    const blindShare = areaOf(covered.blind) / covered.areaM2;
    expect(Math.abs(blindShare + covered.coveredShare - 1)).toBeLessThan(0.005);
  });

  function areaOf(polygons: Outline[][]): number {
    const polygonM2 = ([outer, ...holes]: Outline[]): number =>
      ringAreaM2(outer!) - holes.reduce((sum, hole) => sum + ringAreaM2(hole), 0);
    return polygons.reduce((sum, polygon) => sum + polygonM2(polygon), 0);
  }

  /** 2,000 points on a jittered grid, judged by distance and bearing alone: none of the arithmetic under test. */
  function sampledShare(sectors: readonly Sector[], seed: number): number {
    let state = seed >>> 0 || 1;
    const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    let seen = 0;
    for (let row = 0; row < 40; row++) {
      for (let column = 0; column < 50; column++) {
        const point = {
          longitudeDeg: PLAZA.longitudeDeg - 0.003 + (0.006 * (column + next())) / 50,
          latitudeDeg: PLAZA.latitudeDeg - 0.003 + (0.006 * (row + next())) / 40,
        };
        if (sectors.some((sector) => sees(sector, point))) seen++;
      }
    }
    return seen / 2000;
  }
});
