/** Bytes are summed over this: longer than the buffers of most encoders that hold a rate (one or two seconds). */
const SPAN_MS = 4_000;
/** Spans that must be alike: a minute. */
const SPANS = 15;
/** A rate counts as held when the largest and the smallest span differ by less than this share of the middle one. */
const HELD_SPREAD = 0.08;
/** ... and until they differ by more than this. */
const LET_GO_SPREAD = 0.16;
/**
 * Share of the bytes that are not key frames. In a still picture of a stream with a free rate they are few and all spans
 * are alike too, but there any movement shows at once.
 */
const MIN_INTER_SHARE = 0.4;
/** The last second of a held rate is above what it holds by no more than this. */
const RISEN = 1.15;

/**
 * Whether a stream holds its rate. An encoder with a constant bit rate spends the same on a street with and without cars:
 * what its pictures weigh says nothing about them.
 */
export class RateWatch {
  private readonly spans = new Float64Array(SPANS);
  private readonly sorted = new Float64Array(SPANS);
  private readonly quarters = new Float64Array(4);
  private filled = 0;
  private next = 0;
  private spanEndMs = Number.NEGATIVE_INFINITY;
  private bytes = 0;
  private interBytes = 0;
  private allBytes = 0;
  private allInterBytes = 0;
  private quarterEndMs = Number.NEGATIVE_INFINITY;
  private quarterBytes = 0;
  private quarter = 0;
  private held = false;

  get isHeld(): boolean {
    return this.held;
  }

  /** The last four seconds hold more than a held rate would. */
  get hasRisen(): boolean {
    const sum = this.quarters[0]! + this.quarters[1]! + this.quarters[2]! + this.quarters[3]!;
    return this.filled > 0 && sum > this.middle() * RISEN;
  }

  clear(): void {
    this.filled = 0;
    this.next = 0;
    this.spanEndMs = Number.NEGATIVE_INFINITY;
    this.quarterEndMs = Number.NEGATIVE_INFINITY;
    this.held = false;
  }

  /** Hot path. */
  add(bytes: number, isKey: boolean, nowMs: number): void {
    if (nowMs >= this.quarterEndMs) this.closeQuarter(nowMs);
    if (nowMs >= this.spanEndMs) this.closeSpan(nowMs);
    this.bytes += bytes;
    this.quarterBytes += bytes;
    if (!isKey) this.interBytes += bytes;
  }

  private closeQuarter(nowMs: number): void {
    const isLate = nowMs - this.quarterEndMs > SPAN_MS;
    if (!isLate) this.quarters[this.quarter++ % 4] = this.quarterBytes;
    this.quarterBytes = 0;
    this.quarterEndMs = (isLate ? nowMs : this.quarterEndMs) + SPAN_MS / 4;
  }

  private closeSpan(nowMs: number): void {
    // After a hole the span that it cut says nothing.
    const isLate = nowMs - this.spanEndMs > SPAN_MS;
    if (!isLate) this.take();
    this.bytes = 0;
    this.interBytes = 0;
    // On a grid of its own: a span that began a picture late would be a picture short.
    this.spanEndMs = (isLate ? nowMs : this.spanEndMs) + SPAN_MS;
  }

  private take(): void {
    this.spans[this.next] = this.bytes;
    this.next = (this.next + 1) % SPANS;
    if (this.filled < SPANS) this.filled++;
    // Of the last minute or so, without keeping each span's own.
    this.allBytes = this.allBytes * (1 - 1 / SPANS) + this.bytes;
    this.allInterBytes = this.allInterBytes * (1 - 1 / SPANS) + this.interBytes;
    if (this.filled < SPANS || this.allBytes === 0) return;
    const spread = this.spread();
    const isVideo = this.allInterBytes / this.allBytes >= MIN_INTER_SHARE;
    this.held = isVideo && spread <= (this.held ? LET_GO_SPREAD : HELD_SPREAD);
  }

  private spread(): number {
    this.sorted.set(this.spans);
    this.sorted.sort();
    return (this.sorted[SPANS - 1]! - this.sorted[0]!) / this.sorted[SPANS >> 1]!;
  }

  private middle(): number {
    return this.sorted[SPANS >> 1]!;
  }
}
