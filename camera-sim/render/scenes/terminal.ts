import { addBench, addPost } from '../parts/street.ts';
import { addBuilding } from '../parts/building.ts';
import { drawArea, drawStripe } from '../parts/ground.ts';
import { addPalm } from '../parts/plant.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { addVehicle } from '../parts/vehicle.ts';
import type { Rgb } from '../light.ts';
import { drive, idle, rounded, walkLine, walkToAndFro, withStop, type Path } from '../motion.ts';
import { ASPHALT, CAR_COLOURS, GREY_SKY, OVERCAST, PAINT, PEOPLE } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const BUSES: readonly Rgb[] = [
  [206, 208, 204],
  [168, 60, 52],
  [58, 106, 150],
  [214, 176, 74],
];
const ARRIVING: Path = rounded(
  [
    [46, 36],
    [10, 36],
    [-6, 30],
    [-46, 30],
  ],
  12,
);
const TAXIS: Path = [
  [-40, 9.5],
  [40, 9.5],
];

/** The bus terminal under the grey sky of a winter morning. */
export const terminal: Scene = {
  light: OVERCAST,
  lamps: [],
  views: { '': { at: [-3, 7, -5], yawDeg: 6, pitchDeg: -13, fovDeg: 72 } },
  ground: (stage) => {
    drawSky(stage, GREY_SKY);
    drawClouds(stage, [236, 238, 240], 0.5, 41, 34);
    drawRidge(stage, { colour: [172, 166, 158], elevationDeg: 5, roughDeg: 2.2, seed: 18 });
    drawArea(
      stage,
      [
        [-2500, -6],
        [2500, -6],
        [2500, 4000],
        [-2500, 4000],
      ],
      [158, 150, 138],
    );
    drawArea(
      stage,
      [
        [-70, -6],
        [70, -6],
        [70, 44],
        [-70, 44],
      ],
      ASPHALT,
    );
    drawArea(
      stage,
      [
        [-70, 13.5],
        [70, 13.5],
        [70, 19],
        [-70, 19],
      ],
      [176, 174, 168],
    );
    drawArea(
      stage,
      [
        [-70, -6],
        [70, -6],
        [70, 5.5],
        [-70, 5.5],
      ],
      [170, 168, 162],
    );
    for (let x = -21; x <= 21; x += 6) drawStripe(stage, [x, 19.4], [x + 1.5, 28], 0.14, PAINT);
    drawStripe(stage, [-70, 7.6], [70, 7.6], 0.12, PAINT);
  },
  things: (stage, turn) => {
    addHall(stage);
    for (const [x, colour, kind] of [
      [-15.4, 0, 'bus'],
      [-3.4, 1, 'bus'],
      [8.6, 2, 'bus'],
      [14.8, 3, 'bus'],
    ] as const) {
      addVehicle(stage, { kind, colour: BUSES[colour]! }, [x, 0, 25.6], 190);
    }
    drive(stage, { kind: 'bus', colour: BUSES[3]! }, ARRIVING, turn, 0.1);
    drive(stage, { kind: 'taxi', colour: CAR_COLOURS.yellow }, TAXIS, turn, 0.4, withStop(0.56, 0.3));
    drive(
      stage,
      { kind: 'car', colour: CAR_COLOURS.grey },
      [
        [40, 11.8],
        [-40, 11.8],
      ],
      turn,
      0.82,
    );
    addVehicle(stage, { kind: 'taxi', colour: CAR_COLOURS.white }, [-12, 0, 12], 270);
    for (const x of [-16, -6, 4, 14]) addBench(stage, [x, 0, 17.6], 2.6);
    for (const x of [-26, 26]) addPost(stage, [x, 0, 18], x > 0 ? -1.4 : 1.4);
    for (const x of [-31, -22, 24, 33]) addPalm(stage, [x, 0, 42], 6.5, x + 60, turn);
    addTravellers(stage, turn);
  },
};

function addHall(stage: Stage): void {
  addBuilding(stage, {
    x: -30,
    z: 46,
    widthM: 60,
    depthM: 16,
    floors: 2,
    wall: [206, 202, 192],
    seed: 71,
    shops: true,
  });
  addBuilding(stage, {
    x: -62,
    z: 48,
    widthM: 26,
    depthM: 12,
    floors: 1,
    wall: [182, 164, 142],
    seed: 72,
    shops: true,
  });
  addBuilding(stage, {
    x: 36,
    z: 48,
    widthM: 26,
    depthM: 12,
    floors: 3,
    wall: [190, 180, 168],
    seed: 73,
    unfinished: true,
  });
  stage.add(
    [0, 0, 45.5],
    () => {
      stage.side(
        [
          [-10, 4.4, 45.9],
          [10, 4.4, 45.9],
          [10, 6, 45.9],
          [-10, 6, 45.9],
        ],
        [40, 84, 120],
      );
      for (let letter = 0; letter < 12; letter++) {
        const x = -7.6 + letter * 1.3;
        stage.side(
          [
            [x, 4.85, 45.85],
            [x + 0.8, 4.85, 45.85],
            [x + 0.8, 5.55, 45.85],
            [x, 5.55, 45.85],
          ],
          [232, 234, 230],
        );
      }
    },
    6,
  );
  stage.add([0, 0, 19], () => {
    for (let x = -27; x <= 27; x += 9) stage.bar([x, 0, 16], [x, 4.2, 16], 0.22, [150, 156, 162]);
    stage.face(
      [
        [-29, 4.2, 14],
        [29, 4.2, 14],
        [29, 4.6, 19.6],
        [-29, 4.6, 19.6],
      ],
      [126, 148, 156],
    );
    stage.face(
      [
        [-29, 3.9, 14],
        [29, 3.9, 14],
        [29, 4.25, 14],
        [-29, 4.25, 14],
      ],
      [96, 118, 130],
    );
  });
}

function addTravellers(stage: Stage, turn: number): void {
  walkLine(
    stage,
    PEOPLE[2]!,
    [
      [-36, 15],
      [36, 15],
    ],
    5,
    turn,
  );
  walkLine(
    stage,
    PEOPLE[0]!,
    [
      [34, 4],
      [-34, 4],
    ],
    5,
    turn,
    0.5,
  );
  walkToAndFro(
    stage,
    PEOPLE[1]!,
    [
      [-2, 14.4],
      [-0.4, 5],
    ],
    turn,
    0.15,
  );
  walkToAndFro(
    stage,
    PEOPLE[5]!,
    [
      [7, 16.4],
      [11, 21],
    ],
    turn,
    0.5,
  );
  walkToAndFro(
    stage,
    PEOPLE[8]!,
    [
      [-8, 14.6],
      [-4.4, 16],
    ],
    turn,
    0.3,
  );
  for (const [person, x, z, facing] of [
    [3, -11.6, 19.4, 1],
    [4, -0.2, 20.2, -1],
    [6, 5.4, 16.2, 1],
    [7, 12.4, 19.6, -1],
    [1, -18.4, 15.4, 1],
    [2, 0.9, 4.4, 1],
  ] as const) {
    idle(stage, PEOPLE[person]!, [x, 0, z], turn, (x * z) % 1, facing);
  }
  for (const [person, x] of [
    [5, -15.6],
    [0, -6.4],
    [7, 4.4],
  ] as const) {
    idle(stage, { ...PEOPLE[person]!, pose: 'sit' }, [x, 0.2, 17.3], turn, x / 9, 0);
  }
}
