/** A point on the earth, WGS 84, decimal degrees; south and west are negative. */
export interface GeoPoint {
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

/**
 * Mean radius of the WGS 84 ellipsoid, (2a + b) / 3 (Moritz, Geodetic Reference System 1980, R1). Taking the earth as
 * this sphere makes a distance at most 0.56 % wrong anywhere; along a meridian at Ilo (17.6° S) it is 0.46 % long, along
 * a parallel 0.14 % short. A bearing over town distances is less than 0.2° wrong.
 */
export const EARTH_RADIUS_M = 6_371_008.8;

export const RADIANS_PER_DEGREE = Math.PI / 180;

/** Great-circle distance in metres (haversine, which keeps its precision for near points). */
export function distanceM(from: GeoPoint, to: GeoPoint): number {
  const fromLat = from.latitudeDeg * RADIANS_PER_DEGREE;
  const toLat = to.latitudeDeg * RADIANS_PER_DEGREE;
  const sinLat = Math.sin((toLat - fromLat) / 2);
  const sinLon = Math.sin(((to.longitudeDeg - from.longitudeDeg) * RADIANS_PER_DEGREE) / 2);
  const h = sinLat * sinLat + Math.cos(fromLat) * Math.cos(toLat) * sinLon * sinLon;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Direction to set out in, degrees clockwise from north, 0 <= b < 360. Two equal points give 0. */
export function bearingDeg(from: GeoPoint, to: GeoPoint): number {
  const fromLat = from.latitudeDeg * RADIANS_PER_DEGREE;
  const toLat = to.latitudeDeg * RADIANS_PER_DEGREE;
  const deltaLon = (to.longitudeDeg - from.longitudeDeg) * RADIANS_PER_DEGREE;
  const east = Math.sin(deltaLon) * Math.cos(toLat);
  const north = Math.cos(fromLat) * Math.sin(toLat) - Math.sin(fromLat) * Math.cos(toLat) * Math.cos(deltaLon);
  return normaliseBearingDeg(Math.atan2(east, north) / RADIANS_PER_DEGREE);
}

/** Where one arrives after `rangeM` along the great circle that sets out at `bearing`. */
export function destination(from: GeoPoint, bearing: number, rangeM: number): GeoPoint {
  const angle = rangeM / EARTH_RADIUS_M;
  const course = bearing * RADIANS_PER_DEGREE;
  const fromLat = from.latitudeDeg * RADIANS_PER_DEGREE;
  const sinLat = Math.sin(fromLat) * Math.cos(angle) + Math.cos(fromLat) * Math.sin(angle) * Math.cos(course);
  const toLat = Math.asin(Math.max(-1, Math.min(1, sinLat)));
  const deltaLon = Math.atan2(
    Math.sin(course) * Math.sin(angle) * Math.cos(fromLat),
    Math.cos(angle) - Math.sin(fromLat) * Math.sin(toLat),
  );
  return {
    latitudeDeg: toLat / RADIANS_PER_DEGREE,
    longitudeDeg: normaliseLongitudeDeg(from.longitudeDeg + deltaLon / RADIANS_PER_DEGREE),
  };
}

/** The same direction in 0 <= b < 360. */
export function normaliseBearingDeg(bearing: number): number {
  const turned = bearing % 360;
  const positive = turned < 0 ? turned + 360 : turned;
  return positive >= 360 ? 0 : positive + 0;
}

/** The smaller angle between two directions, 0..180. */
export function turnDeg(a: number, b: number): number {
  const apart = Math.abs(normaliseBearingDeg(a - b));
  return apart > 180 ? 360 - apart : apart;
}

/** The same meridian in -180 <= l < 180. */
export function normaliseLongitudeDeg(longitude: number): number {
  return longitude >= -180 && longitude < 180 ? longitude : ((((longitude + 180) % 360) + 360) % 360) - 180;
}
