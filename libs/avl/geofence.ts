import { LocalPlane, isInRing, type GeoPoint, type PlanePoint } from '#libs/geo';

/** An area whose border is watched: a sector, a zone, an off-limits area. */
export interface Geofence {
  readonly id: string;
  /** Closed ring of `[longitudeDeg, latitudeDeg]`. */
  readonly ring: readonly (readonly [number, number])[];
}

export interface FenceCrossing {
  readonly fenceId: string;
  readonly kind: 'entered' | 'left';
  readonly atMs: number;
}

/**
 * Entering counts at once; leaving only when the point is further out than `marginM`. A unit parked on the border does not
 * come and go with every wobble of its receiver.
 */
export const FENCE_MARGIN_M = 25;

/** Which fences hold the point, given those that held the one before. */
export function fencesAt(
  point: GeoPoint,
  before: ReadonlySet<string>,
  fences: readonly Geofence[],
  marginM: number = FENCE_MARGIN_M,
): ReadonlySet<string> {
  const inside = fences.filter(
    ({ id, ring }) => isInRing(point, ring) || (before.has(id) && distanceToRingM(point, ring) <= marginM),
  );
  return new Set(inside.map(({ id }) => id));
}

interface Box {
  readonly fence: Geofence;
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** A degree of latitude on the sphere of libs/geo, metres. */
const M_PER_DEG = 111_195;

/**
 * Fences with their boxes, so that a position is held against the few around it and not against a town of outlines.
 * Answers what {@link fencesAt} answers of all.
 */
export class FenceIndex {
  private readonly boxes: readonly Box[];

  constructor(
    fences: readonly Geofence[],
    private readonly marginM: number = FENCE_MARGIN_M,
  ) {
    this.boxes = fences.map((fence) => boxOf(fence, marginM));
  }

  at(point: GeoPoint, before: ReadonlySet<string>): ReadonlySet<string> {
    const { latitudeDeg, longitudeDeg } = point;
    const near: Geofence[] = [];
    for (const { fence, west, south, east, north } of this.boxes) {
      if (latitudeDeg >= south && latitudeDeg <= north && longitudeDeg >= west && longitudeDeg <= east)
        near.push(fence);
    }
    return fencesAt(point, before, near, this.marginM);
  }
}

/** The box of an outline and twice the margin around it: a metre too much costs nothing. */
function boxOf(fence: Geofence, marginM: number): Box {
  const longitudes = fence.ring.map(([longitudeDeg]) => longitudeDeg);
  const latitudes = fence.ring.map(([, latitudeDeg]) => latitudeDeg);
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)];
  const marginDeg = (2 * marginM) / M_PER_DEG;
  const narrowest = Math.max(0.01, Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180));
  return {
    fence,
    west: Math.min(...longitudes) - marginDeg / narrowest,
    east: Math.max(...longitudes) + marginDeg / narrowest,
    south: south - marginDeg,
    north: north + marginDeg,
  };
}

/** What changed between two sets of fences: first what was left, then what was entered. */
export function crossings(before: ReadonlySet<string>, after: ReadonlySet<string>, atMs: number): FenceCrossing[] {
  const left = [...before].filter((id) => !after.has(id)).map((fenceId) => ({ fenceId, kind: 'left', atMs }) as const);
  const entered = [...after]
    .filter((id) => !before.has(id))
    .map((fenceId) => ({ fenceId, kind: 'entered', atMs }) as const);
  return [...left, ...entered];
}

/** Metres from a point to the nearest edge of a ring. */
export function distanceToRingM(point: GeoPoint, ring: readonly (readonly [number, number])[]): number {
  const plane = new LocalPlane(point);
  const corners = ring.map(([longitudeDeg, latitudeDeg]) => plane.toPlane({ longitudeDeg, latitudeDeg }));
  let nearestM = Infinity;
  for (let i = 1; i < corners.length; i++) nearestM = Math.min(nearestM, fromOriginM(corners[i - 1]!, corners[i]!));
  return nearestM;
}

/** Distance of the plane's origin to a segment. */
function fromOriginM(a: PlanePoint, b: PlanePoint): number {
  const [eastM, northM] = [b.xM - a.xM, b.yM - a.yM];
  const lengthSquared = eastM * eastM + northM * northM;
  const along = lengthSquared === 0 ? 0 : -(a.xM * eastM + a.yM * northM) / lengthSquared;
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(a.xM + share * eastM, a.yM + share * northM);
}
