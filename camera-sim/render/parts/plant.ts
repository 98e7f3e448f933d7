import { blend, css, type Rgb } from '../light.ts';
import { seeded } from '../random.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const TRUNK: Rgb = [104, 84, 64];
const FROND: Rgb = [62, 92, 54];
const LEAF: Rgb = [58, 88, 52];

/** A palm whose fronds sway twice in a loop (`turn` 0..1). */
export function addPalm(stage: Stage, place: Point, heightM: number, seed: number, turn: number): void {
  stage.add(place, () => {
    stage.pool(place, 1.6, 1.1, [0, 0, 0], 0.4, false);
    const lean = (seeded(seed)() - 0.5) * 0.8;
    const top: Point = [place[0] + lean, heightM, place[2]];
    stage.bar(place, top, 0.3, TRUNK);
    drawCrown(stage, top, heightM * 0.42, seed, Math.sin(turn * Math.PI * 4 + seed));
  });
}

function drawCrown(stage: Stage, top: Point, reachM: number, seed: number, sway: number): void {
  const spot = stage.lens.spot(top);
  if (!spot) return;
  const random = seeded(seed * 7 + 3);
  const { canvas } = stage;
  const reach = reachM * spot.pxPerM;
  const fronds = 17;
  canvas.lineCap = 'round';
  for (let frond = 0; frond < fronds; frond++) {
    const angle = (frond / fronds) * Math.PI * 2 + random() * 0.25;
    const length = reach * (0.75 + random() * 0.4);
    const [outX, outY] = [Math.cos(angle) * length + sway * reach * 0.035, Math.sin(angle) * length * 0.45];
    const droop = length * (0.3 + 0.25 * Math.abs(Math.cos(angle)));
    canvas.strokeStyle = css(stage.colourAt(blend(FROND, [24, 40, 26], random() * 0.7), top, [0, 0.9, -0.4]));
    canvas.lineWidth = Math.max(1, reach * 0.055);
    canvas.beginPath();
    canvas.moveTo(spot.x, spot.y);
    canvas.quadraticCurveTo(
      spot.x + outX * 0.55,
      spot.y + outY * 0.4 - length * 0.34,
      spot.x + outX,
      spot.y + outY * 0.5 + droop * 0.5,
    );
    canvas.stroke();
  }
}

/** A round tree, such as the ficus of the squares. */
export function addTree(stage: Stage, place: Point, heightM: number, seed: number, leaf: Rgb = LEAF): void {
  stage.add(place, () => {
    stage.pool(place, heightM * 0.45, heightM * 0.35, [0, 0, 0], 0.45, false);
    stage.bar(place, [place[0], heightM * 0.55, place[2]], heightM * 0.06, TRUNK);
    const random = seeded(seed);
    for (let bough = 0; bough < 16; bough++) {
      const height = heightM * (0.5 + random() * 0.42);
      const spread = heightM * 0.3 * Math.sqrt(Math.max(0.1, 1 - ((height / heightM - 0.66) / 0.4) ** 2));
      const at: Point = [place[0] + (random() * 2 - 1) * spread, height, place[2] + (random() * 2 - 1) * spread];
      drawBough(
        stage,
        at,
        heightM * (0.11 + random() * 0.08),
        blend(leaf, [30, 46, 32], 0.75 - height / heightM + random() * 0.3),
      );
    }
  });
}

/** A clipped bush or a flower bed. */
export function addBush(stage: Stage, place: Point, radiusM: number, colour: Rgb): void {
  stage.add(place, () => {
    stage.pool(place, radiusM * 1.2, radiusM, [0, 0, 0], 0.35, false);
    drawBough(stage, [place[0], radiusM * 0.55, place[2]], radiusM, colour);
  });
}

function drawBough(stage: Stage, at: Point, radiusM: number, colour: Rgb): void {
  const spot = stage.lens.spot(at);
  if (!spot) return;
  const { canvas } = stage;
  canvas.fillStyle = css(stage.colourAt(colour, at, [0, 0.7, -0.7]));
  canvas.beginPath();
  canvas.ellipse(spot.x, spot.y, radiusM * spot.pxPerM, radiusM * 0.86 * spot.pxPerM, 0, 0, Math.PI * 2);
  canvas.fill();
}
