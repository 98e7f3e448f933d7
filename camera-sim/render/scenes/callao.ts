import { drawArea, drawDashes, drawStripe, drawZebra } from '../parts/ground.ts';
import { addRow } from '../parts/building.ts';
import { drawRidge, drawSky, drawStars } from '../parts/sky.ts';
import { addPost, addWirePole, drawLampPools, postLamp } from '../parts/street.ts';
import { addTree } from '../parts/plant.ts';
import { addVehicle } from '../parts/vehicle.ts';
import { drive, idle, rounded, walkLine, walkToAndFro, withStop, type Path } from '../motion.ts';
import {
  ASPHALT,
  CAR_COLOURS,
  NIGHT,
  NIGHT_SKY,
  PAINT,
  PAVEMENT,
  PEOPLE,
  TOWN_WALLS,
  YELLOW_PAINT,
} from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';

const LEFT_POSTS: readonly Point[] = [16, 42, 68].map((z): Point => [-5.2, 0, z]);
const RIGHT_POSTS: readonly Point[] = [29, 55, 81].map((z): Point => [5.2, 0, z]);

/** Away from the camera on the right, towards it on the left; both turn off behind the last house. */
const AWAY: Path = rounded(
  [
    [2, -4],
    [2, 92],
    [40, 92],
  ],
  8,
);
const NEARER: Path = rounded(
  [
    [-40, 95],
    [-2, 95],
    [-2, -6],
  ],
  8,
);
const CROSSING: Path = [
  [-46, 34.5],
  [46, 34.5],
];

/** A shopping street of the old town at night. */
export const callao: Scene = {
  light: NIGHT,
  lamps: [...LEFT_POSTS.map((foot) => postLamp(foot, 1.6)), ...RIGHT_POSTS.map((foot) => postLamp(foot, -1.6))],
  views: { '': { at: [0.6, 6.4, -6], yawDeg: -1.5, pitchDeg: -12.5, fovDeg: 64 } },
  ground: (stage) => {
    drawSky(stage, NIGHT_SKY);
    drawStars(stage, 4, 160);
    drawRidge(stage, { colour: [20, 25, 38], elevationDeg: 4.5, roughDeg: 2.2, seed: 8 });
    drawArea(
      stage,
      [
        [-90, -6],
        [90, -6],
        [2500, 4000],
        [-2500, 4000],
      ],
      [52, 54, 60],
    );
    drawArea(
      stage,
      [
        [-7.2, -6],
        [7.2, -6],
        [7.2, 140],
        [-7.2, 140],
      ],
      PAVEMENT,
    );
    drawArea(
      stage,
      [
        [-90, 30],
        [90, 30],
        [90, 39],
        [-90, 39],
      ],
      ASPHALT,
    );
    drawArea(
      stage,
      [
        [-4.4, -6],
        [4.4, -6],
        [4.4, 140],
        [-4.4, 140],
      ],
      ASPHALT,
    );
    drawDashes(stage, [0, -6], [0, 26], 2, YELLOW_PAINT);
    drawDashes(stage, [0, 43], [0, 130], 2, YELLOW_PAINT);
    for (const x of [-4.2, 4.2]) drawStripe(stage, [x, -6], [x, 28], 0.12, PAINT);
    drawZebra(stage, -4.4, 4.4, 26, PAINT);
    drawZebra(stage, -4.4, 4.4, 40.5, PAINT);
    drawLampPools(stage);
  },
  things: (stage, turn) => {
    addRow(stage, {
      frontX: -7.3,
      fromZ: 1,
      toZ: 30,
      side: 'left',
      seed: 5,
      walls: TOWN_WALLS,
      floors: [2, 4],
      litShare: 0.34,
      shops: true,
    });
    addRow(stage, {
      frontX: 7.3,
      fromZ: 1,
      toZ: 30,
      side: 'right',
      seed: 11,
      walls: TOWN_WALLS,
      floors: [2, 3],
      litShare: 0.3,
      shops: true,
    });
    addRow(stage, {
      frontX: -7.3,
      fromZ: 39,
      toZ: 118,
      side: 'left',
      seed: 17,
      walls: TOWN_WALLS,
      floors: [2, 5],
      litShare: 0.36,
      shops: true,
    });
    addRow(stage, {
      frontX: 7.3,
      fromZ: 39,
      toZ: 118,
      side: 'right',
      seed: 23,
      walls: TOWN_WALLS,
      floors: [1, 4],
      litShare: 0.32,
      shops: true,
    });
    for (const foot of LEFT_POSTS) addPost(stage, foot, 1.6);
    for (const foot of RIGHT_POSTS) addPost(stage, foot, -1.6);
    addWirePole(stage, [6.6, 0, 12], [6.6, 0, 46]);
    addWirePole(stage, [6.6, 0, 46], [6.6, 0, 80]);
    addTree(stage, [-6.2, 0, 25], 4.2, 31);
    addTree(stage, [6.2, 0, 43], 4.6, 32);
    addVehicle(stage, { kind: 'car', colour: CAR_COLOURS.silver }, [3.5, 0, 48], 0);
    addVehicle(stage, { kind: 'pickup', colour: CAR_COLOURS.red }, [3.5, 0, 61], 0);
    drive(stage, { kind: 'car', colour: CAR_COLOURS.blue }, AWAY, turn, 0.12);
    drive(stage, { kind: 'taxi', colour: CAR_COLOURS.white }, AWAY, turn, 0.47);
    drive(stage, { kind: 'car', colour: CAR_COLOURS.red }, NEARER, turn, 0.02, withStop(0.66, 0.16));
    drive(stage, { kind: 'mototaxi', colour: CAR_COLOURS.yellow }, NEARER, turn, 0.55);
    drive(stage, { kind: 'car', colour: CAR_COLOURS.grey }, CROSSING, turn, 0.3);
    walkLine(
      stage,
      PEOPLE[0]!,
      [
        [-6.2, -2],
        [-6.2, 41],
      ],
      3,
      turn,
    );
    walkLine(
      stage,
      PEOPLE[5]!,
      [
        [6, 44],
        [6, 2],
      ],
      3,
      turn,
      0.4,
    );
    walkToAndFro(
      stage,
      PEOPLE[2]!,
      [
        [-4, 27.5],
        [4.4, 27.5],
      ],
      turn,
      0.1,
    );
    idle(stage, PEOPLE[1]!, [-6.5, 0, 14], turn, 0.3, 1);
    idle(stage, PEOPLE[6]!, [-5.8, 0, 14.6], turn, 0.7, -1);
    idle(stage, PEOPLE[4]!, [6.4, 0, 20], turn, 0.2, -1);
  },
};
