import { addBoat } from '../parts/boat.ts';
import { addBuilding } from '../parts/building.ts';
import { addSunshade } from '../parts/market.ts';
import { drawArea } from '../parts/ground.ts';
import { drawClouds, drawRidge, drawSky } from '../parts/sky.ts';
import { addRipples, addSurf, drawWater } from '../parts/water.ts';
import { addVehicle } from '../parts/vehicle.ts';
import { css, type Rgb } from '../light.ts';
import { drive, idle, walkLine, walkToAndFro } from '../motion.ts';
import { CAR_COLOURS, DAY, DAY_SKY, PEOPLE, SAND } from '../palette.ts';
import type { Scene } from '../scene.ts';
import type { Stage } from '../stage.ts';

const HULLS: readonly (readonly [hull: Rgb, stripe: Rgb])[] = [
  [
    [54, 104, 158],
    [236, 226, 200],
  ],
  [
    [186, 64, 52],
    [240, 206, 110],
  ],
  [
    [62, 130, 96],
    [238, 232, 216],
  ],
  [
    [224, 168, 62],
    [58, 84, 122],
  ],
  [
    [92, 150, 176],
    [206, 74, 60],
  ],
];

/** Fishing boats drawn up on the beach and at anchor, a clear morning. */
export const varadero: Scene = {
  light: DAY,
  lamps: [],
  views: { '': { at: [4, 7, -6], yawDeg: -10, pitchDeg: -12.5, fovDeg: 74 } },
  ground: (stage) => {
    drawSky(stage, DAY_SKY);
    drawClouds(stage, [255, 255, 255], 0.55, 19, 36);
    drawRidge(stage, { colour: [186, 172, 152], elevationDeg: 1.4, roughDeg: 1.8, seed: 29 });
    drawWater(stage, {
      outline: [
        [-900, 34],
        [-16, 34],
        [26, 48],
        [60, 70],
        [900, 140],
        [900, 1500],
        [-900, 1500],
      ],
      near: [58, 116, 136],
      far: [150, 190, 206],
    });
    drawArea(
      stage,
      [
        [-900, -8],
        [900, -8],
        [900, 140],
        [60, 70],
        [26, 48],
        [-16, 34],
        [-900, 34],
      ],
      SAND,
    );
    drawArea(
      stage,
      [
        [-900, 31],
        [-16, 31.4],
        [26, 45.4],
        [60, 67],
        [900, 136],
        [900, 140],
        [60, 70],
        [26, 48],
        [-16, 34],
        [-900, 34],
      ],
      [158, 138, 108],
    );
    drawArea(
      stage,
      [
        [-900, -8],
        [900, -8],
        [900, 6],
        [-900, 6],
      ],
      [160, 150, 136],
    );
  },
  things: (stage, turn) => {
    addRipples(
      stage,
      { fromX: -160, toX: 200, fromZ: 52, toZ: 500, count: 170, colour: [226, 240, 244], alpha: 0.5, seed: 8 },
      turn,
    );
    addSurf(stage, -90, 60, (x) => (x < -16 ? 34 : 34 + (x + 16) * 0.36), 7, [244, 248, 248], turn);
    addFleet(stage, turn);
    addBuilding(stage, {
      x: 17,
      z: 16,
      widthM: 14,
      depthM: 11,
      floors: 1,
      wall: [190, 204, 208],
      seed: 81,
      shops: true,
    });
    addBuilding(stage, { x: 34, z: 20, widthM: 16, depthM: 14, floors: 2, wall: [210, 190, 150], seed: 82 });
    for (const [x, z, colour] of [
      [12.4, 13, 0],
      [14.6, 19, 3],
      [-26, 15, 1],
    ] as const) {
      addSunshade(stage, [x, 0, z], HULLS[colour]![0], 1.7);
    }
    addVehicle(stage, { kind: 'truck', colour: CAR_COLOURS.white }, [-9, 0, 8.4], 84);
    drive(
      stage,
      { kind: 'pickup', colour: CAR_COLOURS.red },
      [
        [42, 2.6],
        [-46, 2.6],
      ],
      turn,
      0.35,
    );
    addFishers(stage, turn);
    addGulls(stage, turn);
  },
};

function addFleet(stage: Stage, turn: number): void {
  const ashore = [
    [-22, 22, 20, 7.5],
    [-13, 25, 12, 8],
    [-4.4, 27, 28, 7],
    [5, 30, 8, 8.4],
    [13, 35, 22, 7.4],
    [-31, 26, 34, 8],
  ] as const;
  ashore.forEach(([x, z, heading, lengthM], boat) => {
    const [hull, stripe] = HULLS[boat % HULLS.length]!;
    addBoat(stage, { lengthM, hull, stripe, cabin: boat % 2 === 0, mast: boat % 3 === 0 }, [x, 0, z], heading);
  });
  const afloat = [
    [-44, 60, 70, 9],
    [-20, 72, 110, 9.5],
    [4, 66, 80, 8.5],
    [30, 84, 100, 10],
    [-60, 96, 120, 10],
    [-4, 112, 60, 11],
    [48, 124, 90, 10],
    [-96, 128, 80, 10],
  ] as const;
  afloat.forEach(([x, z, heading, lengthM], boat) => {
    const [hull, stripe] = HULLS[(boat + 2) % HULLS.length]!;
    const bobM = Math.sin((turn * (2 + (boat % 2)) + boat / 5) * Math.PI * 2) * 0.16;
    addBoat(stage, { lengthM, hull, stripe, cabin: boat % 3 !== 1, mast: true }, [x, 0, z], heading, bobM);
  });
}

function addFishers(stage: Stage, turn: number): void {
  walkLine(
    stage,
    PEOPLE[3]!,
    [
      [-46, 11],
      [40, 11],
    ],
    6,
    turn,
  );
  walkLine(
    stage,
    PEOPLE[0]!,
    [
      [30, 9],
      [-40, 9],
    ],
    5,
    turn,
    0.4,
  );
  walkToAndFro(
    stage,
    PEOPLE[7]!,
    [
      [-8, 12],
      [-8.6, 21.6],
    ],
    turn,
    0.1,
  );
  walkToAndFro(
    stage,
    PEOPLE[4]!,
    [
      [0, 14],
      [1.4, 24],
    ],
    turn,
    0.6,
  );
  walkToAndFro(
    stage,
    PEOPLE[1]!,
    [
      [11, 14],
      [4.6, 15.4],
    ],
    turn,
    0.35,
  );
  for (const [person, x, z, facing] of [
    [2, -17.8, 21, -1],
    [6, -18.8, 19.6, 1],
    [5, 12.2, 14.2, 1],
    [1, 13.4, 14, -1],
    [7, 8.4, 29, -1],
  ] as const) {
    idle(stage, PEOPLE[person]!, [x, 0, z], turn, (x + z) % 1, facing);
  }
  idle(stage, { ...PEOPLE[0]!, pose: 'sit' }, [-2.4, 0.3, 16.4], turn, 0.2, 1);
  idle(stage, { ...PEOPLE[3]!, pose: 'sit' }, [-0.8, 0.3, 16.8], turn, 0.7, -1);
}

/** Gulls that circle over the water, each once in a loop. */
function addGulls(stage: Stage, turn: number): void {
  const { canvas, lens } = stage;
  for (let gull = 0; gull < 6; gull++) {
    const angle = (turn + gull / 6) * Math.PI * 2;
    const at = [
      -10 + gull * 9 + 9 * Math.cos(angle),
      9 + gull * 0.8 + Math.sin(angle * 2),
      46 + 9 * Math.sin(angle),
    ] as const;
    stage.add(at, () => {
      const spot = lens.spot(at);
      if (!spot) return;
      const span = 0.7 * spot.pxPerM;
      const flap = span * 0.5 * Math.sin(turn * Math.PI * 2 * 16 + gull);
      canvas.strokeStyle = css([246, 247, 248]);
      canvas.lineWidth = Math.max(1.6, 0.14 * spot.pxPerM);
      canvas.beginPath();
      canvas.moveTo(spot.x - span, spot.y - flap);
      canvas.quadraticCurveTo(spot.x - span * 0.4, spot.y - span * 0.2, spot.x, spot.y);
      canvas.quadraticCurveTo(spot.x + span * 0.4, spot.y - span * 0.2, spot.x + span, spot.y - flap);
      canvas.stroke();
    });
  }
}
