import { difference, intersection, type Geom } from 'polyclip-ts';
import type { LocalPlane, PlanePoint } from './local-plane.ts';
import { MAX_RING_POINTS, planeAreaM2, planeOf, type Outline } from './ring.ts';
import { sectorOnPlane, type Sector } from './sector.ts';

/** How much of a zone is seen. */
export interface Coverage {
  readonly areaM2: number;
  /** 0..1 of the area that at least one sector reaches. */
  readonly coveredShare: number;
  /** GeoJSON MultiPolygon coordinates (RFC 7946 §3.1.7) of what none reaches: outlines with their holes. */
  readonly blind: Outline[][];
  /** Sectors that reach into the zone's box at all. */
  readonly sectorsUsed: number;
  /** Sectors left out because there were more than {@link MAX_SECTORS}, or because the arithmetic gave up on them. */
  readonly sectorsLeftOut: number;
}

/** Most sectors one zone is computed with: 150 take about half a second on one core. */
export const MAX_SECTORS = 200;
/** A blind patch smaller than this is drawn by rounding, not by the town. */
const MIN_PATCH_M2 = 1;
/** Grids to snap corners to, in metres: whole numbers of them keep the boolean arithmetic short and exact. */
const GRIDS_M = [0.01, 0.1, 1] as const;

type Ring = [number, number][];

/**
 * The share of `zone` that the sectors cover, and the rest. The order of the sectors does not matter, sectors that do
 * not reach the zone cost nothing, and no input makes it throw: what cannot be computed counts as not seen.
 */
export function coverageOf(zone: Outline, sectors: readonly Sector[]): Coverage {
  const plane = planeOf(zone);
  const corners = zone.slice(0, -1).map(([longitudeDeg, latitudeDeg]) => plane.toPlane({ longitudeDeg, latitudeDeg }));
  const areaM2 = Math.abs(planeAreaM2(corners));
  if (!(areaM2 > 0) || !Number.isFinite(areaM2))
    return { areaM2: 0, coveredShare: 0, blind: [], sectorsUsed: 0, sectorsLeftOut: sectors.length };
  const reaching = reachingOutlines(corners, sectors, plane);
  const used = reaching.slice(0, MAX_SECTORS);
  const cut = used.length === 0 ? undefined : subtract(corners, used);
  const blind = used.length === 0 || !cut ? [[corners]] : cut;
  return {
    areaM2,
    coveredShare: clampShare(1 - blindAreaM2(blind) / areaM2),
    blind: blind.map((polygon) => polygon.map((ring) => toOutline(ring, plane))),
    sectorsUsed: cut ? used.length : 0,
    sectorsLeftOut: cut || used.length === 0 ? reaching.length - used.length : reaching.length,
  };
}

/** Those sectors that see some of the zone, in the order given. */
export function sectorsReaching(zone: Outline, sectors: readonly Sector[]): Sector[] {
  const plane = planeOf(zone);
  const corners = zone.slice(0, -1).map(([longitudeDeg, latitudeDeg]) => plane.toPlane({ longitudeDeg, latitudeDeg }));
  if (!(Math.abs(planeAreaM2(corners)) > 0)) return [];
  const box = boxOf(corners);
  return sectors.filter((sector) => {
    if (!isUsable(sector)) return false;
    const outline = sectorOnPlane(sector, plane);
    return meets(box, boxOf(outline)) && overlaps(corners, outline);
  });
}

function overlaps(zone: PlanePoint[], outline: PlanePoint[]): boolean {
  try {
    return intersection(snap(zone, GRIDS_M[0]), snap(outline, GRIDS_M[0])).length > 0;
  } catch {
    return true;
  }
}

function reachingOutlines(zone: PlanePoint[], sectors: readonly Sector[], plane: LocalPlane): PlanePoint[][] {
  const box = boxOf(zone);
  const outlines = sectors
    .filter((sector) => isUsable(sector))
    .map((sector) => sectorOnPlane(sector, plane))
    .filter((outline) => meets(box, boxOf(outline)));
  return outlines.sort(byCorners);
}

function isUsable(sector: Sector): boolean {
  return (
    Number.isFinite(sector.bearingDeg) &&
    sector.fieldOfViewDeg > 0 &&
    sector.rangeM > 0 &&
    Number.isFinite(sector.rangeM + sector.fieldOfViewDeg) &&
    Number.isFinite(sector.place.latitudeDeg + sector.place.longitudeDeg)
  );
}

/** One order for the same set of sectors, so that rounding does not depend on who was listed first. */
function byCorners(a: PlanePoint[], b: PlanePoint[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const apart = a[i]!.xM - b[i]!.xM || a[i]!.yM - b[i]!.yM;
    if (apart !== 0) return apart;
  }
  return a.length - b.length;
}

/** `undefined` when the boolean arithmetic failed on every grid. */
function subtract(zone: PlanePoint[], outlines: PlanePoint[][]): PlanePoint[][][] | undefined {
  for (const gridM of GRIDS_M) {
    try {
      const rest = difference(snap(zone, gridM), ...outlines.map((outline) => snap(outline, gridM)));
      return rest
        .map((polygon) => polygon.map((ring) => ring.slice(0, -1).map(([x, y]) => ({ xM: x * gridM, yM: y * gridM }))))
        .filter((polygon) => blindAreaM2([polygon]) >= MIN_PATCH_M2);
    } catch {
      // A sweep-line failure on near-degenerate edges: a coarser grid merges the points that confused it.
    }
  }
  return undefined;
}

function snap(points: PlanePoint[], gridM: number): Geom {
  const ring: Ring = points.map((point) => [Math.round(point.xM / gridM), Math.round(point.yM / gridM)]);
  ring.push([...ring[0]!]);
  return [ring];
}

function blindAreaM2(polygons: readonly (readonly PlanePoint[][])[]): number {
  let sum = 0;
  for (const polygon of polygons) {
    polygon.forEach((ring, index) => (sum += (index === 0 ? 1 : -1) * Math.abs(planeAreaM2(ring))));
  }
  return sum;
}

/** Closed, outer ring counter-clockwise as it came from the arithmetic, rounded to 1 cm (7 decimals). */
function toOutline(ring: readonly PlanePoint[], plane: LocalPlane): Outline {
  const outline: Outline = thinned(ring).map((point) => {
    const { longitudeDeg, latitudeDeg } = plane.toGeo(point);
    return [round7(longitudeDeg), round7(latitudeDeg)];
  });
  outline.push([...outline[0]!]);
  return outline;
}

/**
 * At most as many corners as a ring may have, leaving out those that change the area least (Visvalingam-Whyatt): the
 * edge of many overlapping circles has more than anybody can see.
 */
function thinned(ring: readonly PlanePoint[]): readonly PlanePoint[] {
  const points = [...ring];
  while (points.length > MAX_RING_POINTS - 1) {
    const weights = points.map((point, i) => cornerM2(points.at(i - 1)!, point, points[(i + 1) % points.length]!));
    const spare = Math.max(1, Math.min(points.length - MAX_RING_POINTS + 1, points.length >> 3));
    const limit = weights.toSorted((a, b) => a - b)[spare - 1]!;
    // Never two neighbours in one round: their weights depend on each other.
    let left = spare;
    for (let i = points.length - 1; i >= 0 && left > 0; i--) {
      if (weights[i]! > limit) continue;
      points.splice(i, 1);
      i--;
      left--;
    }
  }
  return points;
}

function cornerM2(a: PlanePoint, b: PlanePoint, c: PlanePoint): number {
  return Math.abs((b.xM - a.xM) * (c.yM - a.yM) - (b.yM - a.yM) * (c.xM - a.xM)) / 2;
}

function round7(degrees: number): number {
  return Math.round(degrees * 1e7) / 1e7;
}

interface Box {
  west: number;
  east: number;
  south: number;
  north: number;
}

function boxOf(points: readonly PlanePoint[]): Box {
  const box: Box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
  for (const { xM, yM } of points) {
    box.west = Math.min(box.west, xM);
    box.east = Math.max(box.east, xM);
    box.south = Math.min(box.south, yM);
    box.north = Math.max(box.north, yM);
  }
  return box;
}

function meets(a: Box, b: Box): boolean {
  return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}

function clampShare(share: number): number {
  return Math.max(0, Math.min(1, share));
}
