import type { Clock, Timer } from '#libs/base';

/** One timer for everything on a page that shows time. Runs only while somebody listens. */
export class Ticker {
  private readonly listeners = new Set<() => void>();
  private timer: Timer | undefined;
  private now: number;

  constructor(
    private readonly clock: Clock,
    private readonly periodMs: number,
  ) {
    this.now = clock.nowMs();
  }

  /** Wall clock at the last tick: stable between two ticks, as React's external stores must be. */
  readonly getNowMs = (): number => this.now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (!this.timer) this.start();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.timer?.cancel();
      this.timer = undefined;
    };
  };

  private start(): void {
    this.now = this.clock.nowMs();
    this.timer = this.clock.every(this.periodMs, () => {
      this.now = this.clock.nowMs();
      for (const listener of this.listeners) listener();
    });
  }
}
