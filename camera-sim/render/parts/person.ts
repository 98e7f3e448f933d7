import { blend, css, type Rgb } from '../light.ts';
import type { Point } from '../space.ts';
import type { Stage } from '../stage.ts';

export interface Person {
  readonly shirt: Rgb;
  readonly trousers: Rgb;
  /** 1 is grown up. */
  readonly size?: number;
  readonly hat?: Rgb;
  readonly pose?: 'walk' | 'stand' | 'sit';
}

const SKIN: Rgb = [150, 108, 82];
const HAIR: Rgb = [34, 28, 26];
const HEIGHT_M = 1.68;

/**
 * A person at a place. `step` is how far through a pair of steps they are (1 is a whole pair), `facing` is the side they walk
 * to in the picture: -1 left, 1 right, 0 to or from the camera.
 */
export function addPerson(stage: Stage, person: Person, place: Point, step: number, facing: number): void {
  stage.add(place, () => drawPerson(stage, person, place, step, facing), 0.2);
}

function drawPerson(stage: Stage, person: Person, place: Point, step: number, facing: number): void {
  const foot = stage.lens.spot(place);
  if (!foot) return;
  stage.pool(place, 0.5, 0.35, [0, 0, 0], 0.45, false);
  const unit = foot.pxPerM * HEIGHT_M * (person.size ?? 1);
  const { canvas } = stage;
  canvas.save();
  canvas.translate(foot.x, foot.y);
  canvas.scale(unit, -unit);
  canvas.lineCap = 'round';
  const paint = (colour: Rgb): string => css(stage.colourAt(colour, place));
  const swing = person.pose === 'walk' || person.pose === undefined ? Math.sin(step * Math.PI * 2) : 0;
  if (person.pose === 'sit') drawSitting(stage, person, paint, facing);
  else drawUpright(stage, person, paint, swing, facing);
  canvas.restore();
}

type Paint = (colour: Rgb) => string;

function drawUpright(stage: Stage, person: Person, paint: Paint, swing: number, facing: number): void {
  const { canvas } = stage;
  const stride = facing === 0 ? 0.05 : 0.15;
  const lift = Math.abs(swing) * 0.012;
  limb(
    stage,
    [0, 0.48 + lift],
    [-swing * stride * facing || -0.05, 0],
    0.1,
    paint(blend(person.trousers, [0, 0, 0], 0.25)),
  );
  limb(stage, [0, 0.48 + lift], [swing * stride * facing || 0.05, 0], 0.1, paint(person.trousers));
  limb(
    stage,
    [-0.02, 0.78],
    [-0.13 + swing * 0.1 * (facing || 0.3), 0.5],
    0.065,
    paint(blend(person.shirt, [0, 0, 0], 0.3)),
  );
  canvas.fillStyle = paint(person.shirt);
  canvas.beginPath();
  canvas.roundRect(facing === 0 ? -0.12 : -0.095, 0.44 + lift, facing === 0 ? 0.24 : 0.19, 0.39, 0.07);
  canvas.fill();
  limb(
    stage,
    [0.02, 0.78],
    [0.13 - swing * 0.1 * (facing || 0.3), 0.5],
    0.065,
    paint(blend(person.shirt, [0, 0, 0], 0.14)),
  );
  drawHead(stage, person, paint, 0.91 + lift, facing);
}

function drawSitting(stage: Stage, person: Person, paint: Paint, facing: number): void {
  const { canvas } = stage;
  const reach = facing === 0 ? 0.08 : 0.24 * facing;
  limb(stage, [0, 0.3], [reach, 0.3], 0.1, paint(person.trousers));
  limb(stage, [reach, 0.3], [reach, 0.02], 0.09, paint(person.trousers));
  canvas.fillStyle = paint(person.shirt);
  canvas.beginPath();
  canvas.roundRect(-0.1, 0.26, 0.2, 0.36, 0.07);
  canvas.fill();
  drawHead(stage, person, paint, 0.7, facing);
}

function drawHead(stage: Stage, person: Person, paint: Paint, y: number, facing: number): void {
  const { canvas } = stage;
  canvas.fillStyle = paint(SKIN);
  canvas.beginPath();
  canvas.arc(0.015 * facing, y, 0.075, 0, Math.PI * 2);
  canvas.fill();
  canvas.fillStyle = paint(person.hat ?? HAIR);
  canvas.beginPath();
  canvas.arc(-0.008 * facing, y + 0.012, 0.078, -0.15, Math.PI + 0.15);
  canvas.fill();
  if (!person.hat) return;
  canvas.fillRect(-0.12, y + 0.01, 0.24, 0.022);
}

function limb(
  stage: Stage,
  from: readonly [number, number],
  to: readonly [number, number],
  thick: number,
  colour: string,
): void {
  const { canvas } = stage;
  canvas.strokeStyle = colour;
  canvas.lineWidth = thick;
  canvas.beginPath();
  canvas.moveTo(from[0], from[1]);
  canvas.lineTo(to[0], to[1]);
  canvas.stroke();
}
