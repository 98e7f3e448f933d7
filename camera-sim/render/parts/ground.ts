import { css, fogged, lit, type Rgb } from '../light.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const UP: Point = [0, 1, 0];

/** A flat area, shaded from far to near as the haze asks. Points in any order around it. */
export function drawArea(stage: Stage, points: readonly (readonly [x: number, z: number])[], colour: Rgb, y = 0): void {
  const outline = stage.lens.outline(points.map(([x, z]): Point => [x, y, z]));
  if (outline.length < 3) return;
  const far = outline.reduce((best, spot) => (spot.depthM > best.depthM ? spot : best));
  const near = outline.reduce((best, spot) => (spot.depthM < best.depthM ? spot : best));
  const fill = stage.canvas.createLinearGradient(0, far.y, 0, Math.max(near.y, far.y + 1));
  const base = lit(colour, UP, [0, 0, 1e6], stage.light, []);
  for (let step = 0; step <= 6; step++) {
    // the share of the picture's height runs with 1/depth
    const depthM = 1 / (1 / far.depthM + (1 / near.depthM - 1 / far.depthM) * (step / 6));
    fill.addColorStop(step / 6, css(fogged(base, depthM, stage.light)));
  }
  stage.fill(outline, fill);
}

/** A straight painted line on the ground. */
export function drawStripe(
  stage: Stage,
  from: readonly [x: number, z: number],
  to: readonly [x: number, z: number],
  widthM: number,
  colour: Rgb,
): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const acrossX = (-(to[1] - from[1]) / length) * (widthM / 2);
  const acrossZ = ((to[0] - from[0]) / length) * (widthM / 2);
  drawArea(
    stage,
    [
      [from[0] + acrossX, from[1] + acrossZ],
      [to[0] + acrossX, to[1] + acrossZ],
      [to[0] - acrossX, to[1] - acrossZ],
      [from[0] - acrossX, from[1] - acrossZ],
    ],
    colour,
  );
}

export function drawDashes(
  stage: Stage,
  from: readonly [x: number, z: number],
  to: readonly [x: number, z: number],
  dashM: number,
  colour: Rgb,
): void {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const [dx, dz] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  for (let at = 0; at < length; at += dashM * 2.4) {
    const end = Math.min(length, at + dashM);
    drawStripe(stage, [from[0] + dx * at, from[1] + dz * at], [from[0] + dx * end, from[1] + dz * end], 0.14, colour);
  }
}

/** A zebra crossing over a road that runs along z, between `fromX` and `toX`. */
export function drawZebra(stage: Stage, fromX: number, toX: number, z: number, colour: Rgb): void {
  for (let x = fromX + 0.3; x < toX - 0.3; x += 1.05) drawStripe(stage, [x, z], [x, z + 3], 0.55, colour);
}

export function ring(
  centre: readonly [x: number, z: number],
  radiusM: number,
  points = 48,
): (readonly [number, number])[] {
  return Array.from({ length: points }, (_, step) => {
    const angle = (step / points) * Math.PI * 2;
    return [centre[0] + radiusM * Math.cos(angle), centre[1] + radiusM * Math.sin(angle)] as const;
  });
}
