/**
 * Keeps a live picture near its edge without a jump that a person would see: a little faster when it lags, a little
 * slower when it is about to run dry, a jump only when it is far behind. Pure: the player reads the media element and
 * does what it is told.
 *
 * ```
 *   buffered:  |······ played ······|·· stock ··|== newest picture ==|
 *              start              current                          end
 * ```
 * Right after a picture was appended the playhead should stand its stock before that picture. The stock is what arrivals
 * that were late lately need: a stream that comes evenly needs next to nothing, one behind a shaky link ten times that.
 */
export interface PlayheadLimits {
  readonly minStockMs: number;
  readonly maxStockMs: number;
  /** Behind its target by more than this the player jumps. */
  readonly jumpMs: number;
  readonly minRate: number;
  readonly maxRate: number;
  /** Played media kept behind the playhead, milliseconds. */
  readonly keepBehindMs: number;
}

export const LIVE_LIMITS: PlayheadLimits = {
  minStockMs: 15,
  maxStockMs: 400,
  jumpMs: 600,
  minRate: 0.94,
  maxRate: 1.24,
  keepBehindMs: 10_000,
};

/** Taken right after an append: in between, the distance to the edge swings by the length of a picture. */
export interface PlayheadView {
  readonly currentMs: number;
  /** Start and end of the buffered run that holds the edge. */
  readonly bufferedStartMs: number;
  readonly bufferedEndMs: number;
}

export interface PlayheadOrder {
  readonly rate: number;
  /** Where to jump, or `undefined` to play on. */
  readonly seekMs: number | undefined;
  /** Media before this may be removed, or `undefined`. */
  readonly removeBeforeMs: number | undefined;
}

/** How quickly the expected lateness follows an arrival that is later, and one that is less late: about 4 s at 15 a second. */
const ATTACK = 0.3;
const RELEASE = 0.015;
/** What the earliest arrival is may rise: the two clocks drift, and a route may get longer. Milliseconds a second. */
const BASE_RISE_PER_SECOND = 5;
/** Later than this the timeline was cut short, not the picture late: learning begins anew. */
const RELEARN_MS = 2_000;
/** Rate change per second of distance from the target: 100 ms behind plays 10 % faster and is caught up in two seconds. */
const RATE_GAIN_PER_SECOND = 1;
/** Each change of rate is work for the browser: it is made in steps. */
const RATE_STEP = 0.02;
/** Within this of the target the rate is left at 1, so that it does not flutter. */
const DEAD_BAND_MS = 12;
/** Removing in small bites is work for the browser: wait for this much. */
const REMOVE_STEP_MS = 5_000;

export class Playhead {
  private latenessMs = 0;
  private baseMs: number | undefined;
  private lastArrivalMs = 0;
  private pictureMs = 0;

  constructor(private readonly limits: PlayheadLimits = LIVE_LIMITS) {}

  /** A picture that is shown at `showMs` for `durationMs` arrived at `nowMs` (monotonic). */
  arrived(nowMs: number, showMs: number, durationMs: number): void {
    const transitMs = nowMs - showMs;
    const riseMs = ((nowMs - this.lastArrivalMs) / 1000) * BASE_RISE_PER_SECOND;
    const isNew = this.baseMs === undefined || transitMs - this.baseMs > RELEARN_MS;
    this.baseMs = isNew ? transitMs : Math.min(transitMs, this.baseMs! + riseMs);
    this.lastArrivalMs = nowMs;
    this.pictureMs = durationMs;
    const excessMs = transitMs - this.baseMs - this.latenessMs;
    this.latenessMs += excessMs * (excessMs > 0 ? ATTACK : RELEASE);
  }

  /** Distance that the playhead should have from the edge right after an append, milliseconds. */
  get targetMs(): number {
    const { minStockMs, maxStockMs } = this.limits;
    return this.pictureMs + Math.min(maxStockMs, minStockMs + this.latenessMs);
  }

  /** Forgets what was learnt, after a pause or another stream. */
  reset(): void {
    this.latenessMs = 0;
    this.baseMs = undefined;
  }

  /** The first order after a start: a run that reaches back to a key frame is not played through, but begun at its edge. */
  start(view: PlayheadView, slackMs: number): PlayheadOrder {
    const order = this.order(view);
    const isBehind = view.bufferedEndMs - view.currentMs > this.targetMs + slackMs;
    if (order.seekMs !== undefined || !isBehind) return order;
    return { ...order, rate: 1, seekMs: Math.max(view.bufferedStartMs, view.bufferedEndMs - this.targetMs) };
  }

  order(view: PlayheadView): PlayheadOrder {
    const aheadMs = view.bufferedEndMs - view.currentMs;
    const isOutside = view.currentMs < view.bufferedStartMs || aheadMs < -1;
    const isLost = isOutside || aheadMs > this.targetMs + this.limits.jumpMs;
    const seekMs = isLost ? Math.max(view.bufferedStartMs, view.bufferedEndMs - this.targetMs) : undefined;
    const behindMs = view.currentMs - view.bufferedStartMs;
    const isFull = behindMs > this.limits.keepBehindMs + REMOVE_STEP_MS;
    return {
      rate: isLost ? 1 : this.rateFor(aheadMs - this.targetMs),
      seekMs,
      removeBeforeMs: isFull ? view.currentMs - this.limits.keepBehindMs : undefined,
    };
  }

  private rateFor(excessMs: number): number {
    if (Math.abs(excessMs) <= DEAD_BAND_MS) return 1;
    const rate = 1 + (excessMs / 1000) * RATE_GAIN_PER_SECOND;
    const step = Math.round(Math.min(this.limits.maxRate, Math.max(this.limits.minRate, rate)) / RATE_STEP);
    return Number((step * RATE_STEP).toFixed(2));
  }
}
