import type { Clock } from '#libs/base';

/** Lets `burst` things pass at once and `perSecond` in the long run. */
export class TokenBucket {
  private tokens: number;
  private filledMs: number;

  constructor(
    private readonly rule: { readonly perSecond: number; readonly burst: number },
    private readonly clock: Clock,
  ) {
    this.tokens = rule.burst;
    this.filledMs = clock.monotonicMs();
  }

  take(): boolean {
    const nowMs = this.clock.monotonicMs();
    this.tokens = Math.min(this.rule.burst, this.tokens + ((nowMs - this.filledMs) / 1000) * this.rule.perSecond);
    this.filledMs = nowMs;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
