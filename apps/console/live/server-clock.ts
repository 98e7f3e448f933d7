import type { Clock } from '#libs/base';

/**
 * How far the server's wall clock is from this machine's. The measurement with the shortest round trip wins, because its
 * error is at most half of it; it ages out so that a clock that is set is noticed.
 */
export class ServerClock {
  private offsetMs = 0;
  private best: { roundTripMs: number; atMs: number } | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly maxAgeMs = 600_000,
  ) {}

  measure(serverNowMs: number, roundTripMs: number): void {
    const atMs = this.clock.monotonicMs();
    const old = this.best && atMs - this.best.atMs > this.maxAgeMs;
    if (this.best && !old && roundTripMs > this.best.roundTripMs) return;
    this.best = { roundTripMs, atMs };
    this.offsetMs = serverNowMs + roundTripMs / 2 - this.clock.nowMs();
  }

  /** What the server's wall clock shows now, as far as known. */
  nowMs(): number {
    return this.clock.nowMs() + this.offsetMs;
  }
}
