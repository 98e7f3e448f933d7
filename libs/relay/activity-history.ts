/** Values are kept in steps of 1/128 octave between -4 and +4 octaves: finer than any deviation that counts. */
const STEPS_PER_OCTAVE = 128;
const HALF_RANGE = 4 * STEPS_PER_OCTAVE;
const BINS = 2 * HALF_RANGE + 1;
/** Of a normal distribution, deviation = 1.4826 × median absolute deviation. */
const MAD_TO_DEVIATION = 1.4826;

/**
 * The last so many values and their median and median absolute deviation, exact to a step. A histogram with a ring beside
 * it: adding a value costs a few steps of the median and no memory.
 */
export class ActivityHistory {
  private readonly ring: Uint16Array;
  private readonly counts = new Uint16Array(BINS);
  private next = 0;
  private filled = 0;
  private medianBin = HALF_RANGE;
  /** Values in bins below {@link medianBin}. */
  private below = 0;

  constructor(readonly capacity: number) {
    this.ring = new Uint16Array(capacity);
  }

  get size(): number {
    return this.filled;
  }

  clear(): void {
    this.counts.fill(0);
    this.next = 0;
    this.filled = 0;
    this.below = 0;
    this.medianBin = HALF_RANGE;
  }

  /** @param octaves beyond ±4 counts as ±4 */
  add(octaves: number): void {
    const bin = Math.max(0, Math.min(BINS - 1, Math.round(octaves * STEPS_PER_OCTAVE) + HALF_RANGE));
    if (this.filled === this.capacity) this.count(this.ring[this.next]!, -1);
    else this.filled++;
    this.ring[this.next] = bin;
    this.next = (this.next + 1) % this.capacity;
    this.count(bin, 1);
    this.settle();
  }

  get median(): number {
    return (this.medianBin - HALF_RANGE) / STEPS_PER_OCTAVE;
  }

  /** Robust standard deviation in octaves; 0 when more than half of the values are alike. */
  get deviation(): number {
    const half = Math.ceil(this.filled / 2);
    let within = this.counts[this.medianBin]!;
    let radius = 0;
    while (within < half && radius < BINS) {
      radius++;
      within += (this.counts[this.medianBin - radius] ?? 0) + (this.counts[this.medianBin + radius] ?? 0);
    }
    return (MAD_TO_DEVIATION * radius) / STEPS_PER_OCTAVE;
  }

  private count(bin: number, by: 1 | -1): void {
    this.counts[bin]! += by;
    if (bin < this.medianBin) this.below += by;
  }

  /** Moves the median to the bin that holds the value in the middle (the lower of two). */
  private settle(): void {
    const middle = Math.floor((this.filled - 1) / 2);
    while (this.below > middle) this.below -= this.counts[--this.medianBin]!;
    while (this.below + this.counts[this.medianBin]! <= middle) this.below += this.counts[this.medianBin++]!;
  }
}
