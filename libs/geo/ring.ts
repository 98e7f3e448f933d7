import { ok, refusal, refused, type Result } from '#libs/base';
import { LocalPlane, type PlanePoint } from './local-plane.ts';
import type { GeoPoint } from './sphere.ts';

/** `[longitudeDeg, latitudeDeg]`, in GeoJSON's order (RFC 7946 §3.1.1). */
export type Position = [number, number];

/** A closed outline without holes (RFC 7946 §3.1.6): at least four positions, the last equal to the first. */
export type Outline = Position[];

export const MAX_RING_POINTS = 500;
/** A zone is part of a town or a province; beyond this the local plane would mislead. */
export const MAX_RING_SPAN_DEG = 2;
/** Corners are kept to 1e-7 degrees (1 cm): finer digits are noise (RFC 7946 §11.2), and the tests for crossing become exact. */
const GRID_PER_DEG = 1e7;
/** Smaller than a doorway is a slip of the hand. */
const MIN_RING_AREA_M2 = 1;

/**
 * Checks an outline drawn by a person and answers it counter-clockwise (RFC 7946 §3.1.6). Refusals: `ring-too-short`,
 * `ring-too-long`, `ring-out-of-bounds`, `ring-not-closed`, `ring-too-wide`, `ring-self-intersecting`, `ring-too-small`.
 */
export function checkRing(ring: readonly (readonly [number, number])[]): Result<Outline> {
  if (ring.length < 4) return bad('ring-too-short', `a ring has at least 4 positions, got ${ring.length}`);
  if (ring.length > MAX_RING_POINTS)
    return bad('ring-too-long', `a ring has at most ${MAX_RING_POINTS} positions, got ${ring.length}`);
  if (!ring.every(isOnEarth)) return bad('ring-out-of-bounds', 'longitude is -180..180 and latitude -90..90 degrees');
  const [first, last] = [ring[0]!, ring[ring.length - 1]!];
  if (first[0] !== last[0] || first[1] !== last[1])
    return bad('ring-not-closed', 'the last position of a ring equals the first');
  const outline = onGrid(ring);
  if (outline.length < 4) return bad('ring-too-short', 'a ring has at least 3 different corners');
  const spanDeg = spanOf(outline);
  if (spanDeg > MAX_RING_SPAN_DEG)
    return bad('ring-too-wide', `a ring spans at most ${MAX_RING_SPAN_DEG} degrees, got ${spanDeg.toFixed(2)}`);
  if (crossesItself(outline)) return bad('ring-self-intersecting', 'the edges of a ring do not cross or touch');
  if (!(ringAreaM2(outline) >= MIN_RING_AREA_M2))
    return bad('ring-too-small', `a ring encloses at least ${MIN_RING_AREA_M2} m2`);
  return ok(signedArea(outline) < 0 ? outline.toReversed() : outline);
}

/** Area in square metres, on the local plane at the middle of the ring's box. Never negative. */
export function ringAreaM2(ring: readonly (readonly [number, number])[]): number {
  const plane = planeOf(ring);
  return Math.abs(planeAreaM2(ring.map(([longitudeDeg, latitudeDeg]) => plane.toPlane({ longitudeDeg, latitudeDeg }))));
}

/** Signed shoelace area; positive when counter-clockwise. */
export function planeAreaM2(points: readonly PlanePoint[]): number {
  let twice = 0;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    twice += points[j]!.xM * points[i]!.yM - points[i]!.xM * points[j]!.yM;
  }
  return twice / 2;
}

/** Whether a point lies inside (even-odd rule). A point on an edge may fall on either side. */
export function isInRing(point: GeoPoint, ring: readonly (readonly [number, number])[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > point.latitudeDeg === yj > point.latitudeDeg) continue;
    if (point.longitudeDeg < ((xj - xi) * (point.latitudeDeg - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The local plane whose origin is the middle of the ring's bounding box. */
export function planeOf(ring: readonly (readonly [number, number])[]): LocalPlane {
  const box = boxOf(ring);
  return new LocalPlane({
    latitudeDeg: (box.south + box.north) / 2,
    longitudeDeg: (box.west + box.east) / 2,
  });
}

function bad(code: string, message: string): Result<never> {
  return refused(refusal('bad-input', code, message));
}

function isOnEarth([longitude, latitude]: readonly [number, number]): boolean {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
}

/** Snapped to the grid, without repeated neighbours. */
function onGrid(ring: readonly (readonly [number, number])[]): Outline {
  const outline: Outline = [];
  for (const [longitude, latitude] of ring) {
    const position: Position = [snap(longitude), snap(latitude)];
    const previous = outline[outline.length - 1];
    if (previous && previous[0] === position[0] && previous[1] === position[1]) continue;
    outline.push(position);
  }
  return outline;
}

/** `+ 0` turns -0 into 0. */
function snap(degrees: number): number {
  return Math.round(degrees * GRID_PER_DEG) / GRID_PER_DEG + 0;
}

function boxOf(ring: readonly (readonly [number, number])[]): Record<'west' | 'east' | 'south' | 'north', number> {
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
  for (const [longitude, latitude] of ring) {
    box.west = Math.min(box.west, longitude);
    box.east = Math.max(box.east, longitude);
    box.south = Math.min(box.south, latitude);
    box.north = Math.max(box.north, latitude);
  }
  return box;
}

function spanOf(ring: Outline): number {
  const box = boxOf(ring);
  return Math.max(box.east - box.west, box.north - box.south);
}

function signedArea(ring: Outline): number {
  const [originX, originY] = ring[0]!;
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    twice += (ring[j]![0] - originX) * (ring[i]![1] - originY) - (ring[i]![0] - originX) * (ring[j]![1] - originY);
  }
  return twice;
}

/**
 * Every edge against every later one: at most 125,000 pairs of the largest ring allowed. In whole grid steps a ring of
 * 2° has products below 2^50, so the sign of every turn is exact.
 */
function crossesItself(outline: Outline): boolean {
  const ring = outline.map(([x, y]): Position => [Math.round(x * GRID_PER_DEG), Math.round(y * GRID_PER_DEG)]);
  const edges = ring.length - 1;
  for (let i = 0; i < edges; i++) {
    if (turnsBack(ring, i, edges)) return true;
    for (let j = i + 2; j < edges; j++) {
      if (i === 0 && j === edges - 1) continue;
      if (edgesMeet(ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!)) return true;
    }
  }
  return false;
}

/** The edge after `i` runs back over edge `i`: a spike of no width. */
function turnsBack(ring: Outline, i: number, edges: number): boolean {
  const [a, b, c] = [ring[i]!, ring[i + 1]!, ring[i + 1 === edges ? 1 : i + 2]!];
  if (side(a, b, c) !== 0) return false;
  return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;
}

function edgesMeet(a: Position, b: Position, c: Position, d: Position): boolean {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && isOnEdge(a, b, c)) ||
    (abd === 0 && isOnEdge(a, b, d)) ||
    (cda === 0 && isOnEdge(c, d, a)) ||
    (cdb === 0 && isOnEdge(c, d, b))
  );
}

/** 1 left of a→b, -1 right of it, 0 on its line. */
function side(a: Position, b: Position, c: Position): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

function isOnEdge(a: Position, b: Position, p: Position): boolean {
  return (
    Math.min(a[0], b[0]) <= p[0] &&
    p[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= p[1] &&
    p[1] <= Math.max(a[1], b[1])
  );
}
