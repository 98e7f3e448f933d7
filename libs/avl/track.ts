import { distanceM } from '#libs/geo';
import { FenceIndex, crossings, type FenceCrossing, type Geofence } from './geofence.ts';
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
 * Measures a track as it is read: fixes of one unit in the order in which they were taken. Distance is summed between
 * fixes while the unit moves: over great circles, so a little less than the odometer's, by what lies between two fixes of
 * a curve. The time between two fixes belongs to the fences of the first. It holds no fix but the last, however long the
 * track.
 */
export class TrackMeter {
  private readonly msByFence = new Map<string, number>();
  private readonly fences: FenceIndex;
  private within: ReadonlySet<string> = new Set();
  private previous: Fix | undefined;
  private fixes = 0;
  private distanceM = 0;
  private movingMs = 0;
  private standingMs = 0;
  private unknownMs = 0;
  private maxSpeedKmh = 0;

  constructor(
    fences: readonly Geofence[] | FenceIndex,
    private readonly bounds: TrackBounds = DEFAULT_TRACK_BOUNDS,
    private readonly onCrossing: (crossing: FenceCrossing) => void = () => undefined,
  ) {
    this.fences = fences instanceof FenceIndex ? fences : new FenceIndex(fences);
  }

  add(fix: Fix): void {
    if (this.previous !== undefined) this.addLeg(this.previous, fix);
    const now = this.fences.at(fix.point, this.within);
    crossings(this.within, now, fix.takenAtMs).forEach(this.onCrossing);
    this.within = now;
    this.previous = fix;
    this.fixes++;
  }

  result(): Omit<TrackMetrics, 'crossings'> {
    return {
      fixes: this.fixes,
      distanceKm: this.distanceM / 1_000,
      movingMinutes: this.movingMs / MINUTE_MS,
      standingMinutes: this.standingMs / MINUTE_MS,
      unknownMinutes: this.unknownMs / MINUTE_MS,
      maxSpeedKmh: this.maxSpeedKmh,
      minutesByFence: new Map([...this.msByFence].map(([id, ms]) => [id, ms / MINUTE_MS])),
    };
  }

  private addLeg(from: Fix, to: Fix): void {
    const gapMs = to.takenAtMs - from.takenAtMs;
    if (gapMs <= 0) return;
    if (gapMs > this.bounds.maxGapMs) {
      this.unknownMs += gapMs;
      return;
    }
    const metres = distanceM(from.point, to.point);
    const speedKmh = (metres / gapMs) * 3_600;
    if (speedKmh >= this.bounds.movingKmh) {
      this.distanceM += metres;
      this.movingMs += gapMs;
      this.maxSpeedKmh = Math.max(this.maxSpeedKmh, speedKmh);
    } else this.standingMs += gapMs;
    for (const id of this.within) this.msByFence.set(id, (this.msByFence.get(id) ?? 0) + gapMs);
  }
}

/** Measures a track that is held in memory. */
export function measureTrack(
  fixes: readonly Fix[],
  fences: readonly Geofence[],
  bounds: TrackBounds = DEFAULT_TRACK_BOUNDS,
): TrackMetrics {
  const crossed: FenceCrossing[] = [];
  const meter = new TrackMeter(fences, bounds, (crossing) => crossed.push(crossing));
  for (const fix of fixes) meter.add(fix);
  return { ...meter.result(), crossings: crossed };
}
