import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceM } from '#libs/geo';
import { TownGrid, heatOf, hotSpotsOf, upperTail } from './index.ts';

const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };

describe('the grid', () => {
  it('has square cells of its size, and each point in the cell around it', () => {
    for (const cellM of [100, 200, 400, 800] as const) {
      const grid = new TownGrid(PLAZA, cellM);
      const near = fc.record({
        latitudeDeg: fc.double({ min: -17.72, max: -17.59, noNaN: true }),
        longitudeDeg: fc.double({ min: -71.39, max: -71.26, noNaN: true }),
      });
      fc.assert(
        fc.property(near, (point) => {
          const cell = grid.cellOf(point);
          // Half the diagonal; the sphere and the ellipsoid differ by half a percent.
          expect(distanceM(point, grid.middleOf(cell))).toBeLessThanOrEqual(cellM * Math.SQRT1_2 * 1.006);
        }),
      );
      const [here, east] = [grid.middleOf({ column: 0, row: 0 }), grid.middleOf({ column: 1, row: 0 })];
      expect(distanceM(here, east) / cellM).toBeCloseTo(1, 2);
    }
  });
});

describe('heat', () => {
  it('loses nothing: heat times area is the number of incidents', () => {
    const cells = [
      { column: 0, row: 0, count: 7 },
      { column: 1, row: 0, count: 3 },
      { column: -9, row: 4, count: 11 },
    ];
    for (const cellM of [100, 200, 400]) {
      const heat = heatOf(cells, cellM, 450);
      expect(heat.reduce((sum, { perKm2 }) => sum + perKm2, 0) * (cellM / 1_000) ** 2).toBeCloseTo(21, 8);
      const hottest = heat.toSorted((a, b) => b.perKm2 - a.perKm2)[0]!;
      expect([hottest.column, hottest.row]).toEqual([-9, 4]);
    }
  });

  it('is quartic: at half the bandwidth 9/16 of the middle', () => {
    const heat = heatOf([{ column: 0, row: 0, count: 1 }], 100, 400);
    const at = (column: number): number => heat.find((cell) => cell.column === column && cell.row === 0)?.perKm2 ?? 0;
    expect(at(2) / at(0)).toBeCloseTo(9 / 16, 10);
    expect(at(4)).toBe(0);
  });
});

describe('hot spots', () => {
  const field = Array.from({ length: 20 * 20 }, (_, index) => ({ column: index % 20, row: Math.floor(index / 20) }));

  it('are none where everything is even, and none where it is even but for chance', () => {
    expect(
      hotSpotsOf(
        field,
        field.map((cell) => ({ ...cell, count: 3 })),
      ),
    ).toMatchObject({ kind: 'found', spots: [] });
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    let found = 0;
    for (let round = 0; round < 40; round++) {
      const counts = field.map((cell) => ({ ...cell, count: 0 }));
      for (let call = 0; call < 1_200; call++) counts[Math.floor(random() * counts.length)]!.count++;
      const report = hotSpotsOf(field, counts);
      if (report.kind === 'found' && report.spots.length > 0) found++;
    }
    // By chance in one round of twenty; neighbours that share cells make it a little different.
    expect(found).toBeLessThanOrEqual(6);
  });

  it('are where more happens than around, the hottest first', () => {
    const counts = field.map((cell) => ({
      ...cell,
      count: cell.column >= 9 && cell.column <= 10 && cell.row === 5 ? 40 : 1,
    }));
    const report = hotSpotsOf(field, counts);
    if (report.kind !== 'found') throw new Error('too few');
    expect(report.spots[0]).toMatchObject({ row: expect.any(Number), around: 87 });
    expect(report.spots.every(({ column, row }) => column >= 8 && column <= 11 && row >= 4 && row <= 6)).toBe(true);
    expect(report.spots).toHaveLength(12);
  });

  it('are not looked for in so little that nothing can be said', () => {
    expect(hotSpotsOf(field.slice(0, 29), [])).toEqual({ kind: 'too-few', studyCells: 29, count: 0 });
    expect(hotSpotsOf(field, [{ column: 0, row: 0, count: 29 }])).toEqual({
      kind: 'too-few',
      studyCells: 400,
      count: 29,
    });
  });

  it('take the chance of a z from the normal distribution', () => {
    // Tables of the normal distribution: 1 − Φ(1.959964) = 0.025, 1 − Φ(3) = 0.0013499.
    expect(upperTail(0)).toBeCloseTo(0.5, 6);
    expect(upperTail(1.959964)).toBeCloseTo(0.025, 6);
    expect(upperTail(3)).toBeCloseTo(0.0013499, 6);
    expect(upperTail(-3)).toBeCloseTo(0.9986501, 6);
  });
});
