import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Ring } from '#libs/wire';
import { cornersText, ringOf } from './corners.ts';

describe('corners as text', () => {
  it('reads what it wrote', () => {
    const degrees = (most: number) => fc.integer({ min: -most * 1e6, max: most * 1e6 }).map((micro) => micro / 1e6);
    const corners = fc.array(fc.tuple(degrees(180), degrees(90)), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(corners, (given) => {
        const ring: Ring = [...given, [...given[0]!]];
        const read = ringOf(cornersText(ring)) ?? [];
        expect(read).toHaveLength(ring.length);
        for (const [index, [lng, lat]] of read.entries()) {
          expect(lng).toBeCloseTo(ring[index]![0], 6);
          expect(lat).toBeCloseTo(ring[index]![1], 6);
        }
      }),
    );
  });

  it('waits while a line is not yet a corner', () => {
    expect(ringOf('-17.64, -71.34\n-17.65, -71.34')).toBeNull();
    expect(ringOf('-17.64, -71.34\n-17.65, -71.34\n-17.65')).toBeNull();
    expect(ringOf('-17.64, -71.34\n-17.65, -71.34\n-97.65, 1')).toBeNull();
    expect(ringOf('-17.64 -71.34\n\n-17.65; -71.34\n-17.65, -71.35')).toHaveLength(4);
  });
});
