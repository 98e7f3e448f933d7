import { blend, type Rgb } from '../light.ts';
import { between, pick, seeded } from '../random.ts';
import { centreOf, mix, type Point } from '../space.ts';
import type { Stage } from '../stage.ts';

export interface Building {
  /** Near left corner as seen from above, and its extent. */
  readonly x: number;
  readonly z: number;
  readonly widthM: number;
  readonly depthM: number;
  readonly floors: number;
  readonly wall: Rgb;
  readonly seed: number;
  /** Share of windows with light. */
  readonly litShare?: number;
  /** Metal shutters and shop signs on the ground floor. */
  readonly shops?: boolean;
  /** Bare brick and rods above, as houses that wait for another floor. */
  readonly unfinished?: boolean;
}

const FLOOR_M = 3;
const WARM: readonly Rgb[] = [
  [255, 206, 130],
  [255, 222, 165],
  [232, 190, 120],
  [206, 220, 235],
];
const SIGNS: readonly Rgb[] = [
  [178, 58, 52],
  [44, 94, 150],
  [206, 150, 46],
  [52, 122, 92],
  [120, 70, 130],
];
const ROD: Rgb = [70, 60, 56];

/** A flat-roofed town house. Adds itself to the stage as one thing. */
export function addBuilding(stage: Stage, building: Building): void {
  const { x, z, widthM, depthM } = building;
  const corners: Point[] = [
    [x, 0, z],
    [x + widthM, 0, z],
    [x + widthM, 0, z + depthM],
    [x, 0, z + depthM],
  ];
  stage.add(centreOf(corners), () => drawBuilding(stage, building, corners));
}

function drawBuilding(stage: Stage, building: Building, corners: readonly Point[]): void {
  const topM = building.floors * FLOOR_M + 0.6;
  stage.prism(corners, topM, building.wall, blend(building.wall, [90, 86, 80], 0.5));
  if (building.unfinished) drawRods(stage, corners, topM);
  corners.forEach((from, position) => {
    const to = corners[(position + 1) % corners.length]!;
    drawFront(stage, building, from, to, building.seed + position * 101);
  });
}

/** One side: a row of openings per floor, a band at the roof, shops below. */
function drawFront(stage: Stage, building: Building, from: Point, to: Point, seed: number): void {
  const random = seeded(seed);
  const widthM = Math.hypot(to[0] - from[0], to[2] - from[2]);
  const columns = Math.max(1, Math.round(widthM / 2.9));
  const face = (left: number, right: number, lowM: number, highM: number, colour: Rgb, own = false): void => {
    const [a, b] = [mix(from, to, left), mix(from, to, right)];
    stage.side(
      [
        [a[0], lowM, a[2]],
        [b[0], lowM, b[2]],
        [b[0], highM, b[2]],
        [a[0], highM, a[2]],
      ],
      colour,
      own,
    );
  };
  const topM = building.floors * FLOOR_M + 0.6;
  face(0, 1, topM - 0.35, topM, blend(building.wall, [255, 255, 255], 0.14));
  face(0, 1, 0, 0.5, blend(building.wall, [40, 36, 34], 0.45));
  for (let floor = 0; floor < building.floors; floor++) {
    if (floor === 0 && building.shops) drawShops(face, random, columns, building.litShare ?? 0);
    else drawWindows(face, random, columns, floor, building);
  }
}

type Face = (left: number, right: number, lowM: number, highM: number, colour: Rgb, own?: boolean) => void;

function drawWindows(face: Face, random: () => number, columns: number, floor: number, building: Building): void {
  const low = floor * FLOOR_M + 0.95;
  for (let column = 0; column < columns; column++) {
    const left = (column + 0.26) / columns;
    const right = (column + 0.74) / columns;
    const isDoor = floor === 0 && column === Math.floor(columns / 2);
    const isLit = random() < (building.litShare ?? 0);
    const glass: Rgb = isLit ? blend(pick(random, WARM), [0, 0, 0], between(random, 0.08, 0.35)) : [38, 46, 60];
    if (isDoor) face(left, right, 0, 2.3, blend([96, 66, 44], [40, 40, 46], random() * 0.6));
    else {
      face(left - 0.012, right + 0.012, low - 0.1, low + 1.45, blend(building.wall, [250, 246, 238], 0.35));
      face(left, right, low, low + 1.35, glass, isLit);
      face(
        (left + right) / 2 - 0.004,
        (left + right) / 2 + 0.004,
        low,
        low + 1.35,
        blend(building.wall, [0, 0, 0], 0.2),
      );
    }
  }
}

function drawShops(face: Face, random: () => number, columns: number, litShare: number): void {
  const shops = Math.max(1, Math.floor(columns / 1.5));
  for (let shop = 0; shop < shops; shop++) {
    const [left, right] = [(shop + 0.08) / shops, (shop + 0.92) / shops];
    const isOpen = random() < Math.max(0.25, litShare);
    const sign = pick(random, SIGNS);
    const inside = blend(blend([238, 196, 136], sign, 0.2), [30, 24, 20], litShare > 0 ? 0.12 : 0.55);
    face(left, right, 0, 2.35, isOpen ? inside : [112, 116, 120], isOpen && litShare > 0);
    if (isOpen) drawCounter(face, left, right, inside, litShare > 0);
    if (!isOpen) for (let slat = 0.3; slat < 2.3; slat += 0.3) face(left, right, slat, slat + 0.05, [86, 90, 95]);
    face(
      left - 0.02,
      right + 0.02,
      2.4,
      2.95,
      litShare > 0 ? blend(sign, [255, 255, 255], 0.08) : sign,
      litShare > 0.3,
    );
    face(left + 0.06, right - 0.16, 2.58, 2.76, [236, 232, 222], litShare > 0.3);
  }
}

/** Shelves and a counter within an open shop. */
function drawCounter(face: Face, left: number, right: number, inside: Rgb, isLit: boolean): void {
  const width = right - left;
  const darker = (share: number): Rgb => blend(inside, [46, 34, 26], share);
  for (const low of [1.2, 1.65, 2.05])
    face(left + width * 0.1, right - width * 0.1, low, low + 0.2, darker(0.3), isLit);
  face(left + width * 0.06, left + width * 0.66, 0, 0.95, darker(0.55), isLit);
}

function drawRods(stage: Stage, corners: readonly Point[], topM: number): void {
  for (let side = 0; side < 2; side++) {
    for (let step = 0; step <= 3; step++) {
      const foot = mix(corners[side]!, corners[side + 1]!, step / 3);
      for (const aside of [-0.12, 0.12]) {
        stage.bar([foot[0] + aside, topM, foot[2]], [foot[0] + aside, topM + 0.9, foot[2]], 0.035, ROD);
      }
    }
  }
}

export interface Row {
  /** Fronts are at this x and look along -x (`left` of a street is negative) or +x. */
  readonly frontX: number;
  readonly fromZ: number;
  readonly toZ: number;
  readonly side: 'left' | 'right';
  readonly seed: number;
  readonly walls: readonly Rgb[];
  readonly floors: readonly [least: number, most: number];
  readonly litShare?: number;
  readonly shops?: boolean;
  readonly unfinished?: boolean;
}

/** Houses along one side of a street that runs along z. */
export function addRow(stage: Stage, row: Row): void {
  const random = seeded(row.seed);
  for (let z = row.fromZ; z < row.toZ;) {
    const depthM = between(random, 6.5, 10.5);
    const widthM = between(random, 8, 11);
    const setBackM = random() * 0.8;
    addBuilding(stage, {
      x: row.side === 'left' ? row.frontX - widthM - setBackM : row.frontX + setBackM,
      z,
      widthM,
      depthM: depthM - 0.12,
      floors: Math.round(between(random, ...row.floors)),
      wall: pick(random, row.walls),
      seed: Math.floor(random() * 1e6),
      litShare: row.litShare ?? 0,
      shops: row.shops === true && random() < 0.8,
      unfinished: row.unfinished === true && random() < 0.6,
    });
    z += depthM;
  }
}
