import { distanceM } from '#libs/geo';
import type { Fix, FixCode } from './fix.ts';

/** Bounds of {@link judgeFix}. */
export interface FixBounds {
  /** A device's clock may be ahead by so much. */
  readonly maxAheadMs: number;
  /** Older fixes are of no use, not even for the track. */
  readonly maxAgeMs: number;
  readonly maxAccuracyM: number;
  readonly maxHdop: number;
  /** Faster than this between two fixes nobody travels. */
  readonly maxSpeedKmh: number;
  /** Within this of 0°, 0° a device says that it knows nothing. */
  readonly nullIslandM: number;
}

/**
 * Ours, for vehicles of a town. Traccar refuses only fixes a day ahead by default; a unit that would be shown in the
 * future is worth refusing after minutes.
 */
export const DEFAULT_FIX_BOUNDS: FixBounds = {
  maxAheadMs: 2 * 60_000,
  maxAgeMs: 24 * 60 * 60_000,
  maxAccuracyM: 500,
  maxHdop: 20,
  maxSpeedKmh: 220,
  nullIslandM: 1_000,
};

/** What becomes of a fix. */
export type FixVerdict =
  /** It is the newest: the unit is there now. */
  | { readonly kind: 'live' }
  /** Sent late, from a phone that was without coverage: it belongs to the track, and moves no mark. */
  | { readonly kind: 'late' }
  | { readonly kind: 'refused'; readonly code: FixCode };

/** Two fixes closer in time than this say nothing about speed: clocks tick in seconds. */
const MIN_SPEED_GAP_MS = 1_000;

/**
 * Judges a fix beside the newest one taken of the same unit. `previous` is `null` for the first. A jump is measured
 * beyond what both fixes admit as their error, so that a phone that wakes indoors is not locked out by it.
 */
export function judgeFix(fix: Fix, previous: Fix | null, nowMs: number, bounds: FixBounds): FixVerdict {
  const alone = codeAlone(fix, nowMs, bounds);
  if (alone !== null) return { kind: 'refused', code: alone };
  if (previous === null) return { kind: 'live' };
  if (fix.takenAtMs === previous.takenAtMs) return { kind: 'refused', code: 'fix-duplicate' };
  if (isTooFast(fix, previous, bounds)) return { kind: 'refused', code: 'fix-impossible-speed' };
  return { kind: fix.takenAtMs > previous.takenAtMs ? 'live' : 'late' };
}

function codeAlone(fix: Fix, nowMs: number, bounds: FixBounds): FixCode | null {
  if (distanceM(fix.point, { latitudeDeg: 0, longitudeDeg: 0 }) < bounds.nullIslandM) return 'fix-null-island';
  if (!(fix.takenAtMs <= nowMs + bounds.maxAheadMs)) return 'fix-in-future';
  if (!(fix.takenAtMs >= nowMs - bounds.maxAgeMs)) return 'fix-outdated';
  const vague = (fix.accuracyM ?? 0) > bounds.maxAccuracyM || (fix.hdop ?? 0) > bounds.maxHdop;
  return vague ? 'fix-inaccurate' : null;
}

function isTooFast(fix: Fix, previous: Fix, bounds: FixBounds): boolean {
  const gapMs = Math.max(MIN_SPEED_GAP_MS, Math.abs(fix.takenAtMs - previous.takenAtMs));
  const errorM = (fix.accuracyM ?? 0) + (previous.accuracyM ?? 0);
  const metres = Math.max(0, distanceM(fix.point, previous.point) - errorM);
  return (metres / gapMs) * 3_600 > bounds.maxSpeedKmh;
}

/** How much a fix may still be believed: nothing old looks live. */
export const FIX_AGES = ['fresh', 'stale', 'lost'] as const;
export type FixAge = (typeof FIX_AGES)[number];

/** From when a mark fades, and from when the unit is "sin señal". */
export interface AgeBounds {
  readonly staleAfterMs: number;
  readonly lostAfterMs: number;
}
export const DEFAULT_AGE_BOUNDS: AgeBounds = { staleAfterMs: 30_000, lostAfterMs: 180_000 };

export function ageOf(takenAtMs: number | null, nowMs: number, bounds: AgeBounds = DEFAULT_AGE_BOUNDS): FixAge {
  if (takenAtMs === null || nowMs - takenAtMs >= bounds.lostAfterMs) return 'lost';
  return nowMs - takenAtMs >= bounds.staleAfterMs ? 'stale' : 'fresh';
}
