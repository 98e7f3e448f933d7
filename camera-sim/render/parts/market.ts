import { blend, css, type Rgb } from '../light.ts';
import { seeded } from '../random.ts';
import { plus, type Point } from '../space.ts';
import type { Stage } from '../stage.ts';

const GOODS: readonly Rgb[] = [
  [214, 84, 48],
  [236, 176, 52],
  [106, 152, 62],
  [190, 48, 62],
  [230, 214, 120],
  [148, 92, 160],
];

/** A stall with a cloth roof on four poles and heaps of fruit on its table. Its front looks at -z. */
export function addStall(stage: Stage, place: Point, widthM: number, cloth: Rgb, seed: number): void {
  stage.add(place, () => {
    const [half, deep] = [widthM / 2, 1.1];
    stage.pool(place, widthM * 0.75, 1.9, [0, 0, 0], 0.45, false);
    for (const x of [-half, half]) stage.bar(plus(place, x, 0, deep), plus(place, x, 2.5, deep), 0.07, [120, 110, 96]);
    stage.prism(
      [
        plus(place, -half, 0, -deep),
        plus(place, half, 0, -deep),
        plus(place, half, 0, deep),
        plus(place, -half, 0, deep),
      ],
      0.85,
      blend(cloth, [70, 60, 52], 0.62),
      [130, 108, 84],
    );
    drawGoods(stage, place, half, deep, seed);
    for (const x of [-half, half])
      stage.bar(plus(place, x, 0, -deep), plus(place, x, 2.25, -deep), 0.07, [120, 110, 96]);
    drawAwning(stage, place, half + 0.25, deep + 0.35, cloth);
  });
}

function drawGoods(stage: Stage, place: Point, half: number, deep: number, seed: number): void {
  const random = seeded(seed);
  const { canvas } = stage;
  for (let row = 2; row >= 0; row--) {
    for (let x = -half + 0.35; x < half - 0.2; x += 0.62) {
      const colour = GOODS[Math.floor(random() * GOODS.length)]!;
      const at = plus(place, x, 0.92, -deep + 0.35 + row * 0.62);
      const spot = stage.lens.spot(at);
      if (!spot) continue;
      canvas.fillStyle = css(stage.colourAt(colour, at, [0, 0.9, -0.4]));
      canvas.beginPath();
      canvas.ellipse(spot.x, spot.y, 0.3 * spot.pxPerM, 0.2 * spot.pxPerM, 0, 0, Math.PI * 2);
      canvas.fill();
    }
  }
}

/** Striped cloth, a little higher behind. */
function drawAwning(stage: Stage, place: Point, half: number, deep: number, cloth: Rgb): void {
  const stripes = Math.max(4, Math.round(half * 3));
  for (let stripe = 0; stripe < stripes; stripe++) {
    const [left, right] = [-half + (2 * half * stripe) / stripes, -half + (2 * half * (stripe + 1)) / stripes];
    const colour = stripe % 2 === 0 ? cloth : blend(cloth, [246, 240, 228], 0.78);
    stage.face(
      [
        plus(place, left, 2.25, -deep),
        plus(place, right, 2.25, -deep),
        plus(place, right, 2.65, deep),
        plus(place, left, 2.65, deep),
      ],
      colour,
    );
    stage.face(
      [
        plus(place, left, 1.98, -deep),
        plus(place, right, 1.98, -deep),
        plus(place, right, 2.25, -deep),
        plus(place, left, 2.25, -deep),
      ],
      blend(colour, [0, 0, 0], 0.1),
    );
  }
}

/** A sunshade of eight panels. */
export function addSunshade(stage: Stage, place: Point, colour: Rgb, radiusM = 1.5, heightM = 2.2): void {
  stage.add(place, () => {
    stage.pool(plus(place, 0.5, 0, 0.2), radiusM * 1.15, radiusM, [0, 0, 0], 0.5, false);
    stage.bar(place, plus(place, 0, heightM, 0), 0.06, [210, 206, 198]);
    const rim = (step: number): Point => {
      const angle = (step / 8) * Math.PI * 2 + 0.2;
      return plus(place, Math.cos(angle) * radiusM, heightM - 0.42, Math.sin(angle) * radiusM);
    };
    const panels = Array.from({ length: 8 }, (_, step) => step).sort((a, b) => rim(b)[2] - rim(a)[2]);
    for (const step of panels) {
      const cloth = step % 2 === 0 ? colour : blend(colour, [250, 246, 238], 0.82);
      stage.face([rim(step), rim(step + 1), plus(place, 0, heightM, 0)], blend(cloth, [0, 0, 0], 0.06 * (step % 3)));
    }
  });
}
