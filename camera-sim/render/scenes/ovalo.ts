import { addPost, drawLampPools, postLamp } from '../parts/street.ts';
import { addBuilding } from '../parts/building.ts';
import { addBush, addPalm, addTree } from '../parts/plant.ts';
import { drawArea, drawStripe, drawZebra, ring } from '../parts/ground.ts';
import { drawRidge, drawSky, drawStars } from '../parts/sky.ts';
import { addVehicle, type Vehicle } from '../parts/vehicle.ts';
import { radians, type Point } from '../space.ts';
import type { Rgb } from '../light.ts';
import { drive, idle, rounded, walkLine, walkToAndFro, wrapped, type Path } from '../motion.ts';
import { ASPHALT, CAR_COLOURS, NIGHT, NIGHT_SKY, PAINT, PAVEMENT, PEOPLE, TOWN_WALLS } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const CENTRE: readonly [x: number, z: number] = [0, 30];
const RING_M = 14;
const POSTS: readonly Point[] = [
  [-19.5, 0, 14],
  [19.5, 0, 14],
  [-21.5, 0, 45],
  [21.5, 0, 45],
  [0, 0, 30],
  [-34, 0, 21.5],
  [34, 0, 21.5],
  [-9.5, 0, 66],
];
const WALLS: readonly Rgb[] = TOWN_WALLS;

/** The roundabout of the Pampa at night; the other views look at the bus stop and up the avenue. */
export const ovalo: Scene = {
  light: { ...NIGHT, ambient: [0.5, 0.51, 0.6] },
  lamps: POSTS.map((foot) => postLamp(foot, foot[0] > 0 ? -1.4 : 1.4, [255, 206, 130], 1.15, 21)),
  views: {
    1: { at: [0, 9, -3], yawDeg: 0, pitchDeg: -13.5, fovDeg: 68 },
    2: { at: [0, 9, -3], yawDeg: -36, pitchDeg: -13, fovDeg: 40 },
    3: { at: [0, 9, -3], yawDeg: 21, pitchDeg: -8, fovDeg: 40 },
  },
  ground: (stage) => {
    drawSky(stage, NIGHT_SKY);
    drawStars(stage, 9, 200);
    drawRidge(stage, { colour: [24, 29, 44], elevationDeg: 3.6, roughDeg: 1.6, seed: 14 });
    drawArea(
      stage,
      [
        [-140, -10],
        [140, -10],
        [2500, 4000],
        [-2500, 4000],
      ],
      PAVEMENT,
    );
    drawArea(
      stage,
      [
        [-140, 25],
        [140, 25],
        [140, 35],
        [-140, 35],
      ],
      ASPHALT,
    );
    drawArea(
      stage,
      [
        [-5, -10],
        [5, -10],
        [5, 180],
        [-5, 180],
      ],
      ASPHALT,
    );
    drawArea(stage, ring(CENTRE, 18.5), ASPHALT);
    drawArea(stage, ring(CENTRE, 18.2), [92, 94, 101]);
    for (const [from, to] of [
      [
        [-90, 30],
        [-20, 30],
      ],
      [
        [20, 30],
        [90, 30],
      ],
      [
        [0, -10],
        [0, 10],
      ],
      [
        [0, 50],
        [0, 170],
      ],
    ] as const) {
      drawStripe(stage, from, to, 0.18, PAINT);
    }
    drawArea(stage, ring(CENTRE, 9.7), [170, 166, 156]);
    drawArea(stage, ring(CENTRE, 9.2), [72, 96, 62]);
    drawLanes(stage);
    drawLampPools(stage, 13, 0.44);
  },
  things: (stage, turn) => {
    addBlocks(stage);
    addIsland(stage, turn);
    for (const foot of POSTS) if (foot[0] !== 0) addPost(stage, foot, foot[0] > 0 ? -1.4 : 1.4, [255, 206, 130]);
    addBusStop(stage, turn);
    addTraffic(stage, turn);
    walkLine(
      stage,
      PEOPLE[0]!,
      [
        [-40, 22.6],
        [-22, 20],
        [-14, 10],
        [-12, -6],
      ],
      4,
      turn,
    );
    walkLine(
      stage,
      PEOPLE[5]!,
      [
        [9, -4],
        [13, 10],
        [22, 21],
        [44, 22.4],
      ],
      4,
      turn,
      0.5,
    );
    walkToAndFro(
      stage,
      PEOPLE[2]!,
      [
        [8, 62],
        [8, 54],
      ],
      turn,
      0.3,
    );
  },
};

/** The lanes of the ring, the islands that part the roads, and the crossings. */
function drawLanes(stage: Stage): void {
  const marks = ring(CENTRE, 13.9, 60);
  for (let mark = 0; mark < marks.length; mark += 2) drawStripe(stage, marks[mark]!, marks[mark + 1]!, 0.14, PAINT);
  drawZebra(stage, -5, 5, 5.5, PAINT);
  drawZebra(stage, -5, 5, 50.5, PAINT);
  const kerb: Rgb = [186, 182, 172];
  drawArea(
    stage,
    [
      [-0.9, 0],
      [0.9, 0],
      [2.2, 10.6],
      [-2.2, 10.6],
    ],
    kerb,
  );
  drawArea(
    stage,
    [
      [-2.2, 49.4],
      [2.2, 49.4],
      [0.9, 60],
      [-0.9, 60],
    ],
    kerb,
  );
  for (const side of [-1, 1]) {
    drawArea(
      stage,
      [
        [side * 19.4, 27.8],
        [side * 30, 29.1],
        [side * 30, 30.9],
        [side * 19.4, 32.2],
      ],
      kerb,
    );
  }
}

function addIsland(stage: Stage, turn: number): void {
  const [x, z] = CENTRE;
  stage.add([x, 0, z], () => {
    stage.prism(
      ring(CENTRE, 2.4, 8).map(([rx, rz]): Point => [rx, 0, rz]),
      1.2,
      [196, 188, 174],
    );
    stage.prism(
      [
        [-0.8, 1.2, 29.2],
        [0.8, 1.2, 29.2],
        [0.8, 1.2, 30.8],
        [-0.8, 1.2, 30.8],
      ],
      6.4,
      [206, 200, 190],
    );
    stage.prism(
      [
        [-1.2, 6.4, 28.8],
        [1.2, 6.4, 28.8],
        [1.2, 6.4, 31.2],
        [-1.2, 6.4, 31.2],
      ],
      6.9,
      [180, 150, 96],
    );
  });
  for (let palm = 0; palm < 6; palm++) {
    const angle = (palm / 6) * Math.PI * 2 + 0.3;
    addPalm(stage, [x + 6.4 * Math.cos(angle), 0, z + 6.4 * Math.sin(angle)], 5.6, palm + 3, turn);
  }
  for (const [bushX, bushZ] of ring(CENTRE, 8.4, 22)) addBush(stage, [bushX, 0, bushZ], 0.55, [150, 84, 92]);
}

/** Around the island, counter-clockwise seen from above, as one drives on the right. */
function circle(stage: Stage, vehicle: Vehicle, turn: number, offset: number, radiusM: number): void {
  const angle = wrapped(turn + offset) * Math.PI * 2;
  const at: Point = [CENTRE[0] + radiusM * Math.cos(angle), 0, CENTRE[1] + radiusM * Math.sin(angle)];
  addVehicle(stage, vehicle, at, -(angle * 180) / Math.PI);
}

/** Comes by one road, goes part of the way round and leaves by another. Angles as seen from above, 0 to the right. */
function through(entry: Path, fromDeg: number, toDeg: number, exit: Path): Path {
  const steps = Math.ceil((toDeg - fromDeg) / 12);
  const arc = Array.from({ length: steps + 1 }, (_, step) => {
    const angle = radians(fromDeg + ((toDeg - fromDeg) * step) / steps);
    return [CENTRE[0] + 15 * Math.cos(angle), CENTRE[1] + 15 * Math.sin(angle)] as const;
  });
  return rounded([...entry, ...arc, ...exit], 2.5);
}

const FROM_NEAR_TO_FAR = through(
  [
    [2.6, -12],
    [2.6, 10],
  ],
  -68,
  75,
  [
    [2.6, 52],
    [2.6, 96],
  ],
);
const FROM_FAR_TO_LEFT = through(
  [
    [-2.6, 96],
    [-2.6, 50],
  ],
  112,
  165,
  [
    [-22, 32.6],
    [-78, 32.6],
  ],
);
const FROM_LEFT_TO_NEAR = through(
  [
    [-70, 27.4],
    [-21, 27.4],
  ],
  200,
  250,
  [
    [-2.6, 10],
    [-2.6, -13],
  ],
);
const FROM_RIGHT_TO_LEFT = through(
  [
    [70, 32.6],
    [21, 32.6],
  ],
  15,
  165,
  [
    [-22, 32.6],
    [-60, 32.6],
  ],
);

function addTraffic(stage: Stage, turn: number): void {
  circle(stage, { kind: 'car', colour: CAR_COLOURS.red }, turn, 0.05, RING_M - 1.6);
  circle(stage, { kind: 'taxi', colour: CAR_COLOURS.yellow }, turn, 0.62, RING_M - 1.4);
  drive(stage, { kind: 'car', colour: CAR_COLOURS.white }, FROM_NEAR_TO_FAR, turn, 0.2);
  drive(stage, { kind: 'pickup', colour: CAR_COLOURS.silver }, FROM_NEAR_TO_FAR, turn, 0.7);
  drive(stage, { kind: 'van', colour: CAR_COLOURS.blue }, FROM_FAR_TO_LEFT, turn, 0.38);
  drive(stage, { kind: 'mototaxi', colour: CAR_COLOURS.red }, FROM_LEFT_TO_NEAR, turn, 0.9);
  drive(stage, { kind: 'car', colour: CAR_COLOURS.grey }, FROM_RIGHT_TO_LEFT, turn, 0.5);
}

function addBusStop(stage: Stage, turn: number): void {
  const [x, z] = [-27, 19.6];
  stage.add([x, 0, z], () => {
    for (const aside of [-3, 0, 3])
      stage.bar([x + aside, 0, z + 0.6], [x + aside, 2.5, z + 0.6], 0.12, [120, 130, 140]);
    stage.face(
      [
        [x - 3.4, 2.5, z - 0.9],
        [x + 3.4, 2.5, z - 0.9],
        [x + 3.4, 2.7, z + 1],
        [x - 3.4, 2.7, z + 1],
      ],
      [70, 110, 150],
    );
    stage.face(
      [
        [x - 2.9, 0.5, z + 0.5],
        [x + 2.9, 0.5, z + 0.5],
        [x + 2.9, 2.2, z + 0.5],
        [x - 2.9, 2.2, z + 0.5],
      ],
      [150, 168, 180],
    );
  });
  stage.glow([x, 2.4, z], 3, [220, 232, 255], 0.4);
  idle(stage, PEOPLE[1]!, [-28.6, 0, 19], turn, 0.2, 1);
  idle(stage, PEOPLE[3]!, [-26.9, 0, 18.8], turn, 0.5, 0);
  idle(stage, PEOPLE[4]!, [-25.2, 0, 19.2], turn, 0.8, -1);
  idle(stage, PEOPLE[8]!, [-24.6, 0, 19.3], turn, 0.1, -1);
  addVehicle(stage, { kind: 'bus', colour: [196, 204, 200] }, [-36, 0, 26.6], 90);
}

function addBlocks(stage: Stage): void {
  const block = (x: number, z: number, widthM: number, depthM: number, floors: number, seed: number): void =>
    addBuilding(stage, {
      x,
      z,
      widthM,
      depthM,
      floors,
      wall: WALLS[seed % WALLS.length]!,
      seed,
      litShare: 0.34,
      shops: seed % 3 !== 0,
    });
  for (let lot = 0; lot < 6; lot++) {
    block(-24 - lot * 11.4, 50, 11, 12, 2 + ((lot * 5) % 3), 120 + lot);
    block(13 + lot * 11.4, 50, 11, 12, 2 + ((lot * 7 + 1) % 3), 140 + lot);
    if (lot > 0) block(-19.5, 53 + lot * 11, 11, 10.6, 2 + (lot % 3), 160 + lot);
    if (lot > 0) block(9.5, 53 + lot * 11, 11, 10.6, 1 + ((lot + 1) % 3), 180 + lot);
  }
  for (const x of [-58, -47, 36, 47, 58]) block(x, 6, 10.6, 9, 2 + (Math.abs(x) % 2), 200 + Math.abs(x));
  addTree(stage, [-15, 0, 48], 5, 60);
  addTree(stage, [26, 0, 47.6], 5.4, 61);
}
