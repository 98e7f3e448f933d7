import { addRow } from '../parts/building.ts';
import { drawArea } from '../parts/ground.ts';
import { addBush, addTree } from '../parts/plant.ts';
import { drawRidge, drawSky, drawStars } from '../parts/sky.ts';
import { addPost, addWirePole, drawLampPools, postLamp } from '../parts/street.ts';
import { addVehicle } from '../parts/vehicle.ts';
import { drive, idle, rounded, walkLine, walkToAndFro, type Path } from '../motion.ts';
import { BRICK_WALLS, CAR_COLOURS, NIGHT, NIGHT_SKY, PEOPLE } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';

const POSTS: readonly Point[] = [18, 44, 70].map((z): Point => [5.4, 0, z]);
const COMING: Path = rounded(
  [
    [34, 62],
    [1.6, 62],
    [-1.4, 40],
    [-1.4, -6],
  ],
  9,
);
const LEAVING: Path = rounded(
  [
    [1.8, -6],
    [1.8, 48],
    [-36, 52],
  ],
  9,
);

/** An unpaved street of the Pampa at night: brick houses that wait for another floor, neighbours at their doors. */
export const mariategui: Scene = {
  light: { ...NIGHT, ambient: [0.4, 0.4, 0.46] },
  lamps: POSTS.map((foot) => postLamp(foot, -1.5, [255, 190, 104], 1.3, 20)),
  views: { '': { at: [-1.5, 5.8, -6], yawDeg: 5, pitchDeg: -11.5, fovDeg: 68 } },
  ground: (stage) => {
    drawSky(stage, NIGHT_SKY);
    drawStars(stage, 31, 260);
    drawRidge(stage, { colour: [26, 29, 42], elevationDeg: 5.5, roughDeg: 2.6, seed: 77 });
    drawArea(
      stage,
      [
        [-2500, -6],
        [2500, -6],
        [2500, 4000],
        [-2500, 4000],
      ],
      [108, 94, 78],
    );
    drawArea(
      stage,
      [
        [-4.6, -6],
        [4.6, -6],
        [4.6, 140],
        [-4.6, 140],
      ],
      [122, 106, 86],
    );
    drawArea(
      stage,
      [
        [-90, 48],
        [90, 48],
        [90, 56],
        [-90, 56],
      ],
      [122, 106, 86],
    );
    for (const x of [-6.6, 4.6])
      drawArea(
        stage,
        [
          [x, -6],
          [x + 2, -6],
          [x + 2, 47],
          [x, 47],
        ],
        [132, 126, 116],
      );
    drawLampPools(stage, 11, 0.46);
  },
  things: (stage, turn) => {
    const brick = { walls: BRICK_WALLS, floors: [1, 2] as const, unfinished: true };
    addRow(stage, { ...brick, frontX: -6.7, fromZ: 2, toZ: 44, side: 'left', seed: 210, litShare: 0.3 });
    addRow(stage, { ...brick, frontX: 6.7, fromZ: 3, toZ: 44, side: 'right', seed: 223, litShare: 0.24, shops: true });
    addRow(stage, { ...brick, frontX: -6.7, fromZ: 57, toZ: 112, side: 'left', seed: 236, litShare: 0.32 });
    addRow(stage, { ...brick, frontX: 6.7, fromZ: 57, toZ: 112, side: 'right', seed: 241, litShare: 0.3 });
    for (const foot of POSTS) addPost(stage, foot, -1.5, [255, 190, 104]);
    addWirePole(stage, [-5.6, 0, 10], [-5.6, 0, 36]);
    addWirePole(stage, [-5.6, 0, 36], [-5.6, 0, 64]);
    addTree(stage, [-5.7, 0, 22], 3.6, 12);
    addTree(stage, [5.8, 0, 31], 3.8, 15);
    addBush(stage, [-6, 0, 15], 0.5, [74, 98, 62]);
    addVehicle(stage, { kind: 'mototaxi', colour: CAR_COLOURS.blue }, [3.7, 0, 24], 178);
    addVehicle(stage, { kind: 'pickup', colour: CAR_COLOURS.white }, [-3.6, 0, 34], 2);
    drive(stage, { kind: 'mototaxi', colour: CAR_COLOURS.red }, COMING, turn, 0.2);
    drive(stage, { kind: 'patrol', colour: CAR_COLOURS.white }, LEAVING, turn, 0.68);
    walkLine(
      stage,
      PEOPLE[5]!,
      [
        [-5.6, -4],
        [-5.6, 46],
      ],
      4,
      turn,
    );
    walkToAndFro(
      stage,
      PEOPLE[8]!,
      [
        [0.6, 15],
        [3.2, 19.4],
      ],
      turn,
      0.2,
    );
    walkToAndFro(
      stage,
      { ...PEOPLE[4]!, size: 0.7 },
      [
        [2.4, 20],
        [-0.6, 16],
      ],
      turn,
      0.45,
    );
    idle(stage, PEOPLE[0]!, [5.6, 0, 13.6], turn, 0.1, -1);
    idle(stage, PEOPLE[7]!, [4.7, 0, 14.2], turn, 0.5, 1);
    idle(stage, { ...PEOPLE[3]!, pose: 'sit' }, [-6.1, 0.1, 11], turn, 0.3, 1);
    idle(stage, PEOPLE[1]!, [-5.4, 0, 29], turn, 0.8, 1);
  },
};
