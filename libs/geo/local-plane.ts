import { RADIANS_PER_DEGREE, normaliseLongitudeDeg, type GeoPoint } from './sphere.ts';

/** Metres east (`xM`) and north (`yM`) of the plane's origin. */
export interface PlanePoint {
  readonly xM: number;
  readonly yM: number;
}

/** WGS 84 semi-major axis and first eccentricity squared (NIMA TR8350.2, table 3.1 and 3.3). */
const SEMI_MAJOR_AXIS_M = 6_378_137;
const ECCENTRICITY_SQUARED = 0.006_694_379_990_14;
/** Nearer to a pole than this a metre east is too many degrees for the plane to mean anything. */
const MAX_LATITUDE_DEG = 89;

/**
 * A flat map of the surroundings of one point: equirectangular with the ellipsoid's own radii at the origin. Within
 * 10 km of the origin a distance or an area is less than 0.1 % wrong below 60° of latitude; at 100 km it is about 1 %.
 */
export class LocalPlane {
  private readonly metresPerDegreeEast: number;
  private readonly metresPerDegreeNorth: number;

  constructor(readonly origin: GeoPoint) {
    const capped = Math.max(-MAX_LATITUDE_DEG, Math.min(MAX_LATITUDE_DEG, origin.latitudeDeg));
    const latitude = capped * RADIANS_PER_DEGREE;
    const flat = 1 - ECCENTRICITY_SQUARED * Math.sin(latitude) ** 2;
    const primeVerticalM = SEMI_MAJOR_AXIS_M / Math.sqrt(flat);
    const meridionalM = (primeVerticalM * (1 - ECCENTRICITY_SQUARED)) / flat;
    this.metresPerDegreeEast = primeVerticalM * Math.cos(latitude) * RADIANS_PER_DEGREE;
    this.metresPerDegreeNorth = meridionalM * RADIANS_PER_DEGREE;
  }

  toPlane(point: GeoPoint): PlanePoint {
    return {
      xM: normaliseLongitudeDeg(point.longitudeDeg - this.origin.longitudeDeg) * this.metresPerDegreeEast,
      yM: (point.latitudeDeg - this.origin.latitudeDeg) * this.metresPerDegreeNorth,
    };
  }

  toGeo(point: PlanePoint): GeoPoint {
    return {
      latitudeDeg: this.origin.latitudeDeg + point.yM / this.metresPerDegreeNorth,
      longitudeDeg: normaliseLongitudeDeg(this.origin.longitudeDeg + point.xM / this.metresPerDegreeEast),
    };
  }
}
