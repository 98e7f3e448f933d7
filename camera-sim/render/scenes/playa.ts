import { addSunshade } from '../parts/market.ts';
import { drawArea } from '../parts/ground.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { addRipples, addSurf, drawWater } from '../parts/water.ts';
import { addBoat } from '../parts/boat.ts';
import { addPalm } from '../parts/plant.ts';
import { addRailing } from '../parts/street.ts';
import type { Rgb } from '../light.ts';
import { drive, idle, walkLine, walkToAndFro } from '../motion.ts';
import { AFTERNOON, CAR_COLOURS, DAY_SKY, PEOPLE, SAND } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const SHADES: readonly Rgb[] = [
  [206, 72, 62],
  [44, 122, 168],
  [232, 180, 62],
  [66, 148, 112],
  [214, 120, 70],
];

/** The beach in summer: sunshades, bathers, a slow surf. */
export const playa: Scene = {
  light: AFTERNOON,
  lamps: [],
  views: { '': { at: [6, 7.4, -4], yawDeg: -11, pitchDeg: -9.5, fovDeg: 62 } },
  ground: (stage) => {
    drawSky(stage, DAY_SKY);
    drawClouds(stage, [255, 252, 244], 0.5, 81, 34);
    drawRidge(stage, { colour: [196, 178, 152], elevationDeg: 1.6, roughDeg: 2.6, seed: 56 });
    drawWater(stage, {
      outline: [
        [-900, 8],
        [-34, 30],
        [-8, 42],
        [20, 66],
        [70, 140],
        [900, 700],
        [900, 1800],
        [-900, 1800],
      ],
      near: [62, 140, 154],
      far: [150, 196, 210],
    });
    drawArea(
      stage,
      [
        [-900, -10],
        [900, -10],
        [900, 700],
        [70, 140],
        [20, 66],
        [-8, 42],
        [-34, 30],
        [-900, 8],
      ],
      SAND,
    );
    drawArea(
      stage,
      [
        [-34, 26.4],
        [-8, 38.2],
        [20, 61],
        [70, 134],
        [70, 140],
        [20, 66],
        [-8, 42],
        [-34, 30],
      ],
      [166, 144, 112],
    );
    drawArea(
      stage,
      [
        [-900, -10],
        [900, -10],
        [900, 3.4],
        [-900, -2],
      ],
      [158, 150, 140],
    );
  },
  things: (stage, turn) => {
    addRipples(
      stage,
      { fromX: -200, toX: 160, fromZ: 60, toZ: 560, count: 180, colour: [232, 244, 246], alpha: 0.5, seed: 28 },
      turn,
    );
    addSurf(stage, -80, 62, shoreZ, 11, [248, 250, 250], turn);
    addBoat(
      stage,
      { lengthM: 9, hull: [70, 108, 150], stripe: [236, 230, 214], mast: true },
      [-70, 0, 150],
      80,
      Math.sin(turn * Math.PI * 4) * 0.2,
    );
    addShades(stage);
    for (const [x, high] of [
      [22, 7.5],
      [31, 8],
      [-30, 7],
    ] as const) {
      addPalm(stage, [x, 0, x < 0 ? 6 : 12], high, x + 50, turn);
    }
    addRailing(stage, [-60, 1.2], [60, 4.6], 0.9, [226, 222, 212]);
    drive(
      stage,
      { kind: 'car', colour: CAR_COLOURS.silver },
      [
        [50, 0.8],
        [-50, -3.4],
      ],
      turn,
      0.3,
    );
    addBathers(stage, turn);
  },
};

/** The waterline, as the outline of the water draws it. */
function shoreZ(x: number): number {
  if (x < -34) return 30 + (x + 34) * 0.025;
  if (x < -8) return 30 + ((x + 34) * 12) / 26;
  if (x < 20) return 42 + ((x + 8) * 24) / 28;
  return 66 + ((x - 20) * 74) / 50;
}

function addShades(stage: Stage): void {
  const places = [
    [-24, 12],
    [-17, 17],
    [-11, 11],
    [-4, 20],
    [1, 13],
    [7, 24],
    [11, 15],
    [15, 33],
    [19, 22],
    [-13, 25],
    [2, 30],
    [27, 42],
  ] as const;
  places.forEach(([x, z], shade) => {
    addSunshade(stage, [x, 0, z], SHADES[shade % SHADES.length]!, 1.55);
    const towel = SHADES[(shade + 2) % SHADES.length]!;
    stage.add([x + 1.2, 0, z - 0.6], () =>
      stage.face(
        [
          [x + 0.6, 0.02, z - 1.4],
          [x + 1.6, 0.02, z - 1.4],
          [x + 1.6, 0.02, z + 0.4],
          [x + 0.6, 0.02, z + 0.4],
        ],
        towel,
      ),
    );
  });
}

function addBathers(stage: Stage, turn: number): void {
  walkLine(
    stage,
    PEOPLE[8]!,
    [
      [-40, 25.4],
      [-8, 37],
      [18, 57],
    ],
    5,
    turn,
  );
  walkLine(
    stage,
    PEOPLE[1]!,
    [
      [22, 60],
      [-6, 37.4],
      [-38, 24.6],
    ],
    5,
    turn,
    0.5,
  );
  walkLine(
    stage,
    PEOPLE[2]!,
    [
      [-40, 6.4],
      [36, 8.4],
    ],
    5,
    turn,
    0.3,
  );
  walkToAndFro(
    stage,
    PEOPLE[4]!,
    [
      [-6, 21],
      [-9, 33],
    ],
    turn,
    0.2,
  );
  walkToAndFro(
    stage,
    { ...PEOPLE[0]!, size: 0.7 },
    [
      [4, 33],
      [0, 42],
    ],
    turn,
    0.6,
  );
  for (const [person, x, z, facing] of [
    [5, -15.8, 17.4, 1],
    [7, -2.6, 19.6, -1],
    [3, 2.6, 13.2, 1],
    [6, 12.8, 15.6, -1],
    [4, 8.8, 24.4, 1],
    [0, -22.4, 12.6, 1],
  ] as const) {
    const pose = person % 2 === 0 ? 'stand' : 'sit';
    idle(stage, { ...PEOPLE[person]!, pose }, [x, 0, z], turn, (x * z) % 1, facing);
  }
}
