import { distanceM, type GeoPoint } from '#libs/geo';
import type { SpeedClass } from './vocabulary.ts';

/** How long a unit needs to a place. `estimated` is shown as "≈": nobody knows the streets behind it. */
export interface Travel {
  readonly durationMs: number;
  readonly distanceM: number;
  readonly estimated: boolean;
}

/** Travel times that a recommendation uses: by road where a router knows them, else an estimate. */
export interface TravelTime {
  /** `null` when there is no way, or none is known. */
  between(from: GeoPoint, to: GeoPoint, speedClass: SpeedClass): Travel | null;
}

/** Streets are longer than the crow's way by this much. */
const DETOUR = 1.35;
/** Mean speeds through a town with its corners and hills; ours. A drone flies straight. */
const SPEED_KMH: Readonly<Record<SpeedClass, number>> = {
  foot: 5,
  bicycle: 13,
  motorcycle: 32,
  car: 27,
  drone: 40,
  fixed: 0,
};
/** Until a crew moves off. */
const TURNOUT_MS: Readonly<Record<SpeedClass, number>> = {
  foot: 10_000,
  bicycle: 15_000,
  motorcycle: 20_000,
  car: 30_000,
  drone: 90_000,
  fixed: 0,
};

/** Straight line x 1.35 by speed class, marked as an estimate. A fixed post is everywhere at once: it only looks. */
export const STRAIGHT_LINE: TravelTime = {
  between: (from, to, speedClass) => {
    const straightM = distanceM(from, to);
    if (speedClass === 'fixed') return { durationMs: 0, distanceM: straightM, estimated: true };
    const metres = speedClass === 'drone' ? straightM : straightM * DETOUR;
    const durationMs = TURNOUT_MS[speedClass] + (metres * 3_600) / SPEED_KMH[speedClass];
    return { durationMs, distanceM: metres, estimated: true };
  },
};
