import { addBench, addPost, addWall, drawLampPools, postLamp } from '../parts/street.ts';
import { addBuilding } from '../parts/building.ts';
import { addBush, addPalm, addTree } from '../parts/plant.ts';
import { drawArea, drawStripe, ring } from '../parts/ground.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { blend, css, type Rgb } from '../light.ts';
import { drive, idle, walkLine, walkToAndFro } from '../motion.ts';
import { ASPHALT, CAR_COLOURS, DUSK, DUSK_SKY, PEOPLE } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const STONE: Rgb = [178, 164, 146];
const GRASS: Rgb = [92, 118, 70];
const WATER: Rgb = [96, 132, 150];
const FOUNTAIN: Point = [0, 0, 24];
const POSTS: readonly Point[] = [
  [-8, 0, 14],
  [8, 0, 14],
  [-8, 0, 34],
  [8, 0, 34],
];

/** The main square at sunset, with its fountain, palms and church. */
export const plaza: Scene = {
  light: DUSK,
  lamps: POSTS.map((foot) => postLamp(foot, foot[0] > 0 ? -0.8 : 0.8, [255, 206, 140], 0.55, 14)),
  views: { '': { at: [0, 6.6, -3], yawDeg: 0, pitchDeg: -11, fovDeg: 70 } },
  ground: (stage) => {
    drawSky(stage, DUSK_SKY);
    drawClouds(stage, [255, 196, 150], 0.32, 12, 26);
    drawRidge(stage, { colour: [132, 96, 100], elevationDeg: 4, roughDeg: 1.8, seed: 21 });
    drawArea(
      stage,
      [
        [-90, -4],
        [90, -4],
        [2500, 4000],
        [-2500, 4000],
      ],
      [150, 138, 126],
    );
    drawArea(
      stage,
      [
        [-90, 46],
        [90, 46],
        [90, 53],
        [-90, 53],
      ],
      ASPHALT,
    );
    drawPaving(stage);
    for (const side of [-1, 1]) {
      for (const z of [8, 30]) {
        drawArea(
          stage,
          [
            [side * 10, z],
            [side * 30, z],
            [side * 30, z + 13],
            [side * 10, z + 13],
          ],
          GRASS,
        );
      }
    }
    drawLampPools(stage, 7, 0.22);
  },
  things: (stage, turn) => {
    addChurch(stage);
    addTownHall(stage);
    addFountain(stage, turn);
    for (const side of [-1, 1]) addGarden(stage, side, turn);
    for (const foot of POSTS) addPost(stage, foot, foot[0] > 0 ? -0.8 : 0.8, [255, 206, 140]);
    drive(
      stage,
      { kind: 'car', colour: CAR_COLOURS.white },
      [
        [-58, 48],
        [58, 48],
      ],
      turn,
      0.15,
    );
    drive(
      stage,
      { kind: 'taxi', colour: CAR_COLOURS.yellow },
      [
        [58, 51],
        [-58, 51],
      ],
      turn,
      0.6,
    );
    drive(
      stage,
      { kind: 'van', colour: CAR_COLOURS.silver },
      [
        [-62, 48],
        [62, 48],
      ],
      turn,
      0.72,
    );
    walkLine(
      stage,
      PEOPLE[0]!,
      [
        [-34, 5],
        [34, 5],
      ],
      5,
      turn,
      0.2,
    );
    walkLine(
      stage,
      PEOPLE[2]!,
      [
        [30, 42],
        [-30, 42],
      ],
      5,
      turn,
      0.5,
    );
    walkToAndFro(
      stage,
      PEOPLE[4]!,
      [
        [-6, 9],
        [-5.6, 17],
      ],
      turn,
      0.05,
    );
    walkToAndFro(
      stage,
      PEOPLE[8]!,
      [
        [2, 13],
        [6.4, 18],
      ],
      turn,
      0.35,
    );
    walkToAndFro(
      stage,
      PEOPLE[1]!,
      [
        [7, 38],
        [1, 33],
      ],
      turn,
      0.62,
    );
    idle(stage, PEOPLE[5]!, [4.4, 0, 12.4], turn, 0.2, -1);
    idle(stage, { ...PEOPLE[3]!, pose: 'sit' }, [-9.3, 0.18, 11.2], turn, 0.1, 1);
    idle(stage, { ...PEOPLE[7]!, pose: 'sit' }, [9.2, 0.18, 20.2], turn, 0.4, -1);
    idle(stage, { ...PEOPLE[6]!, pose: 'sit' }, [9.3, 0.18, 30.2], turn, 0.6, -1);
  },
};

function drawPaving(stage: Stage): void {
  drawArea(
    stage,
    [
      [-32, 2],
      [32, 2],
      [32, 45],
      [-32, 45],
    ],
    STONE,
  );
  const joint = blend(STONE, [92, 80, 70], 0.35);
  for (let z = 4; z < 45; z += 3) drawStripe(stage, [-32, z], [32, z], 0.08, joint);
  for (let x = -30; x <= 30; x += 3) drawStripe(stage, [x, 2], [x, 45], 0.08, joint);
  drawArea(stage, ring([0, 24], 9), blend(STONE, [232, 214, 190], 0.4));
  drawArea(stage, ring([0, 24], 6.6), blend(STONE, [122, 92, 80], 0.4));
}

function addGarden(stage: Stage, side: number, turn: number): void {
  for (const [x, z, high] of [
    [12, 11, 8.5],
    [13, 33, 9],
    [22, 19, 10],
    [25, 38, 9],
  ] as const) {
    addPalm(stage, [side * x, 0, z], high, x + z + side, turn);
  }
  addTree(stage, [side * 19, 0, 36], 6, 44 + side);
  addTree(stage, [side * 27, 0, 13], 6.5, 52 + side);
  for (let bush = 0; bush < 7; bush++) {
    addBush(stage, [side * (11 + bush * 1.9), 0, 8.4], 0.6, bush % 3 === 1 ? [176, 74, 92] : [78, 112, 62]);
    addBush(stage, [side * (11 + bush * 1.9), 0, 30.4], 0.6, bush % 3 === 0 ? [206, 150, 60] : [78, 112, 62]);
  }
  addWall(stage, side < 0 ? [-30, 7.6] : [10, 7.6], side < 0 ? [-10, 7.6] : [30, 7.6], 0.3, 0.35, [198, 188, 172]);
  for (const z of [11, 20, 30]) addBench(stage, [side * 9.2, 0, z]);
}

function addFountain(stage: Stage, turn: number): void {
  stage.add(FOUNTAIN, () => {
    const basin = ring([0, 24], 4.4, 28).map(([x, z]): Point => [x, 0, z]);
    stage.prism(basin, 0.75, [206, 194, 176]);
    stage.face(
      ring([0, 24], 3.9, 28).map(([x, z]): Point => [x, 0.78, z]),
      WATER,
    );
    stage.prism(
      ring([0, 24], 0.7, 14).map(([x, z]): Point => [x, 0.7, z]),
      2.1,
      [198, 186, 168],
    );
    stage.prism(
      ring([0, 24], 1.5, 18).map(([x, z]): Point => [x, 2.1, z]),
      2.4,
      [212, 202, 184],
    );
    drawJets(stage, turn);
  });
}

function drawJets(stage: Stage, turn: number): void {
  const top = stage.lens.spot([0, 2.4, 24]);
  if (!top) return;
  const { canvas } = stage;
  for (let jet = 0; jet < 9; jet++) {
    const pulse = 0.85 + 0.15 * Math.sin((turn * 10 + jet / 9) * Math.PI * 2);
    const side = (jet - 4) * 0.42 * top.pxPerM;
    const high = (1.7 - Math.abs(jet - 4) * 0.16) * pulse * top.pxPerM;
    canvas.strokeStyle = css([226, 230, 240], 0.4);
    canvas.lineWidth = 0.09 * top.pxPerM;
    canvas.beginPath();
    canvas.moveTo(top.x, top.y);
    canvas.quadraticCurveTo(top.x + side * 0.55, top.y - high * 1.6, top.x + side, top.y + 0.35 * top.pxPerM);
    canvas.stroke();
  }
}

const WHITEWASH: Rgb = [226, 214, 198];

function addChurch(stage: Stage): void {
  addBuilding(stage, { x: -12, z: 57, widthM: 13, depthM: 18, floors: 3, wall: WHITEWASH, seed: 3, litShare: 0.1 });
  for (const x of [-13.5, -2.5]) {
    const base: Point[] = [
      [x, 0, 56.5],
      [x + 4, 0, 56.5],
      [x + 4, 0, 60.5],
      [x, 0, 60.5],
    ];
    stage.add([x + 2, 0, 56], () => {
      stage.prism(base, 14, WHITEWASH);
      stage.side(
        [
          [x + 1.2, 10, 56.4],
          [x + 2.8, 10, 56.4],
          [x + 2.8, 12.6, 56.4],
          [x + 1.2, 12.6, 56.4],
        ],
        [84, 66, 66],
      );
      const tip: Point = [x + 2, 18.5, 58.5];
      base.forEach(([cornerX, , z], position) => {
        const [nextX, , nextZ] = base[(position + 1) % 4]!;
        stage.side([[cornerX, 14, z], [nextX, 14, nextZ], tip], [150, 84, 66]);
      });
      stage.bar(tip, [x + 2, 20, 58.5], 0.12, [80, 60, 56]);
    });
  }
}

function addTownHall(stage: Stage): void {
  const arch: Rgb = [236, 196, 132];
  addBuilding(stage, { x: 8, z: 57, widthM: 26, depthM: 12, floors: 2, wall: [214, 182, 132], seed: 9, litShare: 0.4 });
  stage.add([20, 0, 56], () => {
    for (let x = 9; x < 33; x += 3.2) {
      stage.side(
        [
          [x, 0, 56.9],
          [x + 2, 0, 56.9],
          [x + 2, 2.6, 56.9],
          [x, 2.6, 56.9],
        ],
        arch,
        true,
      );
    }
  });
  addBuilding(stage, {
    x: -42,
    z: 57,
    widthM: 22,
    depthM: 12,
    floors: 3,
    wall: [186, 160, 150],
    seed: 14,
    litShare: 0.35,
    shops: true,
  });
  addBuilding(stage, {
    x: 38,
    z: 57,
    widthM: 20,
    depthM: 12,
    floors: 3,
    wall: [168, 158, 166],
    seed: 15,
    litShare: 0.35,
    shops: true,
  });
  addBuilding(stage, {
    x: -70,
    z: 57,
    widthM: 24,
    depthM: 12,
    floors: 2,
    wall: [196, 172, 150],
    seed: 16,
    litShare: 0.3,
  });
}
