import { blend, type Rgb } from '../light.ts';
import { placed, type Point } from '../space.ts';
import type { Stage } from '../stage.ts';

export type VehicleKind = 'car' | 'taxi' | 'pickup' | 'van' | 'bus' | 'truck' | 'mototaxi' | 'patrol';

export interface Vehicle {
  readonly kind: VehicleKind;
  readonly colour: Rgb;
}

interface Body {
  readonly lengthM: number;
  readonly widthM: number;
  readonly sillM: number;
  readonly beltM: number;
  readonly roofM: number;
  /** Cabin from the tail (0) to the nose (1), at belt and at roof. */
  readonly cabin: readonly [beltTail: number, beltNose: number, roofTail: number, roofNose: number];
  readonly wheelM: number;
}

const BODIES: Readonly<Record<VehicleKind, Body>> = {
  car: {
    lengthM: 4.2,
    widthM: 1.75,
    sillM: 0.26,
    beltM: 0.88,
    roofM: 1.45,
    cabin: [0.08, 0.74, 0.2, 0.58],
    wheelM: 0.32,
  },
  taxi: { lengthM: 4.1, widthM: 1.7, sillM: 0.26, beltM: 0.9, roofM: 1.5, cabin: [0.04, 0.76, 0.1, 0.6], wheelM: 0.31 },
  patrol: {
    lengthM: 4.4,
    widthM: 1.8,
    sillM: 0.28,
    beltM: 0.95,
    roofM: 1.6,
    cabin: [0.04, 0.76, 0.1, 0.6],
    wheelM: 0.34,
  },
  pickup: {
    lengthM: 5.1,
    widthM: 1.85,
    sillM: 0.4,
    beltM: 1.05,
    roofM: 1.75,
    cabin: [0.4, 0.8, 0.44, 0.66],
    wheelM: 0.38,
  },
  van: { lengthM: 5, widthM: 1.9, sillM: 0.28, beltM: 1.2, roofM: 2.1, cabin: [0.01, 0.92, 0.02, 0.78], wheelM: 0.33 },
  bus: {
    lengthM: 11.5,
    widthM: 2.5,
    sillM: 0.4,
    beltM: 1.5,
    roofM: 3.3,
    cabin: [0.003, 0.995, 0.006, 0.975],
    wheelM: 0.48,
  },
  truck: {
    lengthM: 8.5,
    widthM: 2.4,
    sillM: 0.6,
    beltM: 1.3,
    roofM: 2.7,
    cabin: [0.74, 0.995, 0.75, 0.96],
    wheelM: 0.5,
  },
  mototaxi: {
    lengthM: 2.7,
    widthM: 1.25,
    sillM: 0.3,
    beltM: 0.85,
    roofM: 1.75,
    cabin: [0.02, 0.72, 0.05, 0.62],
    wheelM: 0.24,
  },
};

const TYRE: Rgb = [22, 23, 26];
const GLASS: Rgb = [46, 60, 76];
const HEADLIGHT: Rgb = [255, 240, 205];
const TAIL_LIGHT: Rgb = [255, 52, 40];

/** Adds a vehicle that stands at `place` and looks along `headingDeg`. */
export function addVehicle(stage: Stage, vehicle: Vehicle, place: Point, headingDeg: number): void {
  const at = placed(place, headingDeg);
  const body = BODIES[vehicle.kind];
  stage.add(place, () => drawVehicle(stage, vehicle, body, at, place), 0.3);
  if (stage.light.isNight) addLights(stage, body, at);
}

type Local = (x: number, y: number, z: number) => Point;

function drawVehicle(stage: Stage, vehicle: Vehicle, body: Body, at: Local, place: Point): void {
  const { lengthM, widthM, sillM, beltM } = body;
  stage.pool(place, Math.max(widthM, lengthM * 0.45), Math.max(widthM, lengthM * 0.45), [0, 0, 0], 0.5, false);
  drawWheels(stage, body, at);
  const [half, nose, tail] = [widthM / 2, lengthM / 2, -lengthM / 2];
  const base = [at(-half, sillM, tail), at(half, sillM, tail), at(half, sillM, nose), at(-half, sillM, nose)];
  stage.prism(base, beltM, vehicle.colour, blend(vehicle.colour, [255, 255, 255], 0.1));
  if (vehicle.kind === 'truck') drawCargo(stage, body, at);
  drawCabin(stage, vehicle, body, at);
  drawTrim(stage, vehicle, body, at);
}

function drawWheels(stage: Stage, body: Body, at: Local): void {
  for (const side of [-1, 1]) {
    for (const end of [-0.31, 0.31]) {
      const rim = Array.from({ length: 12 }, (_, step) => {
        const angle = ((step / 12) * Math.PI * 2 * -side) as number;
        const z = body.lengthM * end + body.wheelM * Math.cos(angle);
        return at(side * (body.widthM / 2 + 0.01), body.wheelM + body.wheelM * Math.sin(angle), z);
      });
      stage.face(rim, TYRE);
    }
  }
}

/** Belt to roof: four slanted panes and the roof. */
function drawCabin(stage: Stage, vehicle: Vehicle, body: Body, at: Local): void {
  const { widthM, lengthM, beltM, roofM } = body;
  const [low, high] = [widthM / 2 - 0.02, widthM / 2 - (vehicle.kind === 'bus' ? 0.03 : 0.16)];
  const [beltTail, beltNose, roofTail, roofNose] = body.cabin.map((share) => (share - 0.5) * lengthM) as [
    number,
    number,
    number,
    number,
  ];
  const lower = [
    at(-low, beltM, beltTail),
    at(low, beltM, beltTail),
    at(low, beltM, beltNose),
    at(-low, beltM, beltNose),
  ];
  const upper = [
    at(-high, roofM, roofTail),
    at(high, roofM, roofTail),
    at(high, roofM, roofNose),
    at(-high, roofM, roofNose),
  ];
  lower.forEach((from, position) => {
    const next = (position + 1) % 4;
    const [to, over, above] = [lower[next]!, upper[next]!, upper[position]!];
    stage.side([from, to, over, above], vehicle.colour);
    const pane = vehicle.kind === 'truck' && position !== 2 ? 0.4 : 0.12;
    stage.side(inset([from, to, over, above], pane, vehicle.kind === 'bus' ? 0.5 : 0.82), GLASS);
  });
  stage.side(upper, blend(vehicle.colour, [255, 255, 255], 0.16));
}

/** A pane within a four-cornered side: `aside` of its width free left and right, up to `high` of its height. */
function inset(corners: readonly [Point, Point, Point, Point], aside: number, high: number): Point[] {
  const [a, b, c, d] = corners;
  const point = (across: number, up: number): Point => {
    const low = [0, 1, 2].map((axis) => a[axis]! + (b[axis]! - a[axis]!) * across);
    const top = [0, 1, 2].map((axis) => d[axis]! + (c[axis]! - d[axis]!) * across);
    return [0, 1, 2].map((axis) => low[axis]! + (top[axis]! - low[axis]!) * up) as unknown as Point;
  };
  const share = aside / 2;
  return [point(share, 0.1), point(1 - share, 0.1), point(1 - share, high), point(share, high)];
}

function drawCargo(stage: Stage, body: Body, at: Local): void {
  const { widthM, lengthM, beltM, roofM } = body;
  const [half, tail, front] = [widthM / 2, -lengthM / 2, lengthM * 0.22];
  const base = [at(-half, beltM, tail), at(half, beltM, tail), at(half, beltM, front), at(-half, beltM, front)];
  stage.prism(base, roofM, [168, 172, 170]);
}

function drawTrim(stage: Stage, vehicle: Vehicle, body: Body, at: Local): void {
  const { widthM, lengthM, sillM, beltM, roofM } = body;
  const [half, nose, tail] = [widthM / 2, lengthM / 2 + 0.01, -lengthM / 2 - 0.01];
  const midM = (sillM + beltM) / 2 + 0.08;
  for (const side of [-1, 1]) {
    const [outer, inner] = [side * (half - 0.08), side * (half - 0.42)];
    const [left, right] = [Math.min(outer, inner), Math.max(outer, inner)];
    const tailColour = blend(TAIL_LIGHT, [90, 20, 20], stage.light.isNight ? 0 : 0.5);
    stage.side(
      [at(left, midM, tail), at(right, midM, tail), at(right, midM + 0.18, tail), at(left, midM + 0.18, tail)],
      tailColour,
      true,
    );
    stage.side(
      [at(right, midM, nose), at(left, midM, nose), at(left, midM + 0.18, nose), at(right, midM + 0.18, nose)],
      HEADLIGHT,
      true,
    );
  }
  if (vehicle.kind === 'taxi') drawRoofSign(stage, at, roofM, [245, 200, 60]);
  if (vehicle.kind === 'patrol') drawRoofSign(stage, at, roofM, [70, 130, 255]);
}

function drawRoofSign(stage: Stage, at: Local, roofM: number, colour: Rgb): void {
  const base = [at(-0.35, roofM, -0.45), at(0.35, roofM, -0.45), at(0.35, roofM, -0.15), at(-0.35, roofM, -0.15)];
  stage.prism(base, roofM + 0.2, colour);
}

function addLights(stage: Stage, body: Body, at: Local): void {
  const [half, nose] = [body.widthM / 2 - 0.25, body.lengthM / 2];
  for (const side of [-half, half]) {
    if (looksAtCamera(stage, at, 1)) stage.glow(at(side, 0.75, nose + 0.05), 1.5, HEADLIGHT, 0.75);
    else stage.glow(at(side, 0.8, -nose - 0.05), 0.7, TAIL_LIGHT, 0.8);
  }
  const ahead = at(0, 0, nose + 5);
  stage.add(ahead, () => stage.pool(ahead, 2.6, 4.6, [255, 236, 190], 0.26), -6);
}

function looksAtCamera(stage: Stage, at: Local, direction: 1 | -1): boolean {
  const [here, there] = [at(0, 0, 0), at(0, 0, direction)];
  return stage.lens.depthOf(there) < stage.lens.depthOf(here);
}
