import { blend, type Rgb } from '../light.ts';
import { placed, type Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const WOOD: Rgb = [140, 104, 72];

export interface Boat {
  readonly lengthM: number;
  readonly hull: Rgb;
  readonly stripe: Rgb;
  readonly cabin?: boolean;
  readonly mast?: boolean;
}

/** A wooden fishing boat. On water it rises and falls with `bobM`. */
export function addBoat(stage: Stage, boat: Boat, place: Point, headingDeg: number, bobM = 0): void {
  const at = placed([place[0], place[1] + bobM, place[2]], headingDeg);
  stage.add(place, () => {
    stage.pool(place, boat.lengthM * 0.5, boat.lengthM * 0.3, [0, 0, 0], 0.4, false);
    drawHull(stage, boat, at);
    if (boat.cabin) drawCabin(stage, boat, at);
    if (boat.mast) stage.bar(at(0, 1, 0.4), at(0, boat.lengthM * 0.75, 0), 0.09, WOOD);
  });
}

type Local = (x: number, y: number, z: number) => Point;

/** Outline of the deck: wide, with a pointed bow. Below it narrows to the keel. */
function drawHull(stage: Stage, boat: Boat, at: Local): void {
  const half = boat.lengthM / 2;
  const wide = boat.lengthM * 0.17;
  const deck = [
    [-wide * 0.8, -half],
    [wide * 0.8, -half],
    [wide, 0],
    [wide * 0.7, half * 0.55],
    [0, half],
    [-wide * 0.7, half * 0.55],
    [-wide, 0],
  ] as const;
  const highM = boat.lengthM * 0.14;
  const rise = (z: number): number => highM * (1 + 0.45 * Math.max(0, z / half) ** 2);
  deck.forEach(([x, z], position) => {
    const [toX, toZ] = deck[(position + 1) % deck.length]!;
    const low = [at(x * 0.6, 0, z * 0.92), at(toX * 0.6, 0, toZ * 0.92)] as const;
    const high = [at(toX, rise(toZ), toZ), at(x, rise(z), z)] as const;
    stage.side([low[0], low[1], high[0], high[1]], boat.hull);
    const [stripeTo, stripeFrom] = [
      at(toX * 0.93, rise(toZ) * 0.78, toZ * 0.99),
      at(x * 0.93, rise(z) * 0.78, z * 0.99),
    ];
    stage.side([stripeFrom, stripeTo, high[0], high[1]], boat.stripe);
  });
  stage.side(
    deck.map(([x, z]) => at(x * 0.86, rise(z) * 0.86, z * 0.9)),
    blend(WOOD, [60, 50, 40], 0.3),
  );
}

function drawCabin(stage: Stage, boat: Boat, at: Local): void {
  const wide = boat.lengthM * 0.1;
  const [tail, nose] = [-boat.lengthM * 0.32, -boat.lengthM * 0.04];
  const floorM = boat.lengthM * 0.12;
  const base = [at(-wide, floorM, tail), at(wide, floorM, tail), at(wide, floorM, nose), at(-wide, floorM, nose)];
  stage.prism(base, floorM + boat.lengthM * 0.2, [226, 222, 210], boat.stripe);
  const panes = [at(-wide * 0.8, floorM * 1.9, nose + 0.02), at(wide * 0.8, floorM * 1.9, nose + 0.02)] as const;
  const above = [at(wide * 0.8, floorM * 2.5, nose + 0.02), at(-wide * 0.8, floorM * 2.5, nose + 0.02)] as const;
  stage.face([panes[1], panes[0], above[1], above[0]], [50, 66, 84]);
}
