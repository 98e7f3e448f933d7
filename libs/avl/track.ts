import { distanceM } from '#libs/geo';
import { crossings, fencesAt, type FenceCrossing, type Geofence } from './geofence.ts';
import type { Fix } from './fix.ts';

/** How a track is measured. */
export interface TrackBounds {
  /** Two fixes further apart in time have nothing known between them: no time, no kilometres are counted. */
  readonly maxGapMs: number;
  /** Slower than this it stands; its wobble is no travel. */
  readonly movingKmh: number;
}
export const DEFAULT_TRACK_BOUNDS: TrackBounds = { maxGapMs: 5 * 60_000, movingKmh: 3 };

/** The numbers of a unit and shift that SIPCOP-M asks for (domain.md 0.6). */
export interface TrackMetrics {
  readonly fixes: number;
  readonly distanceKm: number;
  readonly movingMinutes: number;
  readonly standingMinutes: number;
  /** Between first and last fix, time of which nothing is known. */
  readonly unknownMinutes: number;
  readonly maxSpeedKmh: number;
  /** Minutes within each fence that was entered. */
  readonly minutesByFence: ReadonlyMap<string, number>;
  readonly crossings: readonly FenceCrossing[];
}

const MINUTE_MS = 60_000;

/**
 * Measures a track. `fixes` are of one unit in the order in which they were taken. Distance is summed between fixes while
 * the unit moves: measured over great circles, so a little less than the odometer's, by what lies between two fixes of a
 * curve. The time between two fixes belongs to the fences of the first.
 */
export function measureTrack(
  fixes: readonly Fix[],
  fences: readonly Geofence[],
  bounds: TrackBounds = DEFAULT_TRACK_BOUNDS,
): TrackMetrics {
  const sum = { distanceM: 0, movingMs: 0, standingMs: 0, unknownMs: 0, maxSpeedKmh: 0 };
  const msByFence = new Map<string, number>();
  const crossed: FenceCrossing[] = [];
  let within: ReadonlySet<string> = new Set();
  for (const [index, fix] of fixes.entries()) {
    const previous = fixes[index - 1];
    if (previous !== undefined) addLeg(sum, msByFence, within, previous, fix, bounds);
    const now = fencesAt(fix.point, within, fences);
    crossed.push(...crossings(within, now, fix.takenAtMs));
    within = now;
  }
  return {
    fixes: fixes.length,
    distanceKm: sum.distanceM / 1_000,
    movingMinutes: sum.movingMs / MINUTE_MS,
    standingMinutes: sum.standingMs / MINUTE_MS,
    unknownMinutes: sum.unknownMs / MINUTE_MS,
    maxSpeedKmh: sum.maxSpeedKmh,
    minutesByFence: new Map([...msByFence].map(([id, ms]) => [id, ms / MINUTE_MS])),
    crossings: crossed,
  };
}

interface Sum {
  distanceM: number;
  movingMs: number;
  standingMs: number;
  unknownMs: number;
  maxSpeedKmh: number;
}

function addLeg(
  sum: Sum,
  msByFence: Map<string, number>,
  within: ReadonlySet<string>,
  from: Fix,
  to: Fix,
  bounds: TrackBounds,
): void {
  const gapMs = to.takenAtMs - from.takenAtMs;
  if (gapMs <= 0) return;
  if (gapMs > bounds.maxGapMs) {
    sum.unknownMs += gapMs;
    return;
  }
  const metres = distanceM(from.point, to.point);
  const speedKmh = (metres / gapMs) * 3_600;
  if (speedKmh >= bounds.movingKmh) {
    sum.distanceM += metres;
    sum.movingMs += gapMs;
    sum.maxSpeedKmh = Math.max(sum.maxSpeedKmh, speedKmh);
  } else sum.standingMs += gapMs;
  for (const id of within) msByFence.set(id, (msByFence.get(id) ?? 0) + gapMs);
}
