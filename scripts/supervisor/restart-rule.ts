import { Backoff, type Clock } from '#libs/base';

export interface RestartBounds {
  readonly firstMs: number;
  readonly maxMs: number;
  /** So many ends within {@link windowMs} are a crash loop … */
  readonly loopExits: number;
  readonly windowMs: number;
  /** … and from then on there is one try in this time. */
  readonly loopWaitMs: number;
  /** A run that lasted this long clears what was before it. */
  readonly stableMs: number;
}

/**
 * Six ends in two minutes cannot be bad luck: the first five waits sum up to about 8 s. A crash loop is not given up,
 * because the disk may be emptied or the server come back at three in the morning, with nobody there to press a key.
 */
export const RESTART_BOUNDS: RestartBounds = {
  firstMs: 250,
  maxMs: 10_000,
  loopExits: 6,
  windowMs: 120_000,
  loopWaitMs: 30_000,
  stableMs: 60_000,
};

export interface RestartDecision {
  readonly waitMs: number;
  readonly looping: boolean;
}

/** When to start a child again that has ended without being told to. */
export class RestartRule {
  private readonly backoff: Backoff;
  private exitsAtMs: number[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly bounds: RestartBounds = RESTART_BOUNDS,
    random: () => number = Math.random,
  ) {
    this.backoff = new Backoff({ firstMs: bounds.firstMs, maxMs: bounds.maxMs, jitter: 0.2 }, random);
  }

  afterExit(ranMs: number): RestartDecision {
    const nowMs = this.clock.monotonicMs();
    if (ranMs >= this.bounds.stableMs) this.forget();
    this.exitsAtMs = this.exitsAtMs.filter((atMs) => nowMs - atMs < this.bounds.windowMs);
    this.exitsAtMs.push(nowMs);
    const looping = this.exitsAtMs.length >= this.bounds.loopExits;
    // The list is bounded: one more than the loop's count says nothing new.
    if (looping) this.exitsAtMs = this.exitsAtMs.slice(-this.bounds.loopExits);
    return { waitMs: looping ? this.bounds.loopWaitMs : this.backoff.nextMs(), looping };
  }

  private forget(): void {
    this.backoff.reset();
    this.exitsAtMs = [];
  }
}
