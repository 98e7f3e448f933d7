import { describe, expect, it } from '@jest/globals';
import { ProbeRound, type Probed } from './probe-round.ts';

class Camera implements Probed {
  isProbing = false;
  probes = 0;
  constructor(public probeDueMs: number) {}

  probe(): void {
    this.isProbing = true;
    this.probes++;
  }
}

describe('ProbeRound', () => {
  it('asks those that are due, the longest overdue first, so many at once', () => {
    const round = new ProbeRound();
    const cameras = Array.from({ length: 100 }, (_none, index) => new Camera(100 - index));
    cameras.push(new Camera(Number.POSITIVE_INFINITY), new Camera(501));
    round.tick(cameras, 500);
    round.tick(cameras, 500);
    expect(cameras.filter(({ probes }) => probes > 0).map(({ probeDueMs }) => probeDueMs)).toEqual(
      Array.from({ length: 32 }, (_none, index) => 32 - index),
    );
    for (const camera of cameras.filter(({ isProbing }) => isProbing).slice(0, 5)) {
      camera.isProbing = false;
      camera.probeDueMs = 60_000;
    }
    round.tick(cameras, 500);
    expect(cameras.reduce((sum, { probes }) => sum + probes, 0)).toBe(37);
  });
});
