import { TIMESCALE } from '#libs/fmp4';

/** More is never promised: key frames that are farther apart are cut. A window of longer ones would be too much memory. */
const MAX_TARGET_S = 10;
/** A length that passes whole seconds by so much is rounded down: key frames are never exactly apart. */
const STEADY_S = 0.2;
/** Distances of key frames that have to be known before less than {@link CAREFUL_S} is promised. */
const SURE_RUNS = 3;
/** The first segment begins when the camera was connected, which need not be where its rhythm of key frames begins. */
const CAREFUL_S = 2;
/** Before any key frame came after the first: the double of what has passed, and no less than this. */
const UNKNOWN_S = 4;
/** A segment is cut when it has passed the target by this much... */
const CUT_ABOVE_S = 0.25;
/** ...because from here on it would be rounded to more than the target (RFC 8216 §4.3.3.1). */
const TOO_LONG_ABOVE_S = 0.5;

/**
 * `EXT-X-TARGETDURATION` of one camera's playlists: the same for all of them (RFC 8216 §6.2.4), and never another once it was
 * told (§6.2.1). It is promised when the first playlist goes out, by the distances of key frames seen so far; what
 * turns out to be longer is cut.
 *
 * When no playlist of the camera is told any more, because the camera is away or nobody wants it, and the promise was
 * too small, it is made anew with the next playlist.
 */
export class TargetDuration {
  private promisedS: number | undefined;
  private longestTicks = 0;
  private runs = 0;
  private wasCut = false;
  private readonly tellers = new Set<object>();

  /** Whole seconds, 1 to {@link MAX_TARGET_S}. Until it is promised it follows what is seen. */
  get seconds(): number {
    return this.promisedS ?? Math.max(1, this.seenS);
  }

  /** Some playlist of the camera told it. */
  get isPromised(): boolean {
    return this.promisedS !== undefined;
  }

  /** Some distance of key frames is known. */
  get isMeasured(): boolean {
    return this.runs > 0;
  }

  /** A segment of `ticks` was closed. */
  see(ticks: number): void {
    this.longestTicks = Math.max(this.longestTicks, ticks);
  }

  /** From one key frame with which a segment began to the next. */
  measure(ticks: number): void {
    this.runs++;
    this.see(ticks);
  }

  /**
   * A playlist goes out.
   * @param teller whose playlist
   * @param openTicks what has passed of the segment that grows
   */
  promise(teller: object, openTicks: number): void {
    this.tellers.add(teller);
    this.promisedS ??= Math.min(MAX_TARGET_S, Math.max(this.seenS, this.carefulS, this.openS(openTicks)));
  }

  /** The playlist of `teller` is not told any more. */
  withdraw(teller: object): void {
    this.tellers.delete(teller);
    if (this.tellers.size > 0 || !this.wasCut) return;
    this.promisedS = undefined;
    this.wasCut = false;
  }

  /** A segment of `ticks` should end, whether or not a key frame comes. */
  isFull(ticks: number): boolean {
    return ticks > (this.limitS + CUT_ABOVE_S) * TIMESCALE;
  }

  /** A segment of `ticks` must not be listed. */
  isTooLong(ticks: number): boolean {
    return ticks > this.maxTicks;
  }

  /** Longest segment there may be. Durations are told with five decimals. */
  get maxTicks(): number {
    return Math.floor((this.limitS + TOO_LONG_ABOVE_S) * TIMESCALE) - 1;
  }

  /** A segment ended without a key frame. */
  cut(): void {
    this.wasCut = true;
  }

  private get limitS(): number {
    return this.promisedS ?? MAX_TARGET_S;
  }

  private get seenS(): number {
    return Math.min(MAX_TARGET_S, Math.ceil(this.longestTicks / TIMESCALE - STEADY_S));
  }

  private get carefulS(): number {
    return this.runs < SURE_RUNS ? CAREFUL_S : 1;
  }

  private openS(openTicks: number): number {
    if (openTicks <= this.longestTicks) return 0;
    const openS = openTicks / TIMESCALE;
    return this.isMeasured ? Math.ceil(openS + TOO_LONG_ABOVE_S) : Math.max(UNKNOWN_S, Math.ceil(2 * openS));
  }
}
