import { beginTour, resumeTour, type Tour, type TourRun } from './tour.ts';

/** Somebody who may steer. Of two, the one with the higher `priority` goes first. */
export interface Steerer {
  readonly accountId: string;
  readonly displayName: string;
  /** 1 or more; see `steeringPriority` of libs/access. */
  readonly priority: number;
}

/** One person's turn at a camera. Instants are of a clock that never goes back. */
export interface Hold {
  readonly by: Steerer;
  readonly sinceMs: number;
  readonly usedMs: number;
  /** Orders given during the turn, repeats of a pressed key included. */
  readonly orders: number;
}

/** Who steers a camera now. A tour that stands beside a hold is paused. */
export type PtzState =
  /** Ended by an order, a reservation, or a tour that is started. */
  | { readonly kind: 'free' }
  /** Ended by an order or a reservation (the tour pauses), or by stopping the tour. */
  | { readonly kind: 'touring'; readonly tour: TourRun }
  /** Ended when unused for {@link PtzRules.holdMs}, by letting go, or by somebody of higher priority. */
  | { readonly kind: 'held'; readonly hold: Hold; readonly tour: TourRun | null }
  /** Ended at `untilMs` (becoming `held` while in use), by letting go, or by somebody of higher priority. */
  | { readonly kind: 'reserved'; readonly hold: Hold; readonly untilMs: number; readonly tour: TourRun | null };

export interface PtzRules {
  /** A hold that is not used for so long has ended. */
  readonly holdMs: number;
}

export const DEFAULT_RULES: PtzRules = { holdMs: 10_000 };

/** Bounds of a reservation. Longer needs are a matter for the roster, not for a camera. */
export const RESERVATION = { minMs: 60_000, maxMs: 3_600_000 } as const;

export type EndCause =
  /** Not used for {@link PtzRules.holdMs}. */
  | 'idle'
  /** The reservation's time was over and the camera not in use. */
  | 'expired'
  /** Let go by its owner. */
  | 'released'
  /** Somebody of higher priority steers now. */
  | 'taken-over'
  /** Somebody of higher priority ended it without taking the camera. */
  | 'withdrawn';

/** A turn that is over: what the audit keeps of it. */
export interface Ended {
  readonly hold: Hold;
  readonly wasReserved: boolean;
  readonly cause: EndCause;
  /** Who ended it, when it was somebody else. */
  readonly endedBy: Steerer | null;
}

export type PtzRefusalCode = 'ptz-held' | 'ptz-reserved' | 'ptz-not-holder' | 'ptz-reservation-bounds';

export interface PtzRefusal {
  readonly code: PtzRefusalCode;
  /** Who is in the way. */
  readonly holder: Steerer | null;
  readonly untilMs: number | null;
  /** Asking again with `takeOver` would be granted. */
  readonly mayTakeOver: boolean;
}

/** The state after a transition, also after a refused one: time may have ended something meanwhile. */
export interface Outcome {
  readonly state: PtzState;
  readonly ended: Ended | null;
  readonly refused: PtzRefusal | null;
}

export const FREE: PtzState = { kind: 'free' };

/** The turn at a camera, if it is anybody's. */
export function holdOf(state: PtzState): Hold | null {
  return state.kind === 'held' || state.kind === 'reserved' ? state.hold : null;
}

/** The tour of a camera, running or paused. */
export function tourOf(state: PtzState): TourRun | null {
  return state.kind === 'free' ? null : state.tour;
}

/** When the turn ends unless it is used again. */
export function untilMsOf(state: PtzState, rules: PtzRules): number | null {
  if (state.kind === 'held') return state.hold.usedMs + rules.holdMs;
  return state.kind === 'reserved' ? Math.max(state.untilMs, state.hold.usedMs + rules.holdMs) : null;
}

/** Ends what time has ended. Every other transition does this first. */
export function settle(state: PtzState, nowMs: number, rules: PtzRules): Outcome {
  if (state.kind === 'reserved' && nowMs >= state.untilMs) {
    if (nowMs < state.hold.usedMs + rules.holdMs) return plain({ kind: 'held', hold: state.hold, tour: state.tour });
    return end(state, 'expired', null);
  }
  return state.kind === 'held' && nowMs >= state.hold.usedMs + rules.holdMs ? end(state, 'idle', null) : plain(state);
}

/**
 * An order to the camera, or the wish to take it without one. `takeOver` is the word of somebody of higher priority that
 * the camera shall be taken from its holder: without it they are refused too, so that nobody is cut off by accident.
 */
export function steer(state: PtzState, by: Steerer, takeOver: boolean, nowMs: number, rules: PtzRules): Outcome {
  return claim(state, by, takeOver, nowMs, rules, (hold, tour, before) =>
    before?.kind === 'reserved'
      ? { kind: 'reserved', hold, untilMs: before.untilMs, tour }
      : { kind: 'held', hold, tour },
  );
}

/** Keeps the camera for `forMs` from now, used or not; again by the same person: counts anew from now. */
export function reserve(
  state: PtzState,
  by: Steerer,
  forMs: number,
  takeOver: boolean,
  nowMs: number,
  rules: PtzRules,
): Outcome {
  if (!(forMs >= RESERVATION.minMs && forMs <= RESERVATION.maxMs)) {
    const refused = { code: 'ptz-reservation-bounds', holder: null, untilMs: null, mayTakeOver: false } as const;
    return { ...settle(state, nowMs, rules), refused };
  }
  const untilMs = nowMs + forMs;
  return claim(state, by, takeOver, nowMs, rules, (hold, tour) => ({ kind: 'reserved', hold, untilMs, tour }));
}

/** Lets the camera go: one's own, or that of somebody of lower priority. Refused with `ptz-not-holder` otherwise. */
export function release(state: PtzState, by: Steerer, nowMs: number, rules: PtzRules): Outcome {
  const settled = settle(state, nowMs, rules);
  const before = settled.state;
  if (before.kind !== 'held' && before.kind !== 'reserved')
    return { ...settled, refused: { code: 'ptz-not-holder', holder: null, untilMs: null, mayTakeOver: false } };
  const holder = before.hold.by;
  if (holder.accountId === by.accountId) return end(before, 'released', null);
  if (by.priority > holder.priority) return end(before, 'withdrawn', by);
  const untilMs = untilMsOf(before, rules);
  return { ...settled, refused: { code: 'ptz-not-holder', holder, untilMs, mayTakeOver: false } };
}

/**
 * A stop ends a movement of one's own. It takes no turn and pauses no tour: the late key-up of somebody whose turn is over
 * must not disturb who steers now. Harmless, and so allowed, when nobody does.
 */
export function mayStop(state: PtzState, by: Steerer, nowMs: number, rules: PtzRules): Outcome {
  const settled = settle(state, nowMs, rules);
  const holder = holdOf(settled.state)?.by ?? null;
  if (settled.state.kind === 'free' || holder?.accountId === by.accountId) return settled;
  const untilMs = untilMsOf(settled.state, rules);
  return { ...settled, refused: { code: 'ptz-not-holder', holder, untilMs, mayTakeOver: false } };
}

/** A tour is the lowest priority: it begins at once when nobody else steers, and else when they have ended. */
export function startTour(state: PtzState, tour: Tour, by: Steerer | null, nowMs: number, rules: PtzRules): Outcome {
  const run = beginTour(tour);
  const settled = settle(state, nowMs, rules);
  const hold = holdOf(settled.state);
  if (!hold) return { ...settled, state: { kind: 'touring', tour: run } };
  const paused = withTour(settled.state, run);
  return by !== null && hold.by.accountId === by.accountId
    ? end(paused, 'released', null)
    : { ...settled, state: paused };
}

/** Ends the tour of a camera; whoever steers goes on. */
export function stopTour(state: PtzState): PtzState {
  return state.kind === 'free' || state.kind === 'touring' ? FREE : { ...state, tour: null };
}

/** Puts the progress of a tour in. */
export function withTour(state: PtzState, tour: TourRun): PtzState {
  return state.kind === 'free' ? { kind: 'touring', tour } : { ...state, tour };
}

type Turn = Extract<PtzState, { hold: Hold }>;

function claim(
  state: PtzState,
  by: Steerer,
  takeOver: boolean,
  nowMs: number,
  rules: PtzRules,
  become: (hold: Hold, tour: TourRun | null, mine: PtzState | null) => PtzState,
): Outcome {
  const settled = settle(state, nowMs, rules);
  const before = settled.state;
  if (before.kind === 'free' || before.kind === 'touring') {
    const hold = { by, sinceMs: nowMs, usedMs: nowMs, orders: 1 };
    return { ...settled, state: become(hold, tourOf(before), null) };
  }
  const { hold } = before;
  if (hold.by.accountId === by.accountId) {
    const used = { ...hold, by, usedMs: nowMs, orders: hold.orders + 1 };
    return { ...settled, state: become(used, before.tour, before) };
  }
  const higher = by.priority > hold.by.priority;
  if (!higher || !takeOver) return { ...settled, refused: inTheWay(before, rules, higher) };
  const taken = { by, sinceMs: nowMs, usedMs: nowMs, orders: 1 };
  return { ...end(before, 'taken-over', by), state: become(taken, before.tour, null) };
}

function inTheWay(before: Turn, rules: PtzRules, mayTakeOver: boolean): PtzRefusal {
  const code = before.kind === 'reserved' ? 'ptz-reserved' : 'ptz-held';
  return { code, holder: before.hold.by, untilMs: untilMsOf(before, rules), mayTakeOver };
}

/** The tour that was paused goes on. */
function end(before: PtzState, cause: EndCause, endedBy: Steerer | null): Outcome {
  if (before.kind !== 'held' && before.kind !== 'reserved') return plain(before);
  const state: PtzState = before.tour ? { kind: 'touring', tour: resumeTour(before.tour) } : FREE;
  const wasReserved = before.kind === 'reserved';
  return { state, ended: { hold: before.hold, wasReserved, cause, endedBy }, refused: null };
}

function plain(state: PtzState): Outcome {
  return { state, ended: null, refused: null };
}
