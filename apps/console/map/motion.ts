/** Smooth movement of marks, pure: world pixels of Web Mercator at zoom 0 in and out. */

export interface WorldPoint {
  readonly x: number;
  readonly y: number;
}

/** Side of the world at zoom 0. */
const WORLD_PX = 256;
const MAX_LATITUDE_DEG = 85.0511287798;

/** EPSG:3857 as Leaflet projects it (Snyder, Map Projections, 7-1 and 7-2), scaled to 256 pixels. */
export function project(latitudeDeg: number, longitudeDeg: number): WorldPoint {
  const latitude = Math.max(-MAX_LATITUDE_DEG, Math.min(MAX_LATITUDE_DEG, latitudeDeg));
  const sin = Math.sin((latitude * Math.PI) / 180);
  return {
    x: (longitudeDeg / 360 + 0.5) * WORLD_PX,
    y: (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * WORLD_PX,
  };
}

/** A mark that goes from one point to another in the time in which it is heard of again. */
export interface Motion {
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  startMs: number;
  durationMs: number;
  bearingDeg: number | null;
}

const MIN_DURATION_MS = 200;
const MAX_DURATION_MS = 2_000;
/** Further than this between two fixes is no drive that a screen should pretend to have seen (about 600 m at Ilo). */
const MAX_GLIDE = 0.0041;

export function still(point: WorldPoint, atMs: number, bearingDeg: number | null): Motion {
  return { fromX: point.x, fromY: point.y, toX: point.x, toY: point.y, startMs: atMs, durationMs: 0, bearingDeg };
}

/** How far it is at `nowMs`, 0..1. */
export function shareAt(motion: Motion, nowMs: number): number {
  if (motion.durationMs <= 0) return 1;
  const share = (nowMs - motion.startMs) / motion.durationMs;
  return share <= 0 ? 0 : share >= 1 ? 1 : share;
}

/** Sends it on from wherever it is now; the time is what passed since the fix before, within bounds. */
export function steer(motion: Motion, to: WorldPoint, nowMs: number, bearingDeg: number | null): void {
  const share = shareAt(motion, nowMs);
  const x = motion.fromX + (motion.toX - motion.fromX) * share;
  const y = motion.fromY + (motion.toY - motion.fromY) * share;
  const jumps = Math.hypot(to.x - x, to.y - y) > MAX_GLIDE;
  motion.durationMs = jumps ? 0 : Math.min(MAX_DURATION_MS, Math.max(MIN_DURATION_MS, nowMs - motion.startMs));
  motion.fromX = jumps ? to.x : x;
  motion.fromY = jumps ? to.y : y;
  motion.toX = to.x;
  motion.toY = to.y;
  motion.startMs = nowMs;
  if (bearingDeg !== null) motion.bearingDeg = bearingDeg;
}
