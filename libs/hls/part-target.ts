import { TIMESCALE } from '#libs/fmp4';

/** A part should be about 200 ms long. Whole frames up to this much are: clocks and roundings are not exact. */
const FITTING_TICKS = 0.205 * TIMESCALE;
/** Over so much video frame intervals are looked at before the part target is promised. */
const MEASURED_TICKS = 0.85 * TIMESCALE;
const MAX_INTERVALS = 128;
/** Room above the exact multiple of a frame for clocks that are not exact. */
const SLACK = 1.05;
/** No part but the last of a segment may be shorter than this share of the target (rfc8216bis §4.4.4.9). */
const LEAST_SHARE = 0.85;
/** A part that would pass the target by this much with one more frame like the last one is cut before it. */
const OVERRUN = 1.1;

/**
 * How long parts are. All parts of a playlist have to lie between 85 and 100 % of one number that never changes, and a part
 * ends with a frame: so the number is a multiple of the distance of this camera's frames, which is measured first. The
 * first part says how many frames a part has, those until the number is known have as many.
 *
 * A camera that takes pictures more rarely than it did at the start (in the dark) has shorter parts; one whose picture
 * stands still for longer than the target has one longer part.
 */
export class PartTarget {
  private readonly intervals = new Float64Array(MAX_INTERVALS);
  private count = 0;
  private sumTicks = 0;
  private framesAPart: number | undefined;
  private longestTicks = 0;
  /** 0: not known yet. */
  targetTicks = 0;
  /** Distance of two frames, as most are apart; 0: not known yet. */
  frameTicks = 0;

  /** The distance of two frames. `true` once: the target is known from now on. */
  measure(intervalTicks: number): boolean {
    if (this.targetTicks > 0) return false;
    this.intervals[this.count++] = intervalTicks;
    this.sumTicks += intervalTicks;
    if (this.sumTicks < MEASURED_TICKS && this.count < MAX_INTERVALS) return false;
    this.frameTicks = median(this.intervals.subarray(0, this.count));
    this.targetTicks = this.targetOf(this.frameTicks);
    return true;
  }

  /** Whether a part of `frames` that last `ticks`, the last one `lastTicks`, is to end. */
  isFull(frames: number, ticks: number, lastTicks: number): boolean {
    if (this.targetTicks > 0) return isNearest(this.targetTicks, ticks, lastTicks);
    if (this.framesAPart === undefined ? ticks + lastTicks <= FITTING_TICKS : frames < this.framesAPart) return false;
    this.framesAPart ??= frames;
    this.longestTicks = Math.max(this.longestTicks, ticks);
    return true;
  }

  /** Rounded up to whole milliseconds: it is written with three decimals. */
  private targetOf(frameTicks: number): number {
    const frames = this.framesAPart ?? Math.max(1, Math.floor(FITTING_TICKS / frameTicks));
    const ticksAMs = TIMESCALE / 1000;
    return Math.ceil(Math.max(frames * frameTicks * SLACK, this.longestTicks) / ticksAMs) * ticksAMs;
  }
}

/** To whole frames, so that early and late ones even out. */
function isNearest(targetTicks: number, ticks: number, lastTicks: number): boolean {
  if (ticks >= Math.max(LEAST_SHARE * targetTicks, targetTicks / SLACK - lastTicks / 2)) return true;
  return ticks + lastTicks > OVERRUN * targetTicks;
}

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[Math.floor(sorted.length / 2)]!;
}
