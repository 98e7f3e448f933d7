import { FRAME_HEIGHT, FRAME_WIDTH } from '../canvas.ts';
import { css, type Rgb } from '../light.ts';
import { seeded } from '../random.ts';
import type { Stage } from '../stage.ts';

/** Colours from the zenith down to the horizon. */
export function drawSky(stage: Stage, stops: readonly (readonly [offset: number, colour: Rgb])[]): void {
  const { canvas, lens } = stage;
  const fill = canvas.createLinearGradient(0, Math.min(-120, lens.horizonY - 620), 0, lens.horizonY + 4);
  for (const [offset, colour] of stops) fill.addColorStop(offset, css(colour));
  canvas.fillStyle = fill;
  canvas.fillRect(0, 0, FRAME_WIDTH, FRAME_HEIGHT);
}

export interface Ridge {
  readonly colour: Rgb;
  /** Elevation of its mean and its greatest deviation, degrees. */
  readonly elevationDeg: number;
  readonly roughDeg: number;
  readonly seed: number;
}

/** A line of bare hills all around the horizon. */
export function drawRidge(stage: Stage, ridge: Ridge): void {
  const random = seeded(ridge.seed);
  const waves = Array.from({ length: 6 }, (_, order) => ({
    times: 2 + order * 3 + Math.floor(random() * 3),
    phase: random() * 7,
    size: 1 / (order + 1.4),
  }));
  const { yawDeg, fovDeg } = stage.lens.view;
  const { canvas, lens } = stage;
  canvas.beginPath();
  canvas.moveTo(-10, lens.horizonY + 6);
  for (let step = 0; step <= 90; step++) {
    const azimuthDeg = yawDeg - fovDeg * 0.62 + (fovDeg * 1.24 * step) / 90;
    const wave = waves.reduce((sum, w) => sum + w.size * Math.sin((azimuthDeg / 57.3) * w.times + w.phase), 0);
    const spot = lens.far(azimuthDeg, Math.max(0, ridge.elevationDeg + (ridge.roughDeg * wave) / 1.8));
    if (spot) canvas.lineTo(spot.x, spot.y);
  }
  canvas.lineTo(FRAME_WIDTH + 10, lens.horizonY + 6);
  canvas.closePath();
  canvas.fillStyle = css(ridge.colour);
  canvas.fill();
}

/** Long flat clouds. */
export function drawClouds(stage: Stage, colour: Rgb, alpha: number, seed: number, count: number): void {
  const random = seeded(seed);
  const { canvas, lens } = stage;
  for (let cloud = 0; cloud < count; cloud++) {
    const spot = lens.far(random() * 360 - 180, 4 + random() * 24);
    const [length, alphaHere] = [120 + random() * 320, alpha * (0.35 + random() * 0.65)];
    if (!spot) continue;
    for (let puff = 0; puff < 5; puff++) {
      canvas.save();
      canvas.translate(spot.x + (random() - 0.5) * length, spot.y + (random() - 0.5) * 14);
      canvas.scale(length * (0.3 + random() * 0.3), 9 + random() * 16);
      const disc = canvas.createRadialGradient(0, 0, 0, 0, 0, 1);
      disc.addColorStop(0, css(colour, alphaHere));
      disc.addColorStop(1, css(colour, 0));
      canvas.fillStyle = disc;
      canvas.beginPath();
      canvas.arc(0, 0, 1, 0, Math.PI * 2);
      canvas.fill();
      canvas.restore();
    }
  }
}

export function drawStars(stage: Stage, seed: number, count: number): void {
  const random = seeded(seed);
  const { canvas, lens } = stage;
  for (let star = 0; star < count; star++) {
    const spot = lens.far(random() * 360 - 180, 5 + random() * 60);
    const alpha = 0.15 + random() * 0.5;
    if (!spot) continue;
    canvas.fillStyle = css([220, 228, 245], alpha);
    canvas.fillRect(spot.x, spot.y, 1.6, 1.6);
  }
}

/** The sun or the moon with its shine. */
export function drawSun(stage: Stage, azimuthDeg: number, elevationDeg: number, radiusPx: number, colour: Rgb): void {
  const spot = stage.lens.far(azimuthDeg, elevationDeg);
  if (!spot) return;
  const { canvas } = stage;
  const shine = canvas.createRadialGradient(spot.x, spot.y, radiusPx * 0.4, spot.x, spot.y, radiusPx * 11);
  shine.addColorStop(0, css(colour, 0.55));
  shine.addColorStop(0.25, css(colour, 0.2));
  shine.addColorStop(1, css(colour, 0));
  canvas.fillStyle = shine;
  canvas.fillRect(0, 0, FRAME_WIDTH, FRAME_HEIGHT);
  canvas.fillStyle = css(colour);
  canvas.beginPath();
  canvas.arc(spot.x, spot.y, radiusPx, 0, Math.PI * 2);
  canvas.fill();
}
