/** When a picture was taken, by the machine's clock. */
export interface CaptureTime {
  readonly atMs: number;
  /** How long it was under way to the relay is not known: `atMs` is when it, or the fastest picture before it, arrived. */
  readonly isArrival: boolean;
}

/** What was measured of a camera's clock. */
export interface ClockError {
  /** How far it is ahead of the machine's. */
  readonly errorMs: number;
  /** The truth lies within this of it. ONVIF tells whole seconds: half a second is usual. */
  readonly uncertaintyMs: number;
}

/** The fastest picture is looked for among those of the last one to two of these: a clock that was set is right again then. */
const LOOK_BACK_MS = 30_000;
/** Slower than the fastest by more than this: the camera's clock was set, or its word is none. */
const MAX_UNDERWAY_MS = 10_000;

/**
 * Turns the camera's word on when a picture was taken (RTCP sender report, RFC 3550 §6.4.1) into the machine's time. Its
 * clock may be hours off and is measured coarsely at best, but it is steady: against the fastest picture of late the delay
 * of every other one is known well. How long the fastest was under way is what the measured error proves beyond its
 * uncertainty, mostly nothing.
 */
export class CaptureClock {
  /** Arrival minus the camera's time, of the fastest picture in this stretch of time and in the one before. */
  private fastestNowMs = Number.POSITIVE_INFINITY;
  private fastestBeforeMs = Number.POSITIVE_INFINITY;
  private stretchEndsMs = Number.NEGATIVE_INFINITY;

  /** The camera speaks anew: what its clock says may be another thing now. */
  restart(): void {
    this.fastestNowMs = Number.POSITIVE_INFINITY;
    this.fastestBeforeMs = Number.POSITIVE_INFINITY;
  }

  /**
   * @param cameraMs of the camera's clock; undefined before its first sender report
   * @param arrivedMs of the machine's clock
   */
  captureTimeOf(cameraMs: number | undefined, arrivedMs: number, error: ClockError | undefined): CaptureTime {
    if (cameraMs === undefined) return { atMs: arrivedMs, isArrival: true };
    const fastestMs = this.fastestWith(arrivedMs - cameraMs, arrivedMs);
    const underwayMs = arrivedMs - cameraMs - fastestMs;
    if (!error) return { atMs: arrivedMs - underwayMs, isArrival: true };
    const provenMs = Math.max(0, fastestMs + error.errorMs - error.uncertaintyMs);
    const isBelieved = provenMs < MAX_UNDERWAY_MS;
    return { atMs: arrivedMs - underwayMs - (isBelieved ? provenMs : 0), isArrival: !isBelieved };
  }

  private fastestWith(differenceMs: number, arrivedMs: number): number {
    if (Math.abs(differenceMs - this.fastestMs) > MAX_UNDERWAY_MS) this.restart();
    if (arrivedMs >= this.stretchEndsMs) {
      this.stretchEndsMs = arrivedMs + LOOK_BACK_MS;
      this.fastestBeforeMs = this.fastestNowMs;
      this.fastestNowMs = Number.POSITIVE_INFINITY;
    }
    this.fastestNowMs = Math.min(this.fastestNowMs, differenceMs);
    return this.fastestMs;
  }

  private get fastestMs(): number {
    return Math.min(this.fastestNowMs, this.fastestBeforeMs);
  }
}
