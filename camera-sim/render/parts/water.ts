import { blend, css, type Rgb } from '../light.ts';
import { seeded } from '../random.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

export interface Water {
  readonly outline: readonly (readonly [x: number, z: number])[];
  readonly near: Rgb;
  readonly far: Rgb;
}

/** Still part of a water surface: dark near, bright at the horizon. Drawn with the ground. */
export function drawWater(stage: Stage, water: Water): void {
  const spots = stage.lens.outline(water.outline.map(([x, z]): Point => [x, 0, z]));
  if (spots.length < 3) return;
  const top = Math.min(...spots.map(({ y }) => y));
  const fill = stage.canvas.createLinearGradient(
    0,
    top,
    0,
    Math.max(top + 60, Math.min(760, Math.max(...spots.map(({ y }) => y)))),
  );
  fill.addColorStop(0, css(water.far));
  fill.addColorStop(0.18, css(blend(water.far, water.near, 0.45)));
  fill.addColorStop(1, css(water.near));
  stage.fill(spots, fill);
}

export interface Ripples {
  readonly fromX: number;
  readonly toX: number;
  readonly fromZ: number;
  readonly toZ: number;
  readonly count: number;
  readonly colour: Rgb;
  readonly alpha: number;
  readonly seed: number;
}

/** Short bright lines that come and go in step with the loop. */
export function addRipples(stage: Stage, ripples: Ripples, turn: number): void {
  const random = seeded(ripples.seed);
  stage.add([0, 0, 5_000], () => {
    const { canvas } = stage;
    canvas.lineCap = 'round';
    for (let ripple = 0; ripple < ripples.count; ripple++) {
      const x = ripples.fromX + (ripples.toX - ripples.fromX) * random();
      const z = ripples.fromZ + (ripples.toZ - ripples.fromZ) * random() ** 2;
      const phase = random();
      const cycles = 2 + Math.floor(random() * 2);
      const shine = Math.sin((turn * cycles + phase) * Math.PI * 2);
      const spot = stage.lens.spot([x + shine * 0.4, 0, z]);
      if (!spot || shine < 0) continue;
      canvas.strokeStyle = css(ripples.colour, ripples.alpha * shine);
      canvas.lineWidth = Math.max(0.8, 0.09 * spot.pxPerM);
      const half = (0.5 + random() * 1.4) * spot.pxPerM * 0.7;
      canvas.beginPath();
      canvas.moveTo(spot.x - half, spot.y);
      canvas.lineTo(spot.x + half, spot.y);
      canvas.stroke();
    }
  });
}

/** Foam lines that roll towards the beach, twice in a loop. `shoreZ` gives the water's edge at each x. */
export function addSurf(
  stage: Stage,
  fromX: number,
  toX: number,
  shoreZ: (x: number) => number,
  reachM: number,
  colour: Rgb,
  turn: number,
): void {
  stage.add([0, 0, 4_000], () => {
    for (let wave = 0; wave < 3; wave++) {
      const share = (turn * 2 + wave / 3) % 1;
      const alpha = Math.sin(share * Math.PI) * 0.75;
      drawFoam(
        stage,
        fromX,
        toX,
        (x) => shoreZ(x) + reachM * (1 - share) * (1 - share * 0.25) - 0.6,
        colour,
        alpha,
        wave,
      );
    }
  });
}

function drawFoam(
  stage: Stage,
  fromX: number,
  toX: number,
  lineZ: (x: number) => number,
  colour: Rgb,
  alpha: number,
  seed: number,
): void {
  const { canvas } = stage;
  const steps = 44;
  for (const [aside, share] of [
    [0, 1],
    [0.8, 0.45],
  ] as const) {
    canvas.beginPath();
    let isOpen = false;
    for (let step = 0; step <= steps; step++) {
      const x = fromX + ((toX - fromX) * step) / steps;
      const spot = stage.lens.spot([x, 0, lineZ(x) + aside + Math.sin(x * 0.35 + seed * 2) * 0.6]);
      if (!spot) continue;
      if (isOpen) canvas.lineTo(spot.x, spot.y);
      else canvas.moveTo(spot.x, spot.y);
      isOpen = true;
    }
    canvas.strokeStyle = css(colour, alpha * share);
    canvas.lineWidth = 2.4 * share + 0.8;
    canvas.stroke();
  }
}
