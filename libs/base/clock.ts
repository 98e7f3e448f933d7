/**
 * The only home of time. Everything that reads the hour or waits takes a {@link Clock} as a parameter, so that a test
 * can own time and two instances can live in one process with different hours.
 */
export interface Clock {
  /** Wall clock in milliseconds since the Unix epoch (UTC). It can jump when the machine's clock is set. */
  nowMs(): number;
  /** Milliseconds since an arbitrary start, never going back. Durations are differences of this. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, task: () => void): Timer;
  /** Runs `task` every `periodMs` until cancelled. The timer does not keep the process alive. */
  every(periodMs: number, task: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, task) => {
    const handle = setTimeout(task, delayMs);
    unref(handle);
    return { cancel: () => clearTimeout(handle) };
  },
  every: (periodMs, task) => {
    const handle = setInterval(task, periodMs);
    unref(handle);
    return { cancel: () => clearInterval(handle) };
  },
};

/** Node returns an object with `unref`, a browser returns a number. */
function unref(handle: unknown): void {
  if (typeof handle === 'object' && handle !== null && 'unref' in handle && typeof handle.unref === 'function') {
    handle.unref();
  }
}

/**
 * Waits `delayMs`. Resolves `true` when the time has passed and `false` at once when `signal` aborts: being told to stop
 * is not an error of the waiter.
 */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const onAbort = (): void => {
      timer.cancel();
      resolve(false);
    };
    const timer = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve(true);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

interface Pending {
  dueMs: number;
  order: number;
  periodMs: number | undefined;
  task: () => void;
}

/** A clock that moves only when told to. Timers fire in due order while {@link FakeClock.advance} passes them. */
export class FakeClock implements Clock {
  private elapsedMs = 0;
  private wallMs: number;
  private order = 0;
  private readonly pending = new Set<Pending>();

  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.wallMs = startMs;
  }

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    return this.elapsedMs;
  }

  after(delayMs: number, task: () => void): Timer {
    return this.add(delayMs, undefined, task);
  }

  every(periodMs: number, task: () => void): Timer {
    return this.add(periodMs, periodMs, task);
  }

  /** Sets the wall clock alone, as an operator or NTP does; running durations are not touched. */
  jumpWallTo(nowMs: number): void {
    this.wallMs = nowMs;
  }

  /** Moves time on and fires what falls due, letting promise continuations run between two timers. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.elapsedMs + byMs;
    for (let next = this.earliest(untilMs); next !== undefined; next = this.earliest(untilMs)) {
      this.moveTo(next.dueMs);
      if (next.periodMs === undefined) this.pending.delete(next);
      else next.dueMs += next.periodMs;
      next.task();
      await settle();
    }
    this.moveTo(untilMs);
    await settle();
  }

  private add(delayMs: number, periodMs: number | undefined, task: () => void): Timer {
    const entry: Pending = { dueMs: this.elapsedMs + Math.max(0, delayMs), order: this.order++, periodMs, task };
    this.pending.add(entry);
    return { cancel: () => this.pending.delete(entry) };
  }

  private earliest(untilMs: number): Pending | undefined {
    let best: Pending | undefined;
    for (const entry of this.pending) {
      if (entry.dueMs > untilMs) continue;
      if (!best || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.order < best.order)) best = entry;
    }
    return best;
  }

  private moveTo(elapsedMs: number): void {
    this.wallMs += elapsedMs - this.elapsedMs;
    this.elapsedMs = elapsedMs;
  }
}

/** Lets queued promise reactions run: each turn runs one generation of them. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await Promise.resolve();
}
