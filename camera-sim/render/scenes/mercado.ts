import { addBuilding, addRow } from '../parts/building.ts';
import { drawArea, drawDashes } from '../parts/ground.ts';
import { addStall, addSunshade } from '../parts/market.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { addWirePole } from '../parts/street.ts';
import { addVehicle } from '../parts/vehicle.ts';
import type { Rgb } from '../light.ts';
import { drive, idle, walkLine, walkToAndFro, withStop } from '../motion.ts';
import { ASPHALT, CAR_COLOURS, DAY, DAY_SKY, PAINT, PAVEMENT, PEOPLE, TOWN_WALLS } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const CLOTHS: readonly Rgb[] = [
  [196, 62, 54],
  [44, 108, 160],
  [224, 164, 52],
  [60, 136, 98],
  [150, 84, 140],
];

/** A market street in the morning: stalls along the pavement, buyers, a taxi that sets somebody down. */
export const mercado: Scene = {
  light: DAY,
  lamps: [],
  views: { '': { at: [2.5, 6.2, -4], yawDeg: -7, pitchDeg: -14, fovDeg: 72 } },
  ground: (stage) => {
    drawSky(stage, DAY_SKY);
    drawClouds(stage, [255, 255, 255], 0.5, 3, 30);
    drawRidge(stage, { colour: [176, 160, 140], elevationDeg: 4.5, roughDeg: 2, seed: 6 });
    drawArea(
      stage,
      [
        [-90, -6],
        [90, -6],
        [2500, 4000],
        [-2500, 4000],
      ],
      [168, 160, 148],
    );
    drawArea(
      stage,
      [
        [-13, -6],
        [13, -6],
        [13, 130],
        [-13, 130],
      ],
      PAVEMENT,
    );
    drawArea(
      stage,
      [
        [1, -6],
        [9, -6],
        [9, 130],
        [1, 130],
      ],
      ASPHALT,
    );
    drawDashes(stage, [5, -6], [5, 120], 2, PAINT);
  },
  things: (stage, turn) => {
    addMarketHall(stage);
    addRow(stage, {
      frontX: 12,
      fromZ: 2,
      toZ: 100,
      side: 'right',
      seed: 61,
      walls: TOWN_WALLS,
      floors: [2, 4],
      shops: true,
    });
    addRow(stage, {
      frontX: -13.2,
      fromZ: 46,
      toZ: 110,
      side: 'left',
      seed: 67,
      walls: TOWN_WALLS,
      floors: [1, 3],
      shops: true,
    });
    addStalls(stage);
    addWirePole(stage, [10, 0, 14], [10, 0, 44]);
    addWirePole(stage, [10, 0, 44], [10, 0, 74]);
    addVehicle(stage, { kind: 'van', colour: CAR_COLOURS.white }, [8, 0, 30], 0);
    addVehicle(stage, { kind: 'truck', colour: CAR_COLOURS.blue }, [8.1, 0, 52], 0);
    drive(
      stage,
      { kind: 'taxi', colour: CAR_COLOURS.white },
      [
        [3, 110],
        [3, -8],
      ],
      turn,
      0.3,
      withStop(0.76, 0.3),
    );
    drive(
      stage,
      { kind: 'mototaxi', colour: CAR_COLOURS.red },
      [
        [6.4, -8],
        [6.4, 100],
      ],
      turn,
      0.05,
    );
    drive(
      stage,
      { kind: 'car', colour: CAR_COLOURS.grey },
      [
        [6.4, -8],
        [6.4, 110],
      ],
      turn,
      0.62,
    );
    addBuyers(stage, turn);
  },
};

function addMarketHall(stage: Stage): void {
  addBuilding(stage, { x: -40, z: 4, widthM: 26, depthM: 38, floors: 2, wall: [208, 178, 122], seed: 40, shops: true });
  stage.add(
    [-14, 0, 24],
    () => {
      stage.side(
        [
          [-13.9, 4.3, 30],
          [-13.9, 4.3, 14],
          [-13.9, 5.6, 14],
          [-13.9, 5.6, 30],
        ],
        [44, 92, 84],
      );
      stage.side(
        [
          [-13.88, 4.6, 28.5],
          [-13.88, 4.6, 15.5],
          [-13.88, 5.3, 15.5],
          [-13.88, 5.3, 28.5],
        ],
        [232, 220, 190],
      );
    },
    2,
  );
}

/** Two lines of stalls with an aisle between them. */
function addStalls(stage: Stage): void {
  for (let stall = 0; stall < 8; stall++) {
    const z = 9 + stall * 4.6;
    addStall(stage, [-9.8, 0, z], 3.4, CLOTHS[(stall * 2) % 5]!, 70 + stall);
    if (stall % 3 !== 1) addStall(stage, [-4.3, 0, z + 1.6], 3, CLOTHS[(stall * 2 + 3) % 5]!, 90 + stall);
  }
  addSunshade(stage, [-1.4, 0, 10.5], CLOTHS[2]!);
  addSunshade(stage, [-1.2, 0, 25], CLOTHS[1]!, 1.7);
  addSunshade(stage, [-1.5, 0, 37], CLOTHS[0]!);
}

function addBuyers(stage: Stage, turn: number): void {
  walkLine(
    stage,
    PEOPLE[1]!,
    [
      [-7, 2],
      [-7, 48],
    ],
    4,
    turn,
  );
  walkLine(
    stage,
    PEOPLE[3]!,
    [
      [-6.6, 47],
      [-6.6, 1],
    ],
    4,
    turn,
    0.45,
  );
  walkLine(
    stage,
    PEOPLE[2]!,
    [
      [-0.4, 56],
      [-0.4, -2],
    ],
    4,
    turn,
    0.3,
  );
  walkLine(
    stage,
    PEOPLE[6]!,
    [
      [10.6, -2],
      [10.6, 54],
    ],
    4,
    turn,
    0.7,
  );
  walkToAndFro(
    stage,
    PEOPLE[4]!,
    [
      [-1.5, 6],
      [-6.4, 6.8],
    ],
    turn,
    0.1,
  );
  walkToAndFro(
    stage,
    PEOPLE[7]!,
    [
      [0.2, 18],
      [-2.2, 22],
    ],
    turn,
    0.55,
  );
  walkToAndFro(
    stage,
    PEOPLE[8]!,
    [
      [-2.4, 14.5],
      [0, 19],
    ],
    turn,
    0.8,
  );
  for (const [person, x, z, facing] of [
    [0, -8, 12.6, -1],
    [5, -6.1, 16.8, 1],
    [7, -8.1, 21.4, -1],
    [2, -5.8, 25.2, 1],
    [4, -2.4, 9.6, 1],
    [6, -0.2, 11, -1],
    [3, -2.3, 25.4, 1],
    [1, 0, 38, -1],
    [5, 3.2, 26.5, -1],
  ] as const) {
    idle(stage, PEOPLE[person]!, [x, 0, z], turn, (x * z) % 1, facing);
  }
}
