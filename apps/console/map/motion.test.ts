import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { project, shareAt, steer, still } from './motion.ts';

describe('projection', () => {
  it('is the one that Leaflet and every tile server use', () => {
    expect(project(0, 0)).toEqual({ x: 128, y: 128 });
    // Tile of the Plaza de Armas of Ilo at zoom 16 by the other form of it (asinh of tan), as the OSM wiki has it.
    const { x, y } = project(-17.6459, -71.3453);
    expect([Math.floor((x / 256) * 2 ** 16), Math.floor((y / 256) * 2 ** 16)]).toEqual([19779, 36032]);
  });
});

describe('movement', () => {
  const at = (motion: ReturnType<typeof still>, nowMs: number): number =>
    motion.fromX + (motion.toX - motion.fromX) * shareAt(motion, nowMs);

  it('goes on from where it is, and arrives when the next fix is due', () => {
    const motion = still({ x: 10, y: 10 }, 0, null);
    steer(motion, { x: 10.001, y: 10 }, 1_000, 45);
    expect(at(motion, 1_000)).toBe(10);
    expect(at(motion, 1_500)).toBeCloseTo(10.0005, 6);
    expect(at(motion, 2_000)).toBeCloseTo(10.001, 6);
    expect(at(motion, 9_000)).toBeCloseTo(10.001, 6);
    expect(motion.bearingDeg).toBe(45);
    steer(motion, { x: 10.002, y: 10 }, 1_500, null);
    expect(at(motion, 1_500)).toBeCloseTo(10.0005, 6);
    expect(motion.bearingDeg).toBe(45);
  });

  it('does not glide over what it did not see', () => {
    const motion = still({ x: 10, y: 10 }, 0, null);
    steer(motion, { x: 10.2, y: 10 }, 1_000, null);
    expect(at(motion, 1_000)).toBe(10.2);
  });

  it('never leaves the way between two fixes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 5_000 }))), (steps) => {
        const motion = still({ x: 0, y: 0 }, 0, null);
        let nowMs = 0;
        for (const [x, waitMs] of steps) {
          nowMs += waitMs;
          const before = at(motion, nowMs);
          steer(motion, { x: x / 10_000, y: 0 }, nowMs, null);
          const [low, high] = [Math.min(before, x / 10_000), Math.max(before, x / 10_000)];
          const mid = at(motion, nowMs + 100);
          expect(mid).toBeGreaterThanOrEqual(low - 1e-12);
          expect(mid).toBeLessThanOrEqual(high + 1e-12);
        }
      }),
    );
  });
});
