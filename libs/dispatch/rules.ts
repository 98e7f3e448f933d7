import type { Priority } from './vocabulary.ts';

/** Times that a priority allows. `null`: no target (P4 is scheduled). */
export interface Targets {
  /** From ringing to answered. */
  readonly answerMs: number;
  /** From call to the first unit told. */
  readonly dispatchMs: number | null;
  /** From call to the first unit on the scene. */
  readonly onSceneMs: number | null;
  /** From told to acknowledged; then the dispatcher is alarmed. */
  readonly acknowledgeMs: number;
  /** Between two signs of life of a unit that attends it. */
  readonly checkInMs: number;
}

/**
 * What a centre may set. Dispatch targets are the goals of domain.md 5 (P1 1 min, P2 3 min, P3 10 min); the rest are our
 * own defaults for a town that a car crosses in ten minutes, and no norm.
 */
export interface DispatchRules {
  readonly targets: Readonly<Record<Priority, Targets>>;
  /** A timer warns from this share of its target. */
  readonly warnShare: number;
  /** A timer goes to the supervisor at this multiple of its target. */
  readonly criticalShare: number;
  readonly duplicate: { readonly radiusM: number; readonly windowMs: number };
  /** After a unit was cleared it rests so long, except for a P1. */
  readonly restMs: number;
  /** A free unit on duty gives a sign of life this often. */
  readonly idleCheckInMs: number;
  /** How far back a person without coverage may report what they did. */
  readonly maxLateReportMs: number;
  /** A device's clock may be wrong by so much. */
  readonly maxClockErrorMs: number;
  /** Where an incident may be: closed ring of `[longitudeDeg, latitudeDeg]`. */
  readonly jurisdiction: readonly (readonly [number, number])[];
}

const MINUTE_MS = 60_000;

/**
 * Province of Ilo with its sea out to about 12 nautical miles (rescues at sea are ours). Drawn by hand around the
 * districts and the coast of domain.md 3 with a wide margin inland: certainty C, a bound against slips, not a border.
 */
export const ILO_PROVINCE: readonly (readonly [number, number])[] = [
  [-71.6, -17.36],
  [-71.66, -17.75],
  [-71.45, -18.0],
  [-71.1, -18.02],
  [-70.98, -17.9],
  [-70.98, -17.55],
  [-71.05, -17.36],
  [-71.6, -17.36],
];

export const DEFAULT_DISPATCH_RULES: DispatchRules = {
  targets: {
    P1: target(10, 60, 5 * 60, 30, 10),
    P2: target(15, 180, 10 * 60, 60, 15),
    P3: target(20, 600, 20 * 60, 120, 20),
    P4: target(30, null, null, 300, 30),
  },
  warnShare: 0.75,
  criticalShare: 2,
  duplicate: { radiusM: 150, windowMs: 15 * MINUTE_MS },
  restMs: 5 * MINUTE_MS,
  idleCheckInMs: 60 * MINUTE_MS,
  maxLateReportMs: 12 * 60 * MINUTE_MS,
  maxClockErrorMs: 2 * MINUTE_MS,
  jurisdiction: ILO_PROVINCE,
};

function target(
  answerS: number,
  dispatchS: number | null,
  onSceneS: number | null,
  acknowledgeS: number,
  checkInMin: number,
): Targets {
  return {
    answerMs: answerS * 1_000,
    dispatchMs: dispatchS === null ? null : dispatchS * 1_000,
    onSceneMs: onSceneS === null ? null : onSceneS * 1_000,
    acknowledgeMs: acknowledgeS * 1_000,
    checkInMs: checkInMin * MINUTE_MS,
  };
}
