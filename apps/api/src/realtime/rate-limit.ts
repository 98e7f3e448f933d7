import type { Clock } from '#libs/base';

/** At most `max` in any `windowMs`. */
export class RateLimit {
  private readonly taken: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly max: number,
    private readonly windowMs: number,
  ) {}

  /** `false` when the window is full; nothing was taken. */
  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    while (this.taken[0] !== undefined && this.taken[0] <= nowMs - this.windowMs) this.taken.shift();
    if (this.taken.length >= this.max) return false;
    this.taken.push(nowMs);
    return true;
  }
}
