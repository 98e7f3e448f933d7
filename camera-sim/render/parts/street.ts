import { blend, css, type Lamp, type Rgb } from '../light.ts';
import { plus, type Point } from '../space.ts';
import type { Stage } from '../stage.ts';

export const SODIUM: Rgb = [255, 196, 112];
export const WHITE_LED: Rgb = [214, 228, 255];
const STEEL: Rgb = [86, 92, 100];

/** The lamp of a post of 7 m whose arm reaches `armM` along x. */
export function postLamp(foot: Point, armM: number, colour = SODIUM, power = 1.25, reachM = 19): Lamp {
  return { at: plus(foot, armM, 6.9, 0), colour, power, reachM };
}

/** The post itself; at night its light on the ground and in the air too. */
export function addPost(stage: Stage, foot: Point, armM: number, colour = SODIUM): void {
  const head = plus(foot, armM, 6.9, 0);
  stage.add(foot, () => {
    stage.pool(foot, 0.5, 0.4, [0, 0, 0], 0.4, false);
    stage.bar(foot, plus(foot, 0, 7, 0), 0.16, STEEL);
    stage.bar(plus(foot, 0, 7, 0), head, 0.1, STEEL);
    stage.bar(plus(head, -0.35, 0, 0), plus(head, 0.35, 0, 0), 0.16, stage.light.isNight ? colour : STEEL);
  });
  if (!stage.light.isNight) return;
  stage.glow(head, 3.4, colour, 0.62);
}

/** Light of the posts on the ground; drawn with the ground, before all things. */
export function drawLampPools(stage: Stage, radiusM = 10.5, alpha = 0.5): void {
  for (const lamp of stage.lamps) {
    const under: Point = [lamp.at[0], 0, lamp.at[2]];
    stage.pool(under, radiusM, radiusM, blend(lamp.colour, [255, 150, 60], 0.15), alpha);
  }
}

/** A wooden pole with a crossbar, and the wires to the next one. */
export function addWirePole(stage: Stage, foot: Point, next?: Point): void {
  stage.add(foot, () => {
    stage.bar(foot, plus(foot, 0, 8, 0), 0.2, [88, 74, 60]);
    stage.bar(plus(foot, -0.8, 7.5, 0), plus(foot, 0.8, 7.5, 0), 0.1, [88, 74, 60]);
    if (next) for (const aside of [-0.7, 0, 0.7]) drawWire(stage, plus(foot, aside, 7.6, 0), plus(next, aside, 7.6, 0));
  });
}

function drawWire(stage: Stage, from: Point, to: Point): void {
  const [a, b] = [stage.lens.spot(from), stage.lens.spot(to)];
  if (!a || !b) return;
  const { canvas } = stage;
  canvas.strokeStyle = css([24, 26, 32], 0.7);
  canvas.lineWidth = 1.1;
  canvas.beginPath();
  canvas.moveTo(a.x, a.y);
  canvas.quadraticCurveTo((a.x + b.x) / 2, (a.y + b.y) / 2 + 0.35 * ((a.pxPerM + b.pxPerM) / 2), b.x, b.y);
  canvas.stroke();
}

export function addBench(stage: Stage, place: Point, widthM = 1.8): void {
  stage.add(place, () => {
    const [x, , z] = place;
    stage.pool(place, widthM * 0.7, 0.6, [0, 0, 0], 0.35, false);
    const base: Point[] = [
      [x - widthM / 2, 0.12, z - 0.25],
      [x + widthM / 2, 0.12, z - 0.25],
      [x + widthM / 2, 0.12, z + 0.25],
      [x - widthM / 2, 0.12, z + 0.25],
    ];
    stage.prism(base, 0.46, [126, 92, 62]);
    stage.face(
      [
        [x - widthM / 2, 0.5, z + 0.25],
        [x + widthM / 2, 0.5, z + 0.25],
        [x + widthM / 2, 0.92, z + 0.3],
        [x - widthM / 2, 0.92, z + 0.3],
      ],
      [112, 80, 54],
    );
  });
}

/** A low wall or kerb along any line. */
export function addWall(
  stage: Stage,
  from: readonly [x: number, z: number],
  to: readonly [x: number, z: number],
  thickM: number,
  topM: number,
  colour: Rgb,
): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const pieces = Math.max(1, Math.round(length / 6));
  for (let piece = 0; piece < pieces; piece++) {
    const [start, end] = [piece / pieces, (piece + 1) / pieces];
    const a: Point = [from[0] + (to[0] - from[0]) * start, 0, from[1] + (to[1] - from[1]) * start];
    const b: Point = [from[0] + (to[0] - from[0]) * end, 0, from[1] + (to[1] - from[1]) * end];
    const [acrossX, acrossZ] = [
      (-(b[2] - a[2]) / (length / pieces)) * thickM,
      ((b[0] - a[0]) / (length / pieces)) * thickM,
    ];
    const base: Point[] = [a, b, plus(b, acrossX, 0, acrossZ), plus(a, acrossX, 0, acrossZ)];
    stage.add([(a[0] + b[0]) / 2, 0, (a[2] + b[2]) / 2], () =>
      stage.prism(base, topM, colour, blend(colour, [255, 255, 255], 0.15)),
    );
  }
}

/** A railing of posts and two bars. */
export function addRailing(
  stage: Stage,
  from: readonly [x: number, z: number],
  to: readonly [x: number, z: number],
  heightM: number,
  colour: Rgb,
  footM = 0,
): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const posts = Math.max(1, Math.round(length / 2.2));
  for (let post = 0; post < posts; post++) {
    const at = (step: number, y: number): Point => [
      from[0] + ((to[0] - from[0]) * step) / posts,
      footM + y,
      from[1] + ((to[1] - from[1]) * step) / posts,
    ];
    stage.add(at(post + 0.5, 0), () => {
      stage.bar(at(post, 0), at(post, heightM), 0.07, colour);
      stage.bar(at(post, heightM), at(post + 1, heightM), 0.06, colour);
      stage.bar(at(post, heightM * 0.55), at(post + 1, heightM * 0.55), 0.04, colour);
    });
  }
}
