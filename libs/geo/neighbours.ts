import { intersection, type Geom } from 'polyclip-ts';
import { LocalPlane, type PlanePoint } from './local-plane.ts';
import { isInRing, planeAreaM2, ringAreaM2, type Position } from './ring.ts';
import type { GeoPoint } from './sphere.ts';

type Ring = readonly (readonly [number, number])[];

/** Two outlines whose borders come nearer than this are neighbours: the street between them belongs to both. */
export const NEIGHBOUR_GAP_M = 30;
/** Borders drawn by hand along the same street overlap a little: so much of the smaller one is no overlap. */
const DRAWN_SHARE = 0.01;
const DRAWN_M2 = 100;
/** Grids to snap corners to, in metres. */
const GRIDS_M = [0.01, 0.1, 1] as const;

/** Square metres that two outlines share, on the local plane of the first. No input makes it throw. */
export function sharedAreaM2(one: Ring, other: Ring): number {
  if (!boxesMeet(one, other, 0)) return 0;
  const plane = planeAt(one);
  for (const gridM of GRIDS_M) {
    const shared = cut(one, other, plane, gridM);
    if (shared) return shared.reduce((sum, polygon) => sum + polygonAreaM2(polygon) * gridM * gridM, 0);
  }
  return 0;
}

/** Whole numbers of a grid keep the boolean arithmetic short; on a coarser one it succeeds where a finer one gives up. */
function cut(one: Ring, other: Ring, plane: LocalPlane, gridM: number): [number, number][][][] | undefined {
  try {
    return intersection(geomOf(one, plane, gridM), geomOf(other, plane, gridM));
  } catch {
    return undefined;
  }
}

/** The outer ring without its holes, in squares of the grid. */
function polygonAreaM2(polygon: readonly (readonly [number, number][])[]): number {
  const areas = polygon.map((ring) => Math.abs(planeAreaM2(ring.map(([xM, yM]) => ({ xM, yM })))));
  return areas.reduce((sum, area, index) => (index === 0 ? area : sum - area), 0);
}

/** Square metres that two outlines share beyond what two hands that draw the same border would. */
export function overlapM2(one: Ring, other: Ring): number {
  const shared = sharedAreaM2(one, other);
  const allowed = Math.max(DRAWN_M2, DRAWN_SHARE * Math.min(ringAreaM2(one), ringAreaM2(other)));
  return shared > allowed ? shared : 0;
}

/** Whether the borders of two outlines touch, cross, or run within {@link NEIGHBOUR_GAP_M}. */
export function areNeighbours(one: Ring, other: Ring, gapM: number = NEIGHBOUR_GAP_M): boolean {
  if (!boxesMeet(one, other, gapM)) return false;
  if (isInRing(pointOf(one[0]!), other) || isInRing(pointOf(other[0]!), one)) return true;
  const plane = planeAt(one);
  const [first, second] = [cornersOf(one, plane), cornersOf(other, plane)];
  // The least distance of two segments that do not cross is between a corner of one and the other; crossing ones share area.
  return cornersNear(first, second, gapM) || cornersNear(second, first, gapM) || sharedAreaM2(one, other) > 0;
}

function cornersNear(corners: readonly PlanePoint[], ring: readonly PlanePoint[], gapM: number): boolean {
  return corners.some((corner) =>
    ring.some((end, index) => index > 0 && toSegmentM(corner, ring[index - 1]!, end) <= gapM),
  );
}

function toSegmentM(point: PlanePoint, from: PlanePoint, to: PlanePoint): number {
  const [alongX, alongY] = [to.xM - from.xM, to.yM - from.yM];
  const [awayX, awayY] = [point.xM - from.xM, point.yM - from.yM];
  const lengthSquared = alongX * alongX + alongY * alongY;
  const share = lengthSquared === 0 ? 0 : Math.max(0, Math.min(1, (awayX * alongX + awayY * alongY) / lengthSquared));
  return Math.hypot(awayX - share * alongX, awayY - share * alongY);
}

/** A degree of latitude on the sphere, metres. */
const M_PER_DEG = 111_195;

function boxesMeet(one: Ring, other: Ring, gapM: number): boolean {
  const [a, b] = [boxOf(one), boxOf(other)];
  const northDeg = gapM / M_PER_DEG;
  const widest = Math.max(Math.abs(a.south), Math.abs(a.north), Math.abs(b.south), Math.abs(b.north));
  const eastDeg = northDeg / Math.max(0.01, Math.cos((widest * Math.PI) / 180));
  return (
    a.west <= b.east + eastDeg &&
    b.west <= a.east + eastDeg &&
    a.south <= b.north + northDeg &&
    b.south <= a.north + northDeg
  );
}

function boxOf(ring: Ring): { west: number; east: number; south: number; north: number } {
  const [lngs, lats] = [ring.map(([lng]) => lng), ring.map(([, lat]) => lat)];
  return { west: Math.min(...lngs), east: Math.max(...lngs), south: Math.min(...lats), north: Math.max(...lats) };
}

function planeAt(ring: Ring): LocalPlane {
  return new LocalPlane(pointOf(ring[0]!));
}

function pointOf([longitudeDeg, latitudeDeg]: readonly [number, number]): GeoPoint {
  return { longitudeDeg, latitudeDeg };
}

function cornersOf(ring: Ring, plane: LocalPlane): PlanePoint[] {
  return ring.map((position) => plane.toPlane(pointOf(position)));
}

function geomOf(ring: Ring, plane: LocalPlane, gridM: number): Geom {
  return [cornersOf(ring, plane).map(({ xM, yM }): Position => [Math.round(xM / gridM), Math.round(yM / gridM)])];
}
