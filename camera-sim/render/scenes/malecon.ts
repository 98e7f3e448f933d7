import { addBench, addPost, addRailing, drawLampPools, postLamp } from '../parts/street.ts';
import { addBoat } from '../parts/boat.ts';
import { addPalm } from '../parts/plant.ts';
import { drawArea, drawStripe, ring } from '../parts/ground.ts';
import { drawClouds, drawRidge, drawSky, drawSun } from '../parts/sky.ts';
import { addRipples, addSurf, drawWater } from '../parts/water.ts';
import { blend, css, type Rgb } from '../light.ts';
import { idle, walkLine, walkToAndFro } from '../motion.ts';
import { DUSK, DUSK_SKY, PEOPLE } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const TILE: Rgb = [176, 150, 132];
const POSTS: readonly Point[] = [
  [7, 0, 10],
  [7, 0, 30],
  [7, 0, 50],
];
const KIOSK: readonly [x: number, z: number] = [-13, 24];

/** The sea walk at sunset with the old bandstand; the other views look over the bay and along the walk. */
export const malecon: Scene = {
  light: DUSK,
  lamps: POSTS.map((foot) => postLamp(foot, 0.8, [255, 206, 140], 0.6, 15)),
  views: {
    1: { at: [2, 6.4, -4], yawDeg: -14, pitchDeg: -10, fovDeg: 74 },
    2: { at: [2, 6.4, -4], yawDeg: -47, pitchDeg: -4.5, fovDeg: 40 },
    3: { at: [2, 6.4, -4], yawDeg: 9, pitchDeg: -8, fovDeg: 44 },
  },
  ground: (stage) => {
    drawSky(stage, DUSK_SKY);
    drawSun(stage, -40, 3.4, 26, [255, 224, 160]);
    drawClouds(stage, [255, 170, 120], 0.4, 5, 40);
    drawRidge(stage, { colour: [116, 90, 104], elevationDeg: 1.1, roughDeg: 2.4, seed: 33 });
    drawArea(
      stage,
      [
        [-2500, -40],
        [2500, -40],
        [2500, 4000],
        [-2500, 4000],
      ],
      [150, 118, 104],
    );
    drawWater(stage, {
      outline: [
        [-900, 30],
        [-26, 4],
        [-24, -6],
        [-90, -30],
        [-900, -30],
        [-900, 900],
        [40, 900],
        [-8, 90],
        [-19, 48],
      ],
      near: [66, 78, 108],
      far: [236, 168, 124],
    });
    drawGlitter(stage);
    drawArea(
      stage,
      [
        [-24, -8],
        [40, -8],
        [40, 160],
        [4, 160],
        [-4, 90],
        [-16, 48],
        [-23, 20],
      ],
      TILE,
    );
    for (let z = -4; z < 90; z += 4) drawStripe(stage, [-22 + z * 0.1, z], [8, z], 0.1, blend(TILE, [96, 70, 66], 0.4));
    drawArea(
      stage,
      [
        [8.4, -8],
        [60, -8],
        [60, 160],
        [8.4, 160],
      ],
      [120, 106, 104],
    );
    drawArea(
      stage,
      [
        [10.5, -8],
        [18, -8],
        [18, 160],
        [10.5, 160],
      ],
      [84, 78, 84],
    );
    drawArea(stage, ring(KIOSK, 6), blend(TILE, [236, 214, 190], 0.45));
    drawLampPools(stage, 7, 0.24);
  },
  things: (stage, turn) => {
    addRipples(
      stage,
      { fromX: -220, toX: -26, fromZ: 6, toZ: 420, count: 150, colour: [255, 206, 160], alpha: 0.42, seed: 2 },
      turn,
    );
    addSurf(stage, -60, -24.5, (x) => 2 + (x + 24) * 0.9, 5, [250, 226, 214], turn);
    addBay(stage, turn);
    addKiosk(stage);
    addRailing(stage, [-23, -4], [-22.4, 20], 1.1, [210, 200, 190]);
    addRailing(stage, [-22.4, 20], [-15.6, 48], 1.1, [210, 200, 190]);
    addRailing(stage, [-15.6, 48], [-3.6, 90], 1.1, [210, 200, 190]);
    for (const foot of POSTS) addPost(stage, foot, 0.8, [255, 206, 140]);
    for (const z of [6, 20, 38, 60]) addPalm(stage, [9.2, 0, z], 8, z, turn);
    for (const z of [12, 26, 40]) addBench(stage, [5.4, 0, z]);
    addPeople(stage, turn);
  },
};

function drawGlitter(stage: Stage): void {
  const { canvas, lens } = stage;
  for (let step = 0; step < 70; step++) {
    const spot = lens.spot([-36 - step * 5.2, 0, 40 + step * 6.2]);
    if (!spot) continue;
    canvas.fillStyle = css([255, 226, 170], 0.16);
    canvas.beginPath();
    canvas.ellipse(spot.x + Math.sin(step * 7.3) * 26, spot.y, 30 + 16 * Math.sin(step * 3.1), 1.5, 0, 0, Math.PI * 2);
    canvas.fill();
  }
}

function addBay(stage: Stage, turn: number): void {
  const bob = (times: number, phase: number): number => Math.sin((turn * times + phase) * Math.PI * 2) * 0.14;
  addBoat(
    stage,
    { lengthM: 9, hull: [60, 92, 126], stripe: [224, 216, 200], cabin: true, mast: true },
    [-52, 0, 52],
    70,
    bob(2, 0.1),
  );
  addBoat(
    stage,
    { lengthM: 8, hull: [152, 62, 54], stripe: [236, 210, 130], mast: true },
    [-74, 0, 60],
    95,
    bob(3, 0.4),
  );
  addBoat(
    stage,
    { lengthM: 10, hull: [70, 112, 92], stripe: [226, 222, 210], cabin: true, mast: true },
    [-96, 0, 96],
    120,
    bob(2, 0.7),
  );
  addBoat(
    stage,
    { lengthM: 8, hull: [92, 80, 120], stripe: [230, 190, 90], cabin: true },
    [-60, 0, 104],
    60,
    bob(3, 0.2),
  );
  addBoat(
    stage,
    { lengthM: 9, hull: [196, 170, 120], stripe: [70, 92, 120], mast: true },
    [-124, 0, 130],
    100,
    bob(2, 0.9),
  );
}

/** The bandstand: eight columns and a pointed roof on a round base. */
function addKiosk(stage: Stage): void {
  const [x, z] = KIOSK;
  stage.add([x, 0, z], () => {
    const rim = (radius: number, y: number): Point[] => ring(KIOSK, radius, 8).map(([rx, rz]): Point => [rx, y, rz]);
    stage.prism(rim(4, 0), 0.7, [214, 198, 180]);
    const columns = rim(3.5, 0.7).sort((a, b) => b[2] - a[2]);
    for (const foot of columns) stage.bar(foot, [foot[0], 3.9, foot[2]], 0.26, [230, 218, 204]);
    stage.face(rim(4.3, 3.85), [120, 96, 92]);
    const roof = rim(4.4, 3.9);
    roof.forEach((from, position) => stage.side([from, roof[(position + 1) % 8]!, [x, 6.4, z]], [150, 86, 74]));
    stage.bar([x, 6.4, z], [x, 7.2, z], 0.14, [96, 70, 66]);
  });
  stage.glow([x, 3.2, z], 3.4, [255, 206, 140], 0.4);
}

function addPeople(stage: Stage, turn: number): void {
  walkLine(
    stage,
    PEOPLE[0]!,
    [
      [-1, -6],
      [0.5, 60],
    ],
    5,
    turn,
    0.3,
  );
  walkLine(
    stage,
    PEOPLE[7]!,
    [
      [3.2, 70],
      [2.4, -5],
    ],
    5,
    turn,
    0.1,
  );
  walkLine(
    stage,
    PEOPLE[2]!,
    [
      [3.9, 70.4],
      [3.1, -4.6],
    ],
    5,
    turn,
    0.1,
  );
  walkLine(
    stage,
    PEOPLE[5]!,
    [
      [-12, 46],
      [-17.5, 20],
      [-19, 2],
    ],
    3,
    turn,
    0.6,
  );
  walkToAndFro(
    stage,
    PEOPLE[8]!,
    [
      [-7, 15],
      [-3.5, 19],
    ],
    turn,
    0.2,
  );
  walkToAndFro(
    stage,
    PEOPLE[4]!,
    [
      [-8.4, 33],
      [-4, 26],
    ],
    turn,
    0.5,
  );
  idle(stage, PEOPLE[1]!, [-21, 0, 12], turn, 0.2, -1);
  idle(stage, PEOPLE[6]!, [-21.2, 0, 13], turn, 0.6, -1);
  idle(stage, { ...PEOPLE[3]!, pose: 'sit' }, [5.2, 0.2, 12.2], turn, 0.1, -1);
  idle(stage, { ...PEOPLE[4]!, pose: 'sit' }, [5.5, 0.2, 26.2], turn, 0.5, -1);
}
