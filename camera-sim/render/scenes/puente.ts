import { addBuilding } from '../parts/building.ts';
import { drawArea } from '../parts/ground.ts';
import { addBush, addTree } from '../parts/plant.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { addPost, addRailing } from '../parts/street.ts';
import { addRipples, drawWater } from '../parts/water.ts';
import type { Rgb } from '../light.ts';
import { seeded } from '../random.ts';
import { drive, walkLine, type Path } from '../motion.ts';
import { AFTERNOON, AFTERNOON_SKY, ASPHALT, CAR_COLOURS, PEOPLE, YELLOW_PAINT } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const CONCRETE: Rgb = [188, 182, 172];
const FIELDS: readonly Rgb[] = [
  [122, 142, 78],
  [142, 152, 86],
  [104, 128, 72],
  [158, 150, 96],
];
/** The deck runs along x at this height above the river bed, which lies at 0. */
const DECK_M = 4.2;
const DECK: Readonly<Record<'near' | 'far', number>> = { near: 26, far: 35 };

/** The bridge over the river and the green valley floor behind it. */
export const puente: Scene = {
  light: AFTERNOON,
  lamps: [],
  views: { '': { at: [-6, 10.5, -8], yawDeg: 8, pitchDeg: -10.5, fovDeg: 66 } },
  ground: (stage) => {
    drawSky(stage, AFTERNOON_SKY);
    drawClouds(stage, [255, 246, 228], 0.4, 61, 26);
    drawRidge(stage, { colour: [204, 180, 150], elevationDeg: 8, roughDeg: 2.6, seed: 90 });
    drawRidge(stage, { colour: [188, 160, 126], elevationDeg: 4, roughDeg: 2.2, seed: 99 });
    drawArea(
      stage,
      [
        [-2500, -10],
        [2500, -10],
        [2500, 4000],
        [-2500, 4000],
      ],
      [178, 158, 124],
    );
    drawFields(stage);
    drawArea(
      stage,
      [
        [-19, -10],
        [16, -10],
        [20, 40],
        [44, 120],
        [120, 400],
        [60, 400],
        [2, 120],
        [-14, 40],
      ],
      [172, 160, 138],
    );
    drawWater(stage, {
      outline: [
        [-9, -10],
        [8, -10],
        [10, 30],
        [26, 110],
        [84, 330],
        [70, 330],
        [10, 110],
        [-7, 30],
      ],
      near: [96, 126, 128],
      far: [176, 186, 180],
    });
  },
  things: (stage, turn) => {
    addRipples(
      stage,
      { fromX: -7, toX: 8, fromZ: -2, toZ: 24, count: 60, colour: [236, 240, 236], alpha: 0.5, seed: 14 },
      turn,
    );
    addBridge(stage);
    addTraffic(stage, turn);
    addBanks(stage);
    addBuilding(stage, { x: -66, z: 66, widthM: 14, depthM: 10, floors: 2, wall: [206, 190, 160], seed: 401 });
    addBuilding(stage, {
      x: -50,
      z: 78,
      widthM: 11,
      depthM: 9,
      floors: 1,
      wall: [186, 146, 116],
      seed: 402,
      unfinished: true,
    });
    addBuilding(stage, {
      x: 72,
      z: 70,
      widthM: 13,
      depthM: 10,
      floors: 2,
      wall: [200, 182, 160],
      seed: 403,
      unfinished: true,
    });
  },
};

function drawFields(stage: Stage): void {
  const random = seeded(7);
  for (let row = 0; row < 7; row++) {
    for (let column = -9; column < 10; column++) {
      const [x, z] = [column * 22 + row * 4, 44 + row * 20];
      if (x > -26 + row * 5 && x < 26 + row * 9) continue;
      const colour = FIELDS[Math.floor(random() * FIELDS.length)]!;
      drawArea(
        stage,
        [
          [x, z],
          [x + 21, z],
          [x + 22, z + 19],
          [x + 1, z + 19],
        ],
        colour,
      );
    }
  }
}

function addBridge(stage: Stage): void {
  stage.add([0, 0, DECK.far + 4], () => {
    for (const x of [-26, -9, 9, 26]) {
      const pier: Point[] = [
        [x - 0.9, 0, DECK.near + 1],
        [x + 0.9, 0, DECK.near + 1],
        [x + 0.9, 0, DECK.far - 1],
        [x - 0.9, 0, DECK.far - 1],
      ];
      stage.prism(pier, DECK_M - 0.9, [160, 154, 146]);
    }
    const deck: Point[] = [
      [-90, 0, DECK.near],
      [90, 0, DECK.near],
      [90, 0, DECK.far],
      [-90, 0, DECK.far],
    ];
    stage.side(
      [
        [-90, DECK_M - 1.1, DECK.near],
        [90, DECK_M - 1.1, DECK.near],
        [90, DECK_M, DECK.near],
        [-90, DECK_M, DECK.near],
      ],
      CONCRETE,
    );
    stage.side(
      deck.map(([x, , z]): Point => [x, DECK_M, z]),
      ASPHALT,
    );
    drawDeckMarks(stage);
  });
  addRailing(stage, [-70, DECK.far], [70, DECK.far], 1, [214, 210, 200], DECK_M);
  addRailing(stage, [-70, DECK.near], [70, DECK.near], 1, [214, 210, 200], DECK_M);
  for (const x of [-30, -10, 10, 30]) {
    stage.add([x, 0, DECK.far], () => {
      stage.bar([x, DECK_M, DECK.far], [x, DECK_M + 6.4, DECK.far], 0.15, [120, 124, 130]);
      stage.bar([x, DECK_M + 6.4, DECK.far], [x, DECK_M + 6.6, DECK.far - 1.6], 0.12, [120, 124, 130]);
    });
  }
  addPost(stage, [-22, 0, 20], 1.4);
}

function drawDeckMarks(stage: Stage): void {
  const middle = (DECK.near + DECK.far) / 2;
  for (let x = -88; x < 88; x += 5) {
    stage.face(
      [
        [x, DECK_M + 0.01, middle - 0.08],
        [x + 2.4, DECK_M + 0.01, middle - 0.08],
        [x + 2.4, DECK_M + 0.01, middle + 0.08],
        [x, DECK_M + 0.01, middle + 0.08],
      ],
      YELLOW_PAINT,
    );
  }
}

/** On the deck, whose things stand higher than the ground. */
function addTraffic(stage: Stage, turn: number): void {
  const raised = stage.raisedBy(DECK_M);
  const eastward: Path = [
    [-64, 28.6],
    [64, 28.6],
  ];
  const westward: Path = [
    [64, 32.4],
    [-64, 32.4],
  ];
  drive(raised, { kind: 'car', colour: CAR_COLOURS.white }, eastward, turn, 0.1);
  drive(raised, { kind: 'truck', colour: CAR_COLOURS.red }, eastward, turn, 0.52);
  drive(raised, { kind: 'bus', colour: [196, 204, 206] }, westward, turn, 0.3);
  drive(raised, { kind: 'pickup', colour: CAR_COLOURS.black }, westward, turn, 0.78);
  walkLine(
    raised,
    PEOPLE[3]!,
    [
      [-56, 26.7],
      [56, 26.7],
    ],
    8,
    turn,
  );
  walkLine(
    raised,
    PEOPLE[0]!,
    [
      [52, 34.3],
      [-52, 34.3],
    ],
    7,
    turn,
    0.5,
  );
}

function addBanks(stage: Stage): void {
  const random = seeded(33);
  for (let tree = 0; tree < 14; tree++) {
    const side = tree % 2 === 0 ? -1 : 1;
    addTree(stage, [side * (24 + random() * 60), 0, 44 + random() * 60], 4 + random() * 3.5, 500 + tree, [96, 118, 66]);
  }
  for (let reed = 0; reed < 34; reed++) {
    const side = reed % 2 === 0 ? -1 : 1;
    const x = side < 0 ? -12 - random() * 9 : 11 + random() * 9;
    addBush(stage, [x, 0, -2 + random() * 24], 0.4 + random() * 0.7, [120 + random() * 30, 132 + random() * 16, 76]);
  }
}
