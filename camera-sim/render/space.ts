import { FRAME_HEIGHT, FRAME_WIDTH } from './canvas.ts';

/** Metres: x to the right, y up, z away from the camera's foot. */
export type Point = readonly [x: number, y: number, z: number];

export interface View {
  readonly at: Point;
  /** To the right. */
  readonly yawDeg: number;
  /** Negative looks down. */
  readonly pitchDeg: number;
  /** Horizontal field of view. */
  readonly fovDeg: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly depthM: number;
  /** Pixels that one metre takes at this depth. */
  readonly pxPerM: number;
}

const NEAR_M = 0.4;

/** A pinhole camera: world to picture. */
export class Lens {
  private readonly focalPx: number;
  private readonly sinYaw: number;
  private readonly cosYaw: number;
  private readonly sinPitch: number;
  private readonly cosPitch: number;

  constructor(readonly view: View) {
    this.focalPx = FRAME_WIDTH / 2 / Math.tan(radians(view.fovDeg) / 2);
    this.sinYaw = Math.sin(radians(view.yawDeg));
    this.cosYaw = Math.cos(radians(view.yawDeg));
    this.sinPitch = Math.sin(radians(view.pitchDeg));
    this.cosPitch = Math.cos(radians(view.pitchDeg));
  }

  /** `undefined` behind the camera. */
  spot(point: Point): Spot | undefined {
    const seen = this.turned(point);
    return seen[2] < NEAR_M ? undefined : this.flat(seen);
  }

  depthOf(point: Point): number {
    return this.turned(point)[2];
  }

  /** Outline of a polygon in the picture, cut where it passes the camera; empty when all of it is behind. */
  outline(points: readonly Point[]): Spot[] {
    const seen = points.map((point) => this.turned(point));
    const cut: Point[] = [];
    seen.forEach((from, position) => {
      const to = seen[(position + 1) % seen.length]!;
      if (from[2] >= NEAR_M) cut.push(from);
      if (from[2] >= NEAR_M !== to[2] >= NEAR_M) cut.push(mix(from, to, (NEAR_M - from[2]) / (to[2] - from[2])));
    });
    return cut.map((point) => this.flat(point));
  }

  /** Where a direction lies in the picture: azimuth from the z axis to the right, elevation above the horizon. */
  far(azimuthDeg: number, elevationDeg: number): Spot | undefined {
    const reach = 10_000;
    const azimuth = radians(azimuthDeg);
    const flatReach = reach * Math.cos(radians(elevationDeg));
    return this.spot([
      this.view.at[0] + flatReach * Math.sin(azimuth),
      this.view.at[1] + reach * Math.sin(radians(elevationDeg)),
      this.view.at[2] + flatReach * Math.cos(azimuth),
    ]);
  }

  get horizonY(): number {
    return this.far(this.view.yawDeg, 0)?.y ?? 0;
  }

  private turned(point: Point): Point {
    const x = point[0] - this.view.at[0];
    const y = point[1] - this.view.at[1];
    const z = point[2] - this.view.at[2];
    const right = x * this.cosYaw - z * this.sinYaw;
    const ahead = x * this.sinYaw + z * this.cosYaw;
    return [right, y * this.cosPitch - ahead * this.sinPitch, y * this.sinPitch + ahead * this.cosPitch];
  }

  private flat(seen: Point): Spot {
    const pxPerM = this.focalPx / seen[2];
    return { x: FRAME_WIDTH / 2 + seen[0] * pxPerM, y: FRAME_HEIGHT / 2 - seen[1] * pxPerM, depthM: seen[2], pxPerM };
  }
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

export function mix(from: Point, to: Point, share: number): Point {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

export function plus(point: Point, x: number, y: number, z: number): Point {
  return [point[0] + x, point[1] + y, point[2] + z];
}

/** Unit normal of a flat polygon whose points run counter-clockwise seen from outside. */
export function normalOf(points: readonly Point[]): Point {
  const [a, b, c] = [points[0]!, points[1]!, points[2]!];
  const u: Point = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const v: Point = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  const n: Point = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  const length = Math.hypot(...n) || 1;
  // x right, y up, z away is left-handed: the cross product points inwards
  return [-n[0] / length, -n[1] / length, -n[2] / length];
}

export function centreOf(points: readonly Point[]): Point {
  const sum = points.reduce<Point>((total, point) => plus(total, ...point), [0, 0, 0]);
  return [sum[0] / points.length, sum[1] / points.length, sum[2] / points.length];
}

/** Turns around the vertical axis by a heading (0 looks along z, 90 along x) and moves to a place on the ground. */
export function placed(place: Point, headingDeg: number): (x: number, y: number, z: number) => Point {
  const sin = Math.sin(radians(headingDeg));
  const cos = Math.cos(radians(headingDeg));
  return (x, y, z) => [place[0] + x * cos + z * sin, place[1] + y, place[2] - x * sin + z * cos];
}
