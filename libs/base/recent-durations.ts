/** What the last durations were like, milliseconds. */
export interface DurationFigures {
  /** How many are counted here; 0 when there was none, and then the others are 0. */
  readonly count: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** The last so many durations: enough to say how it goes now, in a fixed room. */
export class RecentDurations {
  private readonly kept: Float64Array;
  private total = 0;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`capacity must be >= 1, got ${capacity}`);
    this.kept = new Float64Array(capacity);
  }

  add(durationMs: number): void {
    this.kept[this.total++ % this.kept.length] = durationMs;
  }

  /** Nearest rank: a p95 that is told was measured once. */
  figures(): DurationFigures {
    const count = Math.min(this.total, this.kept.length);
    const sorted = this.kept.slice(0, count).sort();
    const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
    return { count, medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
  }
}
