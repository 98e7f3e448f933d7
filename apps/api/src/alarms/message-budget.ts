import type { Clock } from '#libs/base';

/** How many messages of one camera are taken: a burst, then so many a second (a token bucket). */
export class MessageBudget {
  static readonly BURST = 100;
  static readonly PER_SECOND = 10;
  private left = MessageBudget.BURST;
  private atMs: number;

  constructor(private readonly clock: Clock) {
    this.atMs = clock.monotonicMs();
  }

  /** Answers how many of `count` may be taken. */
  take(count: number): number {
    const nowMs = this.clock.monotonicMs();
    const earned = ((nowMs - this.atMs) / 1_000) * MessageBudget.PER_SECOND;
    this.left = Math.min(MessageBudget.BURST, this.left + earned);
    this.atMs = nowMs;
    const granted = Math.min(count, Math.floor(this.left));
    this.left -= granted;
    return granted;
  }
}
