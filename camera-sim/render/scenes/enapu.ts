import { addContainers, addCrane, addShip } from '../parts/port.ts';
import { drawArea, drawStripe } from '../parts/ground.ts';
import { drawClouds, drawRidge, drawSky, drawStars } from '../parts/sky.ts';
import { addPost, drawLampPools, postLamp, WHITE_LED } from '../parts/street.ts';
import { addRipples, drawWater } from '../parts/water.ts';
import { addVehicle } from '../parts/vehicle.ts';
import type { Rgb } from '../light.ts';
import { drive, idle, rounded, walkLine, walkToAndFro, type Path } from '../motion.ts';
import { CAR_COLOURS, NIGHT, PEOPLE, YELLOW_PAINT } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

/** After sunset: there is still a band of light over the sea. */
const SKY: readonly (readonly [number, Rgb])[] = [
  [0, [12, 18, 36]],
  [0.55, [34, 44, 76]],
  [0.85, [96, 84, 104]],
  [1, [190, 126, 98]],
];
const POSTS: readonly Point[] = [
  [-24, 0, 20],
  [0, 0, 20],
  [24, 0, 20],
  [-24, 0, 42],
  [26, 0, 42],
];
const LOADER: Path = rounded(
  [
    [54, 15],
    [-8, 15],
    [-14, 26],
    [-46, 27],
  ],
  9,
);
const RETURN: Path = rounded(
  [
    [-50, 33],
    [4, 33],
    [12, 24],
    [56, 22],
  ],
  9,
);

/** The quay at nightfall: a freighter, two cranes at work, stacks of containers. */
export const enapu: Scene = {
  light: { ...NIGHT, ambient: [0.44, 0.44, 0.52], fog: { colour: [44, 46, 66], fromM: 40, toM: 260, most: 0.7 } },
  lamps: POSTS.map((foot) => postLamp(foot, 1, WHITE_LED, 1.1, 26)),
  views: {
    1: { at: [-4, 15, -34], yawDeg: 0, pitchDeg: -7.5, fovDeg: 66 },
    2: { at: [-4, 15, -34], yawDeg: -13, pitchDeg: -1, fovDeg: 34 },
    3: { at: [-4, 15, -34], yawDeg: 25, pitchDeg: -9.5, fovDeg: 34 },
  },
  ground: (stage) => {
    drawSky(stage, SKY);
    drawStars(stage, 70, 120);
    drawClouds(stage, [196, 130, 116], 0.3, 71, 26);
    drawRidge(stage, { colour: [40, 40, 60], elevationDeg: 0.5, roughDeg: 1.4, seed: 44 });
    drawWater(stage, {
      outline: [
        [-900, 50],
        [900, 50],
        [900, 3000],
        [-900, 3000],
      ],
      near: [28, 40, 62],
      far: [150, 108, 100],
    });
    drawArea(
      stage,
      [
        [-900, -40],
        [900, -40],
        [900, 51],
        [-900, 51],
      ],
      [112, 110, 112],
    );
    for (const z of [12, 18.4, 30, 36.4]) drawStripe(stage, [-120, z], [120, z], 0.16, YELLOW_PAINT);
    for (const z of [44, 47.6]) drawStripe(stage, [-120, z], [120, z], 0.22, [66, 66, 72]);
    drawLampPools(stage, 15, 0.36);
  },
  things: (stage, turn) => {
    addRipples(
      stage,
      { fromX: -160, toX: 160, fromZ: 70, toZ: 520, count: 130, colour: [226, 170, 140], alpha: 0.4, seed: 6 },
      turn,
    );
    const bobM = Math.sin(turn * Math.PI * 2) * 0.18;
    addShip(stage, { lengthM: 92, hull: [50, 74, 104], house: [216, 214, 206], cargo: true }, [-4, 0.4, 66], bobM);
    addShip(stage, { lengthM: 80, hull: [86, 54, 50], house: [196, 192, 184], cargo: false }, [150, 0, 320], 0);
    addCranes(stage, turn);
    addQuay(stage);
    addTraffic(stage, turn);
  },
};

function addCranes(stage: Stage, turn: number): void {
  const swing = Math.sin(turn * Math.PI * 2);
  addCrane(stage, [-30, 0, 46], -16 + swing * 15, 9 + 4 * Math.sin(turn * Math.PI * 4), [206, 150, 50]);
  addCrane(stage, [18, 0, 46], 12 - swing * 11, 11 + 3 * Math.cos(turn * Math.PI * 4), [196, 96, 52]);
  for (const [x, z] of [
    [-30, 46],
    [18, 46],
  ] as const) {
    stage.glow([x, 21, z], 2.4, [255, 70, 60], 0.5 + 0.4 * Math.sin(turn * Math.PI * 10));
  }
}

function addQuay(stage: Stage): void {
  addContainers(stage, [26, 0, 27], 3, 4, 4, 15);
  addContainers(stage, [-72, 0, 30], 2, 4, 3, 16);
  addContainers(stage, [40, 0, 4], 2, 3, 3, 17);
  for (const foot of POSTS) addPost(stage, foot, 1, WHITE_LED);
  for (let x = -60; x <= 60; x += 10) {
    stage.add([x, 0, 50], () => stage.bar([x, 0, 50], [x, 0.8, 50], 0.6, [60, 60, 64]));
  }
  addVehicle(stage, { kind: 'pickup', colour: CAR_COLOURS.white }, [-22, 0, 6], 92);
}

function addTraffic(stage: Stage, turn: number): void {
  drive(stage, { kind: 'truck', colour: CAR_COLOURS.yellow }, LOADER, turn, 0.25);
  drive(stage, { kind: 'truck', colour: CAR_COLOURS.blue }, RETURN, turn, 0.7);
  const helmet: Rgb = [236, 176, 50];
  const worker = { shirt: [226, 110, 50] as const, trousers: [50, 58, 78] as const, hat: helmet };
  walkLine(
    stage,
    worker,
    [
      [-40, 40],
      [40, 40],
    ],
    6,
    turn,
  );
  walkToAndFro(
    stage,
    worker,
    [
      [-10, 1],
      [-4, 8],
    ],
    turn,
    0.3,
  );
  walkToAndFro(
    stage,
    { ...worker, hat: [232, 232, 230] },
    [
      [14, 38],
      [8, 26],
    ],
    turn,
    0.7,
  );
  idle(stage, worker, [-5, 0, 42], turn, 0.2, 1);
  idle(stage, { ...PEOPLE[6]!, hat: helmet }, [-3.8, 0, 42.4], turn, 0.6, -1);
  idle(stage, worker, [-19, 0, 5], turn, 0.4, -1);
}
