import { LocalPlane, type PlanePoint } from './local-plane.ts';
import type { Outline } from './ring.ts';
import { RADIANS_PER_DEGREE, bearingDeg, destination, distanceM, turnDeg, type GeoPoint } from './sphere.ts';

/** What a camera can see, from above: a slice of a disc. Walls, height and darkness are not known to it. */
export interface Sector {
  readonly place: GeoPoint;
  /** Middle of the view, degrees clockwise from north. */
  readonly bearingDeg: number;
  /** Whole opening, 0 < angle <= 360; 360 is a camera that sees all around. */
  readonly fieldOfViewDeg: number;
  readonly rangeM: number;
}

/** Chord step of the arc. The slice drawn is 0.11 % smaller than the true one. */
const ARC_STEP_DEG = 4.7;

/** The sector as a closed counter-clockwise outline. A full circle has no point at the camera. */
export function sectorOutline(sector: Sector): Outline {
  const plane = new LocalPlane(sector.place);
  const outline: Outline = sectorOnPlane(sector, plane).map((point) => {
    const { longitudeDeg, latitudeDeg } = plane.toGeo(point);
    return [longitudeDeg, latitudeDeg];
  });
  outline.push([...outline[0]!]);
  return outline;
}

/** Corner points on the given plane, counter-clockwise, not closed. */
export function sectorOnPlane(sector: Sector, plane: LocalPlane): PlanePoint[] {
  const centre = plane.toPlane(sector.place);
  const isCircle = sector.fieldOfViewDeg >= 360;
  const openingDeg = Math.min(360, sector.fieldOfViewDeg);
  const steps = Math.max(2, Math.ceil(openingDeg / ARC_STEP_DEG));
  const points: PlanePoint[] = isCircle ? [] : [centre];
  for (let i = 0; i < (isCircle ? steps : steps + 1); i++) {
    const course = (sector.bearingDeg + openingDeg / 2 - (openingDeg * i) / steps) * RADIANS_PER_DEGREE;
    points.push({
      xM: centre.xM + sector.rangeM * Math.sin(course),
      yM: centre.yM + sector.rangeM * Math.cos(course),
    });
  }
  return points;
}

/** Whether the camera's field of view reaches a point. The camera's own place counts as seen. */
export function sees(sector: Sector, point: GeoPoint): boolean {
  const awayM = distanceM(sector.place, point);
  if (awayM > sector.rangeM) return false;
  if (sector.fieldOfViewDeg >= 360 || awayM === 0) return true;
  return turnDeg(bearingDeg(sector.place, point), sector.bearingDeg) <= sector.fieldOfViewDeg / 2;
}

/** What a camera is aimed at: half way along the middle of its view. One that sees all around is aimed at where it stands. */
export function middleOfSector({ place, bearingDeg: courseDeg, fieldOfViewDeg, rangeM }: Sector): GeoPoint {
  return fieldOfViewDeg >= 360 ? place : destination(place, courseDeg, rangeM / 2);
}
