import { describe, expect, it } from '@jest/globals';
import { parseOsmAnd } from '#libs/avl';
import { distanceM, turnDeg } from '#libs/geo';
import { Dice } from './dice.ts';
import type { Pose } from './drive.ts';
import { Phone, osmAndQuery, type PhoneFix } from './phone.ts';

const PACE = { movingMs: 4_000, standingMs: 12_000 };
const POINT = { latitudeDeg: -17.65, longitudeDeg: -71.33 };
const MOVING: Pose = { point: POINT, bearingDeg: 120, speedKmh: 36 };
const STANDING: Pose = { ...MOVING, speedKmh: 0 };
const START_MS = 1_790_000_000_000;

function fixesOf(pose: Pose, hours: number, hasCharger = true): PhoneFix[] {
  const phone = new Phone(new Dice('phone'), PACE, hasCharger);
  const fixes: PhoneFix[] = [];
  for (let ms = 0; ms < hours * 3_600_000; ms += 1_000) {
    const fix = phone.read(pose, START_MS + ms, 1_000);
    if (fix) fixes.push(fix);
  }
  return fixes;
}

describe('Phone', () => {
  it('reports with an error of metres that drifts, and at its pace', () => {
    const fixes = fixesOf(MOVING, 1);
    const errors = fixes.map(({ point }) => distanceM(point, POINT));
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(rms).toBeGreaterThan(2);
    expect(rms).toBeLessThan(6);
    const steps = fixes.slice(1).map(({ point }, index) => distanceM(point, fixes[index]!.point));
    expect(steps.reduce((sum, step) => sum + step, 0) / steps.length).toBeLessThan(rms);
    const gaps = fixes.slice(1).map(({ takenAtMs }, index) => takenAtMs - fixes[index]!.takenAtMs);
    expect(gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)]).toBe(PACE.movingMs);
    for (const { bearingDeg } of fixes) expect(turnDeg(bearingDeg!, 120)).toBeLessThan(12);
  });

  it('knows no direction while it stands', () => {
    for (const { bearingDeg, speedKmh } of fixesOf(STANDING, 0.5)) expect([bearingDeg, speedKmh]).toEqual([null, 0]);
  });

  it('is without coverage now and then, long enough to fade and to be lost', () => {
    const fixes = fixesOf(MOVING, 24);
    const holes = fixes
      .slice(1)
      .map(({ takenAtMs }, index) => takenAtMs - fixes[index]!.takenAtMs)
      .filter((gapMs) => gapMs > 30_000);
    expect(holes.length).toBeGreaterThan(6);
    expect(Math.max(...holes)).toBeGreaterThan(180_000);
    expect(Math.max(...holes)).toBeLessThan(280_000);
  });

  it('runs its battery down and is charged, or changed on foot', () => {
    const charged = fixesOf(STANDING, 24).map(({ batteryPercent }) => batteryPercent);
    expect(Math.min(...charged)).toBeGreaterThanOrEqual(17);
    expect(fixesOf(STANDING, 24).some(({ charging }) => charging)).toBe(true);
    expect(fixesOf(STANDING, 24, false).some(({ charging }) => charging)).toBe(false);
  });

  it('speaks OsmAnd as the centre reads it', () => {
    const [fix] = fixesOf(MOVING, 0.01);
    const read = parseOsmAnd(new URLSearchParams(osmAndQuery(fix!)), 0);
    if (!read.ok) throw new Error(read.refusal.code);
    const [taken] = read.value.fixes;
    expect(taken!.speedKmh).toBeCloseTo(fix!.speedKmh, 1);
    expect(taken!.bearingDeg).toBeCloseTo(fix!.bearingDeg!, 1);
    expect(taken!.takenAtMs).toBe(fix!.takenAtMs);
    expect(distanceM(taken!.point, fix!.point)).toBeLessThan(0.2);
    expect(taken!.batteryShare).toBeCloseTo(fix!.batteryPercent / 100, 5);
  });
});
