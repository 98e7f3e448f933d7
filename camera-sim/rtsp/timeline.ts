import type { Clock } from '#libs/base';

/**
 * Wall-clock time that cannot jump: set once at the start, then carried on by the monotonic clock. Frames are due on it,
 * so that the seconds drawn in the pictures are true and a stepped machine clock tears no stream.
 */
export class Timeline {
  private readonly originMs: number;

  constructor(readonly clock: Clock) {
    this.originMs = clock.nowMs() - clock.monotonicMs();
  }

  /** Milliseconds since 1970, with fraction. */
  nowMs(): number {
    return this.originMs + this.clock.monotonicMs();
  }
}
