import { BoundedQueue, type Clock, type Timer } from '#libs/base';

export interface PacerRule {
  readonly capacity: number;
  readonly tickMs: number;
  readonly perTick: number;
}

/**
 * Does things in order, a few at each tick. When the process was busy and ticks came late, what was missed is not made up
 * for in one burst: that burst is what a listener's socket buffer cannot bear.
 */
export class Pacer {
  private readonly queue: BoundedQueue<() => void>;
  private timer: Timer | undefined;

  constructor(
    private readonly rule: PacerRule,
    private readonly clock: Clock,
  ) {
    this.queue = new BoundedQueue(rule.capacity);
  }

  /** `false` when too much is waiting; the task was not taken. */
  add(task: () => void): boolean {
    if (!this.queue.push(task)) return false;
    this.timer ??= this.clock.every(this.rule.tickMs, () => this.tick());
    return true;
  }

  close(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.queue.clear();
  }

  private tick(): void {
    for (let count = 0; count < this.rule.perTick; count++) {
      const task = this.queue.shift();
      if (task === undefined) return this.close();
      task();
    }
  }
}
