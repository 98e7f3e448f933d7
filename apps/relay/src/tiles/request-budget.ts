/** A page may open all its tiles at once, and again after a reconnect, and close the old ones. */
const BURST = 256;
const REFILL_PER_SECOND = 64;

/** Requests that one socket may still make now: a bucket that refills. */
export class RequestBudget {
  private left = BURST;

  constructor(private atMs: number) {}

  /** `false`: too many. `nowMs` is monotonic. */
  take(nowMs: number): boolean {
    this.left = Math.min(BURST, this.left + ((nowMs - this.atMs) / 1000) * REFILL_PER_SECOND);
    this.atMs = nowMs;
    if (this.left < 1) return false;
    this.left--;
    return true;
  }
}
