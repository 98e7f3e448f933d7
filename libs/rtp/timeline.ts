const UNIT_RATE = 90_000;
/** A step that long in either direction is no picture interval: only the arrival clock can tell whether it is real. */
const MAX_STEP_MS = 10_000;
/**
 * Where pictures begin to count, so that none before the first one gets a negative time: one full turn of the timestamp.
 */
const ORIGIN = 0x1_0000_0000;

/**
 * RTP timestamps (32 bits, RFC 3550 §5.1) as one growing line of 90 kHz, and that line against the camera's wall clock.
 *
 * A timestamp that jumps by more than ten seconds although no such time has passed means that the camera's encoder began
 * again: the line then goes on by the arrival clock, so that segments neither overlap nor leave a hole of hours.
 */
export class Timeline {
  /** How often the line went on by the arrival clock. */
  jumps = 0;
  private ticks = ORIGIN;
  private timestamp = -1;
  private arrivedMs = 0;
  private isRestarting = false;
  /** What the last sender report said, as it came; -1 when void. */
  private reportTimestamp = -1;
  private reportUnixMs = 0;
  /** The same on our line. */
  private reportTicks = 0;

  constructor(private readonly clockRate: number) {}

  /** `pts90k` of a packet. */
  unwrap(timestamp: number, arrivedMs: number): number {
    if (this.timestamp < 0) this.begin(timestamp, arrivedMs);
    else if (timestamp !== this.timestamp || this.isRestarting) this.step(timestamp, arrivedMs);
    return this.toUnits(this.ticks);
  }

  /** The source is another one: its timestamps have nothing to do with those before. */
  restart(): void {
    this.isRestarting = this.timestamp >= 0;
    this.reportTimestamp = -1;
  }

  /**
   * A sender report (RFC 3550 §6.4.1): `timestamp` was sampled at `unixMs` of the camera's clock. One that lies more than
   * ten seconds from the packets is not believed: there are cameras whose reports count from another origin.
   */
  report(timestamp: number, unixMs: number): void {
    const isFar = this.timestamp >= 0 && Math.abs((timestamp - this.timestamp) | 0) > this.ticksIn(MAX_STEP_MS);
    this.reportTimestamp = isFar ? -1 : timestamp;
    this.reportUnixMs = unixMs;
    this.reportTicks = this.ticks + ((timestamp - this.timestamp) | 0);
  }

  /** Unix milliseconds of the camera's clock at `pts90k`; undefined before the first sender report. */
  wallClockOf(pts90k: number): number | undefined {
    if (this.reportTimestamp < 0 || this.timestamp < 0) return undefined;
    return this.reportUnixMs + ((pts90k - this.toUnits(this.reportTicks)) * 1000) / UNIT_RATE;
  }

  private begin(timestamp: number, arrivedMs: number): void {
    this.ticks = ORIGIN + timestamp;
    this.timestamp = timestamp;
    this.arrivedMs = arrivedMs;
    this.isRestarting = false;
    if (this.reportTimestamp >= 0) this.report(this.reportTimestamp, this.reportUnixMs);
  }

  private step(timestamp: number, arrivedMs: number): void {
    const change = (timestamp - this.timestamp) | 0;
    const passed = this.ticksIn(arrivedMs - this.arrivedMs);
    const limit = this.ticksIn(MAX_STEP_MS);
    const isJump = Math.abs(change) > limit && Math.abs(change - passed) > limit;
    if (isJump && !this.isRestarting) this.restart();
    if (this.isRestarting) this.jumps++;
    this.ticks += this.isRestarting ? Math.max(1, passed) : change;
    this.isRestarting = false;
    this.timestamp = timestamp;
    this.arrivedMs = arrivedMs;
  }

  private ticksIn(durationMs: number): number {
    return Math.round((durationMs * this.clockRate) / 1000);
  }

  private toUnits(ticks: number): number {
    return this.clockRate === UNIT_RATE ? ticks : Math.round((ticks * UNIT_RATE) / this.clockRate);
  }
}
