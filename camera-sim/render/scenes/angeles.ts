import { addRow } from '../parts/building.ts';
import { drawArea, drawStripe } from '../parts/ground.ts';
import { addBush, addTree } from '../parts/plant.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { addPost, addWall, addWirePole } from '../parts/street.ts';
import { addVehicle } from '../parts/vehicle.ts';
import { css } from '../light.ts';
import { drive, idle, rounded, walkLine, walkToAndFro, type Path } from '../motion.ts';
import { AFTERNOON, AFTERNOON_SKY, BARE_EARTH, BRICK_WALLS, CAR_COLOURS, PEOPLE } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const PASSING: Path = rounded(
  [
    [-44, 31],
    [8, 31],
    [30, 44],
    [60, 44],
  ],
  8,
);
const BACK: Path = [
  [46, 34],
  [-46, 34],
];

/** The sports ground of a new neighbourhood in the late sun, houses up the bare hill behind it. */
export const angeles: Scene = {
  light: AFTERNOON,
  lamps: [],
  views: { '': { at: [2, 7.4, -7], yawDeg: -4, pitchDeg: -13, fovDeg: 70 } },
  ground: (stage) => {
    drawSky(stage, AFTERNOON_SKY);
    drawClouds(stage, [255, 240, 214], 0.4, 27, 24);
    drawRidge(stage, { colour: [196, 168, 138], elevationDeg: 9, roughDeg: 3, seed: 51 });
    drawRidge(stage, { colour: [182, 150, 118], elevationDeg: 4.6, roughDeg: 2, seed: 63 });
    drawArea(
      stage,
      [
        [-2500, -8],
        [2500, -8],
        [2500, 4000],
        [-2500, 4000],
      ],
      BARE_EARTH,
    );
    drawArea(
      stage,
      [
        [-70, 29],
        [70, 29],
        [70, 36],
        [-70, 36],
      ],
      [150, 132, 108],
    );
    drawArea(
      stage,
      [
        [-12.5, 6],
        [12.5, 6],
        [12.5, 24],
        [-12.5, 24],
      ],
      [126, 138, 112],
    );
    drawPitch(stage);
  },
  things: (stage, turn) => {
    const brick = { walls: BRICK_WALLS, floors: [1, 2] as const, unfinished: true };
    for (const [x, seed] of [
      [-40, 301],
      [-24, 313],
      [24, 325],
      [40, 337],
    ] as const) {
      addRow(stage, { ...brick, frontX: x, fromZ: 40, toZ: 96, side: x < 0 ? 'left' : 'right', seed });
    }
    addRow(stage, { ...brick, frontX: -8, fromZ: 41, toZ: 76, side: 'left', seed: 351, shops: true });
    addRow(stage, { ...brick, frontX: 6, fromZ: 41, toZ: 76, side: 'right', seed: 363, shops: true });
    addRow(stage, { ...brick, frontX: -21, fromZ: 0, toZ: 26, side: 'left', seed: 375, shops: true });
    addRow(stage, { ...brick, frontX: 21, fromZ: 2, toZ: 26, side: 'right', seed: 387 });
    for (const side of [-1, 1]) addWall(stage, [side * 14, 5], [side * 14, 25], 0.25, 0.5, [206, 194, 172]);
    addGoals(stage);
    addPost(stage, [15, 0, 27], -1.4);
    addPost(stage, [-15, 0, 27], 1.4);
    addWirePole(stage, [-17, 0, 37], [8, 0, 37]);
    addWirePole(stage, [8, 0, 37], [33, 0, 37]);
    for (const [x, z] of [
      [-17, 10],
      [-17.4, 20],
      [17, 13],
    ] as const) {
      addTree(stage, [x, 0, z], 3.8, x + z + 40);
    }
    for (let bush = 0; bush < 5; bush++) addBush(stage, [15.6, 0, 6 + bush * 1.6], 0.5, [104, 122, 74]);
    addVehicle(stage, { kind: 'car', colour: CAR_COLOURS.blue }, [-18, 0, 33], 86);
    drive(stage, { kind: 'mototaxi', colour: CAR_COLOURS.red }, PASSING, turn, 0.3);
    drive(stage, { kind: 'car', colour: CAR_COLOURS.silver }, BACK, turn, 0.75);
    addMatch(stage, turn);
  },
};

function drawPitch(stage: Stage): void {
  const line = [222, 220, 206] as const;
  for (const [from, to] of [
    [
      [-12, 6.5],
      [12, 6.5],
    ],
    [
      [-12, 23.5],
      [12, 23.5],
    ],
    [
      [-12, 6.5],
      [-12, 23.5],
    ],
    [
      [12, 6.5],
      [12, 23.5],
    ],
    [
      [0, 6.5],
      [0, 23.5],
    ],
  ] as const) {
    drawStripe(stage, from, to, 0.14, line);
  }
  for (let step = 0; step < 30; step++) {
    const at = (angle: number) => [2.6 * Math.cos(angle), 15 + 2.6 * Math.sin(angle)] as const;
    drawStripe(stage, at((step / 30) * Math.PI * 2), at(((step + 1) / 30) * Math.PI * 2), 0.14, line);
  }
}

function addGoals(stage: Stage): void {
  for (const x of [-12, 12]) {
    stage.add([x, 0, 15], () => {
      const post = (z: number): readonly [Point, Point] => [
        [x, 0, z],
        [x, 2, z],
      ];
      stage.bar(...post(13.4), 0.1, [236, 236, 232]);
      stage.bar(...post(16.6), 0.1, [236, 236, 232]);
      stage.bar([x, 2, 13.4], [x, 2, 16.6], 0.1, [236, 236, 232]);
    });
  }
}

/** Children chase a ball that goes round the pitch once in a loop. */
function addMatch(stage: Stage, turn: number): void {
  const ball = (time: number): readonly [number, number] => [
    7.2 * Math.sin(time * Math.PI * 2),
    15 + 4.6 * Math.sin(time * Math.PI * 4 + 0.6),
  ];
  const [ballX, ballZ] = ball(turn);
  stage.add([ballX, 0, ballZ], () => {
    const spot = stage.lens.spot([ballX, 0.15 + 0.3 * Math.abs(Math.sin(turn * Math.PI * 16)), ballZ]);
    if (!spot) return;
    stage.canvas.fillStyle = css([244, 244, 240]);
    stage.canvas.beginPath();
    stage.canvas.arc(spot.x, spot.y, Math.max(2, 0.16 * spot.pxPerM), 0, Math.PI * 2);
    stage.canvas.fill();
  });
  const trail = Array.from({ length: 40 }, (_, step) => ball(step / 39));
  [0.05, 0.11, 0.2, 0.34].forEach((late, player) => {
    const shirt = player % 2 === 0 ? PEOPLE[1]! : PEOPLE[0]!;
    walkLine(
      stage,
      { ...shirt, size: 0.82 },
      trail.map(([x, z]) => [x * (0.86 - player * 0.06), z + (player - 1.5) * 0.9]),
      1,
      turn,
      1 - late,
    );
  });
  idle(stage, { ...PEOPLE[2]!, size: 0.82 }, [-11.2, 0, 15], turn, 0.2, 1);
  idle(stage, { ...PEOPLE[4]!, size: 0.82 }, [11.2, 0, 15], turn, 0.7, -1);
  walkLine(
    stage,
    PEOPLE[5]!,
    [
      [-44, 28],
      [44, 28],
    ],
    6,
    turn,
  );
  walkToAndFro(
    stage,
    PEOPLE[7]!,
    [
      [16.4, 22],
      [16.2, 10],
    ],
    turn,
    0.4,
  );
  idle(stage, { ...PEOPLE[3]!, pose: 'sit' }, [-13.7, 0.3, 12], turn, 0.1, 1);
  idle(stage, { ...PEOPLE[6]!, pose: 'sit' }, [-13.7, 0.3, 18], turn, 0.5, 1);
}
