import { blend, type Rgb } from '../light.ts';
import { pick, seeded } from '../random.ts';
import { placed, plus, type Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const CONTAINERS: readonly Rgb[] = [
  [164, 62, 48],
  [40, 92, 140],
  [206, 138, 44],
  [64, 122, 92],
  [182, 182, 176],
  [96, 70, 110],
];

/** Stacks of 40-foot containers that lie along x. */
export function addContainers(
  stage: Stage,
  place: Point,
  columns: number,
  rows: number,
  highest: number,
  seed: number,
): void {
  const random = seeded(seed);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const high = 1 + Math.floor(random() * highest);
      const colours = Array.from({ length: high }, () => pick(random, CONTAINERS));
      const foot = plus(place, column * 12.6, 0, row * 2.75);
      stage.add(plus(foot, 6, 0, 1.2), () =>
        colours.forEach((colour, level) => drawContainer(stage, foot, level, colour)),
      );
    }
  }
}

function drawContainer(stage: Stage, foot: Point, level: number, colour: Rgb): void {
  const [x, , z] = foot;
  const low = level * 2.6;
  const base: Point[] = [
    [x, low, z],
    [x + 12.2, low, z],
    [x + 12.2, low, z + 2.44],
    [x, low, z + 2.44],
  ];
  stage.prism(base, low + 2.55, colour, blend(colour, [255, 255, 255], 0.12));
  for (let rib = 1; rib < 16; rib++) {
    const ribX = x + (12.2 * rib) / 16;
    stage.side(
      [
        [ribX, low + 0.12, z - 0.01],
        [ribX + 0.1, low + 0.12, z - 0.01],
        [ribX + 0.1, low + 2.4, z - 0.01],
        [ribX, low + 2.4, z - 0.01],
      ],
      blend(colour, [0, 0, 0], 0.22),
    );
  }
}

/** A slewing harbour crane. `slewDeg` turns its jib, `dropM` is how far the hook hangs below the tip. */
export function addCrane(stage: Stage, place: Point, slewDeg: number, dropM: number, colour: Rgb): void {
  stage.add(place, () => {
    const foot = placed(place, 0);
    for (const [x, z] of [
      [-3, -3],
      [3, -3],
      [3, 3],
      [-3, 3],
    ] as const) {
      stage.bar(foot(x, 0, z), foot(x * 0.55, 9, z * 0.55), 0.55, blend(colour, [0, 0, 0], 0.25));
    }
    const head = placed(plus(place, 0, 9, 0), slewDeg);
    stage.prism([head(-2.2, 0, -3.4), head(2.2, 0, -3.4), head(2.2, 0, 2.6), head(-2.2, 0, 2.6)], 13, colour);
    drawJib(stage, head, dropM, colour);
  });
}

function drawJib(stage: Stage, head: (x: number, y: number, z: number) => Point, dropM: number, colour: Rgb): void {
  const [heel, tip, mast] = [head(0, 3.5, 2.4), head(0, 20, 22), head(0, 13, -1)];
  stage.bar(head(-0.9, 4, 0), mast, 0.35, colour);
  stage.bar(head(0.9, 4, 0), mast, 0.35, colour);
  stage.bar(heel, tip, 0.5, colour);
  stage.bar(head(0, 5.4, 2), tip, 0.28, colour);
  for (let step = 0.12; step < 0.96; step += 0.11) {
    const on = (share: number, y: number): Point => head(0, 3.5 + 16.5 * share + y * (1 - share), 2.4 + 19.6 * share);
    stage.bar(on(step, 0), on(step + 0.055, 1.8), 0.14, colour);
  }
  stage.bar(mast, tip, 0.09, [60, 62, 66]);
  stage.bar(mast, head(0, 4, -3.4), 0.12, [60, 62, 66]);
  const hook = plus(tip, 0, -dropM, 0);
  stage.bar(tip, hook, 0.1, [50, 52, 56]);
  stage.bar(plus(hook, -0.5, 0, 0), plus(hook, 0.5, 0, 0), 0.7, [190, 160, 60]);
}

export interface Ship {
  readonly lengthM: number;
  readonly hull: Rgb;
  readonly house: Rgb;
  readonly cargo: boolean;
}

/** A freighter that lies along x, bow to the left. */
export function addShip(stage: Stage, ship: Ship, place: Point, bobM: number): void {
  stage.add(place, () => {
    const [half, wide, deckM] = [ship.lengthM / 2, ship.lengthM * 0.075, ship.lengthM * 0.075];
    const at = placed(plus(place, 0, bobM, 0), 0);
    const deck = [
      [-half, 0],
      [-half * 0.8, -wide],
      [half * 0.96, -wide],
      [half, -wide * 0.6],
      [half, wide * 0.6],
      [half * 0.96, wide],
      [-half * 0.8, wide],
    ] as const;
    deck.forEach(([x, z], position) => {
      const [toX, toZ] = deck[(position + 1) % deck.length]!;
      const lift = (share: number): number => deckM * (share < -half * 0.75 ? 1.25 : 1);
      stage.side(
        [at(x * 0.97, 0, z * 0.85), at(toX * 0.97, 0, toZ * 0.85), at(toX, lift(toX), toZ), at(x, lift(x), z)],
        ship.hull,
      );
      stage.side(
        [
          at(x * 0.97, 0, z * 0.86),
          at(toX * 0.97, 0, toZ * 0.86),
          at(toX * 0.975, deckM * 0.22, toZ * 0.9),
          at(x * 0.975, deckM * 0.22, z * 0.9),
        ],
        [120, 44, 40],
      );
    });
    stage.side(
      deck.map(([x, z]) => at(x, deckM, z)),
      [92, 84, 78],
    );
    drawUpperWorks(stage, ship, at, half, wide, deckM);
  });
}

function drawUpperWorks(
  stage: Stage,
  ship: Ship,
  at: (x: number, y: number, z: number) => Point,
  half: number,
  wide: number,
  deckM: number,
): void {
  const block = (fromX: number, toX: number, lowM: number, topM: number, share: number, colour: Rgb): void =>
    stage.prism(
      [
        at(fromX, lowM, -wide * share),
        at(toX, lowM, -wide * share),
        at(toX, lowM, wide * share),
        at(fromX, lowM, wide * share),
      ],
      topM,
      colour,
    );
  if (ship.cargo) {
    for (let hold = 0; hold < 5; hold++) {
      const from = -half * 0.68 + hold * half * 0.25;
      block(
        from,
        from + half * 0.22,
        deckM,
        deckM * (1.3 + 0.28 * ((hold * 7) % 3)),
        0.8,
        CONTAINERS[(hold * 2 + 1) % 6]!,
      );
    }
  }
  const topM = deckM * 3.1;
  block(half * 0.66, half * 0.9, deckM, topM, 0.85, ship.house);
  for (let deck = 1; deck < 5; deck++) {
    const y = deckM + ((topM - deckM) * deck) / 5;
    const pane = [
      at(half * 0.67, y, -wide * 0.86),
      at(half * 0.89, y, -wide * 0.86),
      at(half * 0.89, y + deckM * 0.16, -wide * 0.86),
      at(half * 0.67, y + deckM * 0.16, -wide * 0.86),
    ];
    stage.side(pane, stage.light.isNight ? [255, 214, 140] : [60, 78, 96], stage.light.isNight);
  }
  block(half * 0.8, half * 0.87, topM, topM + deckM * 0.8, 0.3, [180, 70, 50]);
  stage.bar(at(half * 0.72, topM, 0), at(half * 0.72, topM + deckM * 1.3, 0), 0.4, [200, 200, 196]);
}
