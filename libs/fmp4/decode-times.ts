/** Deepest reordering either codec allows (H.264 §A.3.1 MaxDpbFrames, H.265 §A.4.2 MaxDpbSize): 16 pictures. */
const MAX_DEPTH = 16;

/**
 * RTP carries only the time at which a picture is shown (RFC 6184 §5.1); a fragment also needs the time at which it is
 * decoded. Pictures come in decode order, so the n-th is decoded `depth` places before the n-th in show order: the
 * decode time is the smallest of the last `depth + 1` show times. Without B-frames (`depth` 0) both are the same.
 *
 * ```
 * arrives  I0 P3 B1 B2 P6 B4 B5      depth 1
 * decoded  -1  0  1  2  3  4  5      = min of this and the picture before it, in show order
 * ```
 *
 * A stream that reorders deeper than its parameter set says makes the depth grow by one each time it is noticed.
 */
export class DecodeTimes {
  /** The last `depth + 1` show times in rising order. */
  private readonly recent = new Float64Array(MAX_DEPTH + 1);
  private depth: number;
  private started = false;
  private last = 0;

  constructor(
    depth: number,
    /** Expected distance of two pictures: where the first ones are put before there is anything to go by. */
    private readonly frameTicks: number,
  ) {
    this.depth = Math.max(0, Math.min(MAX_DEPTH, depth));
  }

  /** Decode time of the next picture: always above the one before. */
  next(ptsTicks: number): number {
    if (!this.started) this.start(ptsTicks);
    else this.insert(ptsTicks);
    const wanted = this.recent[0]!;
    const dts = wanted > this.last ? wanted : this.last + 1;
    this.last = dts;
    if (ptsTicks < dts && this.depth < MAX_DEPTH) this.deepen(ptsTicks);
    return dts;
  }

  private start(ptsTicks: number): void {
    this.started = true;
    for (let place = 0; place <= this.depth; place++) {
      this.recent[place] = ptsTicks - (this.depth - place) * this.frameTicks;
    }
    this.last = this.recent[0]! - 1;
  }

  /** Replaces the smallest show time by the new one and moves it to its place. */
  private insert(ptsTicks: number): void {
    let place = 0;
    while (place < this.depth && this.recent[place + 1]! < ptsTicks) {
      this.recent[place] = this.recent[place + 1]!;
      place++;
    }
    this.recent[place] = ptsTicks;
  }

  private deepen(ptsTicks: number): void {
    this.recent.copyWithin(1, 0, this.depth + 1);
    this.recent[0] = Math.min(ptsTicks, this.recent[1]!);
    this.depth++;
  }
}
