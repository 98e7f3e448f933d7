/** Waiting times between tries: doubling from `firstMs` to `maxMs`, each shortened at random so that peers spread out. */
export interface BackoffRule {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Share of the wait that chance may take away, 0..1. */
  readonly jitter: number;
}

export class Backoff {
  private tries = 0;

  constructor(
    private readonly rule: BackoffRule,
    private readonly random: () => number = Math.random,
  ) {}

  /** How many waits were handed out since the last {@link reset}. */
  get attempts(): number {
    return this.tries;
  }

  nextMs(): number {
    const fullMs = Math.min(this.rule.maxMs, this.rule.firstMs * 2 ** Math.min(this.tries, 30));
    this.tries++;
    return Math.round(fullMs * (1 - this.rule.jitter * this.random()));
  }

  reset(): void {
    this.tries = 0;
  }
}
