/** What a sequence number says about its packet. Numbers, because one is made per packet. */
export const Arrival = {
  /** The one expected. */
  next: 0,
  /** Newer than expected: those between are missing so far. */
  afterGap: 1,
  /** Older than the newest, and not seen before. Its place in the stream has passed. */
  late: 2,
  duplicate: 3,
  /** The first of a source, or of a source that began again elsewhere: nothing before it counts. */
  restart: 4,
  /** A jump that no other packet has confirmed yet: ignore the packet. */
  doubtful: 5,
} as const;
export type Arrival = (typeof Arrival)[keyof typeof Arrival];

const SEQUENCES = 0x1_0000;
/** RFC 3550 §A.1: a forward jump of up to a minute at 50 packets a second is loss; a longer one needs a second opinion. */
const MAX_DROPOUT = 3_000;
/** RFC 3550 §A.1: this far back is reordering. */
export const MAX_MISORDER = 100;
/** How many of the newest sequence numbers are remembered one by one, to tell late from duplicate. */
const WINDOW = 32;

/** Counting of one source's packets (RFC 3550 §A.1, without probation: RTSP has told who sends). */
export class SequenceTracker {
  received = 0;
  /** Missing so far, as a receiver sees it: a late packet takes its loss back. */
  lost = 0;
  late = 0;
  duplicates = 0;
  restarts = 0;
  private newest = -1;
  private cycles = 0;
  private base = 0;
  private expectedAfterJump = -1;
  /** Bit n: newest - n was seen. */
  private seen = 0;
  private expectedAtReport = 0;
  private receivedAtReport = 0;

  get hasStarted(): boolean {
    return this.newest >= 0;
  }

  /** Highest sequence number with its cycles above it, as a receiver report wants it. */
  get extendedHighest(): number {
    return this.cycles + Math.max(0, this.newest);
  }

  /** Total since the source began (RFC 3550 §A.3). Negative when there were more duplicates than losses. */
  get cumulativeLost(): number {
    return this.expected - this.received;
  }

  /** Forgets the source: the next packet is a {@link Arrival.restart}. */
  forget(): void {
    this.newest = -1;
  }

  update(sequence: number): Arrival {
    if (this.newest < 0) return this.begin(sequence);
    const ahead = (sequence - this.newest) & 0xffff;
    if (ahead !== 0 && ahead < MAX_DROPOUT) return this.advance(sequence, ahead);
    const behind = (this.newest - sequence) & 0xffff;
    if (behind <= MAX_MISORDER) return this.comesBehind(behind);
    if (sequence === this.expectedAfterJump) {
      this.restarts++;
      return this.begin(sequence);
    }
    this.expectedAfterJump = (sequence + 1) & 0xffff;
    return Arrival.doubtful;
  }

  /** Share of packets lost since the last call, in 256ths (RFC 3550 §A.3). */
  takeFractionLost(): number {
    const expected = this.expected - this.expectedAtReport;
    const lost = expected - (this.received - this.receivedAtReport);
    this.expectedAtReport = this.expected;
    this.receivedAtReport = this.received;
    return expected <= 0 || lost <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected));
  }

  private get expected(): number {
    return this.newest < 0 ? 0 : this.cycles + this.newest - this.base + 1;
  }

  private begin(sequence: number): Arrival {
    this.newest = sequence;
    this.base = sequence;
    this.cycles = 0;
    this.received = 1;
    this.expectedAfterJump = -1;
    this.seen = 1;
    this.expectedAtReport = 0;
    this.receivedAtReport = 0;
    return Arrival.restart;
  }

  private advance(sequence: number, ahead: number): Arrival {
    if (sequence < this.newest) this.cycles += SEQUENCES;
    this.newest = sequence;
    this.received++;
    this.seen = ahead < WINDOW ? (this.seen << ahead) | 1 : 1;
    this.expectedAfterJump = -1;
    if (ahead === 1) return Arrival.next;
    this.lost += ahead - 1;
    return Arrival.afterGap;
  }

  private comesBehind(behind: number): Arrival {
    this.received++;
    const bit = behind < WINDOW ? 1 << behind : 0;
    if (bit === 0 || (this.seen & bit) !== 0) {
      this.duplicates++;
      return Arrival.duplicate;
    }
    this.seen |= bit;
    this.late++;
    this.lost = Math.max(0, this.lost - 1);
    return Arrival.late;
  }
}
