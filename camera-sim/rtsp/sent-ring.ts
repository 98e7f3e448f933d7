/** One frame that went out: its position in the loop and when the sockets took it. */
export interface SentFrame {
  readonly frame: number;
  readonly sentAtMs: number;
  readonly sentMonotonicMs: number;
}

const CAPACITY = 512;

/** The last frames of one stream, for measuring latency from pixels: half a minute at 15 frames a second. */
export class SentRing {
  private readonly frame = new Int32Array(CAPACITY);
  private readonly wallMs = new Float64Array(CAPACITY);
  private readonly monotonicMs = new Float64Array(CAPACITY);
  private count = 0;

  add(frame: number, wallMs: number, monotonicMs: number): void {
    const at = this.count++ % CAPACITY;
    this.frame[at] = frame;
    this.wallMs[at] = wallMs;
    this.monotonicMs[at] = monotonicMs;
  }

  /** Oldest first. */
  list(): SentFrame[] {
    const held = Math.min(this.count, CAPACITY);
    return Array.from({ length: held }, (_, position) => {
      const at = (this.count - held + position) % CAPACITY;
      return { frame: this.frame[at]!, sentAtMs: this.wallMs[at]!, sentMonotonicMs: this.monotonicMs[at]! };
    });
  }
}
