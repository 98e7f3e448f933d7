export {
  EARTH_RADIUS_M,
  bearingDeg,
  destination,
  distanceM,
  normaliseBearingDeg,
  normaliseLongitudeDeg,
  turnDeg,
  type GeoPoint,
} from './sphere.ts';
export { LocalPlane, type PlanePoint } from './local-plane.ts';
export {
  MAX_RING_POINTS,
  MAX_RING_SPAN_DEG,
  checkRing,
  isInRing,
  ringAreaM2,
  type Outline,
  type Position,
} from './ring.ts';
export { middleOfSector, sectorOutline, sees, type Sector } from './sector.ts';
export { MAX_SECTORS, coverageOf, sectorsReaching, type Coverage } from './coverage.ts';
export { NEIGHBOUR_GAP_M, areNeighbours, overlapM2, sharedAreaM2 } from './neighbours.ts';
