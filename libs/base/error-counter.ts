import type { Clock, Timer } from './clock.ts';

/**
 * Turns a storm of alike errors into one report per period: the count and the last example. A lossy camera makes
 * thousands of them a minute, and a log that repeats itself hides the line that matters.
 */
export class ErrorCounter {
  private count = 0;
  private last = '';
  private timer: Timer | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly report: (count: number, last: string) => void,
    private readonly periodMs = 1000,
  ) {}

  add(example: string): void {
    this.count++;
    this.last = example;
    this.timer ??= this.clock.after(this.periodMs, () => this.flush());
  }

  /** Reports what is pending and stops the timer. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.count === 0) return;
    const { count, last } = this;
    this.count = 0;
    this.report(count, last);
  }
}
