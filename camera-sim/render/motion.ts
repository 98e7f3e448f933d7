import { addPerson, type Person } from './parts/person.ts';
import { addVehicle, type Vehicle } from './parts/vehicle.ts';
import type { Point } from './space.ts';
import type { Stage } from './stage.ts';

/** Points on the ground that something passes in order. */
export type Path = readonly (readonly [x: number, z: number])[];

/** Everything moves as a function of `turn`, the share 0..1 of the loop: at 1 the picture is that of 0 again. */
export function wrapped(value: number): number {
  return value - Math.floor(value);
}

export interface Stance {
  readonly at: Point;
  readonly headingDeg: number;
}

/** Where one is after `share` of a path, and where one looks. */
export function along(path: Path, share: number): Stance {
  const lengths = path.slice(1).map(([x, z], leg) => Math.hypot(x - path[leg]![0], z - path[leg]![1]));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const ahead = Math.min(1, share + 1.2 / total);
  const [at, next] = [pointAt(path, lengths, share * total), pointAt(path, lengths, ahead * total)];
  const before = share >= 1 - 1.2 / total ? pointAt(path, lengths, (share - 1.2 / total) * total) : at;
  const [dx, dz] = before === at ? [next[0] - at[0], next[2] - at[2]] : [at[0] - before[0], at[2] - before[2]];
  return { at, headingDeg: (Math.atan2(dx, dz) * 180) / Math.PI };
}

function pointAt(path: Path, lengths: readonly number[], distance: number): Point {
  let left = Math.max(0, distance);
  for (let leg = 0; leg < lengths.length; leg++) {
    const length = lengths[leg]!;
    if (left <= length || leg === lengths.length - 1) {
      const [from, to] = [path[leg]!, path[leg + 1]!];
      const share = Math.min(1, left / (length || 1));
      return [from[0] + (to[0] - from[0]) * share, 0, from[1] + (to[1] - from[1]) * share];
    }
    left -= length;
  }
  return [0, 0, 0];
}

/** A round corner instead of each sharp one. */
export function rounded(path: Path, radiusM: number): Path {
  return path.flatMap((point, position) => {
    const [before, after] = [path[position - 1], path[position + 1]];
    if (!before || !after) return [point];
    const [from, to] = [towards(point, before, radiusM), towards(point, after, radiusM)];
    return Array.from({ length: 7 }, (_, step) => {
      const t = step / 6;
      const weigh = (a: number, b: number, c: number): number => a * (1 - t) ** 2 + 2 * b * t * (1 - t) + c * t * t;
      return [weigh(from[0], point[0], to[0]), weigh(from[1], point[1], to[1])] as const;
    });
  });
}

function towards(
  from: readonly [number, number],
  to: readonly [number, number],
  byM: number,
): readonly [number, number] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const share = Math.min(0.5, byM / length);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

/** One vehicle that passes the whole path once in a loop. `pace` bends time, e.g. for a stop. */
export function drive(
  stage: Stage,
  vehicle: Vehicle,
  path: Path,
  turn: number,
  offset: number,
  pace: (share: number) => number = (share) => share,
): void {
  const { at, headingDeg } = along(path, pace(wrapped(turn + offset)));
  addVehicle(stage, vehicle, at, headingDeg);
}

/** Slows down, stands still around `at` of the way for a `share` of the time, goes on. */
export function withStop(at: number, share: number): (time: number) => number {
  const moving = 1 - share;
  const arrives = at * moving;
  return (time) => {
    if (time < arrives) return at * easeOut(time / arrives);
    if (time < arrives + share) return at;
    return at + (1 - at) * (1 - easeOut(1 - (time - arrives - share) / (moving - arrives)));
  };
}

function easeOut(time: number): number {
  return 1 - (1 - time) ** 1.7;
}

const STEP_M = 1.45;

/** Alike people who follow each other so far apart that each takes the next one's place as the loop ends. */
export function walkLine(stage: Stage, person: Person, path: Path, count: number, turn: number, offset = 0): void {
  for (let walker = 0; walker < count; walker++) {
    const share = wrapped((walker + turn + offset) / count);
    const stance = along(path, share);
    addPerson(stage, person, stance.at, (share * pathLength(path)) / STEP_M, facingOf(stage, stance));
  }
}

/** There, a moment's rest, back, a moment's rest. */
export function walkToAndFro(stage: Stage, person: Person, path: Path, turn: number, offset = 0): void {
  const time = wrapped(turn + offset);
  const isBack = time >= 0.5;
  const leg = (isBack ? time - 0.5 : time) / 0.5;
  const share = Math.min(1, leg / 0.82);
  const eased = share * share * (3 - 2 * share);
  const stance = along(isBack ? path.toReversed() : path, eased);
  const pose = share >= 1 ? 'stand' : 'walk';
  addPerson(stage, { ...person, pose }, stance.at, (eased * pathLength(path)) / STEP_M, facingOf(stage, stance));
}

function pathLength(path: Path): number {
  return path.slice(1).reduce((sum, [x, z], leg) => sum + Math.hypot(x - path[leg]![0], z - path[leg]![1]), 0);
}

/** To which side of the picture someone looks. */
function facingOf(stage: Stage, { headingDeg }: Stance): number {
  const aside = Math.sin(((headingDeg - stage.lens.view.yawDeg) * Math.PI) / 180);
  if (Math.abs(aside) < 0.4) return 0;
  return aside > 0 ? 1 : -1;
}

/** A standing or sitting person who shifts their weight a little. */
export function idle(stage: Stage, person: Person, at: Point, turn: number, offset: number, facing = 0): void {
  const sway = Math.sin((turn * 2 + offset) * Math.PI * 2) * 0.03;
  addPerson(stage, { pose: 'stand', ...person }, [at[0] + sway, at[1], at[2]], 0, facing);
}
