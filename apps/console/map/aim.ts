import { bearingDeg, destination, distanceM, normaliseBearingDeg, turnDeg, type GeoPoint } from '#libs/geo';

/** Where a camera stands and what it looks at. */
export interface Aim {
  readonly place: GeoPoint;
  readonly bearingDeg: number;
  readonly fieldOfViewDeg: number;
  readonly rangeM: number;
}

export const MIN_RANGE_M = 5;
export const MAX_RANGE_M = 2_000;
export const MIN_ANGLE_DEG = 5;
export const MAX_ANGLE_DEG = 360;

/** What a newly placed fixed camera looks like until it is aimed: a common 2.8 mm lens on a pole. */
export const FIRST_AIM = { bearingDeg: 0, fieldOfViewDeg: 90, rangeM: 80 } as const;

export type Handle = 'place' | 'far' | 'left' | 'right';

/** Where each handle of an aim lies. The angle handles stand on the edges of the sector, nearer than the far one. */
export function handlesOf(aim: Aim): Readonly<Record<Handle, GeoPoint>> {
  const half = Math.min(aim.fieldOfViewDeg, 359) / 2;
  return {
    place: aim.place,
    far: destination(aim.place, aim.bearingDeg, aim.rangeM),
    left: destination(aim.place, aim.bearingDeg - half, aim.rangeM * 0.72),
    right: destination(aim.place, aim.bearingDeg + half, aim.rangeM * 0.72),
  };
}

/** The aim after a handle was dragged to a point. Position moves the whole; far turns and stretches; sides open and close. */
export function dragged(aim: Aim, handle: Handle, to: GeoPoint): Aim {
  if (handle === 'place') return { ...aim, place: to };
  if (distanceM(aim.place, to) < 0.5) return aim;
  const towards = bearingDeg(aim.place, to);
  if (handle === 'far') return { ...aim, bearingDeg: rounded(towards), rangeM: rangeOf(distanceM(aim.place, to)) };
  const opening = 2 * turnDeg(towards, aim.bearingDeg);
  return { ...aim, fieldOfViewDeg: Math.round(Math.max(MIN_ANGLE_DEG, Math.min(MAX_ANGLE_DEG, opening))) };
}

/** One step of the keyboard: arrows turn and stretch, with a modifier they open. */
export function nudged(aim: Aim, what: 'bearing' | 'range' | 'angle', steps: number): Aim {
  if (what === 'bearing') return { ...aim, bearingDeg: rounded(aim.bearingDeg + steps * 2) };
  if (what === 'range') return { ...aim, rangeM: rangeOf(aim.rangeM + steps * 5) };
  const opening = Math.max(MIN_ANGLE_DEG, Math.min(MAX_ANGLE_DEG, aim.fieldOfViewDeg + steps * 2));
  return { ...aim, fieldOfViewDeg: opening };
}

function rounded(bearing: number): number {
  return normaliseBearingDeg(Math.round(bearing));
}

function rangeOf(metres: number): number {
  return Math.round(Math.max(MIN_RANGE_M, Math.min(MAX_RANGE_M, metres)));
}

/** What was done to an aim, with undo. Bounded: the oldest step is forgotten. */
export class AimHistory {
  private readonly past: Aim[] = [];

  constructor(
    private now: Aim,
    private readonly maxSteps = 100,
  ) {}

  get current(): Aim {
    return this.now;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  push(next: Aim): void {
    this.past.push(this.now);
    if (this.past.length > this.maxSteps) this.past.shift();
    this.now = next;
  }

  undo(): Aim {
    this.now = this.past.pop() ?? this.now;
    return this.now;
  }
}
