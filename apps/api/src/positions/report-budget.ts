/** A bucket that holds `max` and fills in `fillMs`: bursts up to `max`, then as fast as it fills. */
export class ReportBudget {
  private level: number;

  constructor(
    private readonly max: number,
    private readonly fillMs: number,
    private filledAtMs: number,
  ) {
    this.level = max;
  }

  /** Takes `count`, or answers in how many milliseconds there would be as much; `0` when it was taken. */
  take(count: number, monotonicMs: number): number {
    const perMs = this.max / this.fillMs;
    this.level = Math.min(this.max, this.level + (monotonicMs - this.filledAtMs) * perMs);
    this.filledAtMs = monotonicMs;
    const asked = Math.min(count, this.max);
    if (this.level < asked) return Math.ceil((asked - this.level) / perMs);
    this.level -= asked;
    return 0;
  }
}
