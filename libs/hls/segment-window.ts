import { Lease, type BlockPool, type MediaRange } from './media-memory.ts';

/** A run of frames as one fMP4 fragment: `[styp] moof mdat`. Readers send its bytes as they are. */
export interface Part {
  /** In order. Valid for as long as the {@link Segment.lease} is held. */
  readonly chunks: readonly Buffer[];
  readonly totalBytes: number;
  readonly durationTicks: number;
  /** Contains a key frame: decoding can start in it (draft-pantos-hls-rfc8216bis §4.4.4.9). */
  readonly isIndependent: boolean;
}

/** A part whose media bytes lie in blocks. Most parts are never asked for: views are made when one is. */
export class BlockPart implements Part {
  readonly totalBytes: number;

  /**
   * @param head everything in front of the media bytes, its own memory
   * @param media in order, in blocks of the segment's lease
   */
  constructor(
    private readonly head: Buffer,
    private readonly media: readonly MediaRange[],
    readonly durationTicks: number,
    readonly isIndependent: boolean,
  ) {
    this.totalBytes = media.reduce((sum, { from, to }) => sum + to - from, head.length);
  }

  get chunks(): readonly Buffer[] {
    return [this.head, ...this.media.map(({ bytes, from, to }) => bytes.subarray(from, to))];
  }
}

/** A run of parts that begins with a key frame. While it is open, parts are added; once closed it never changes. */
export interface Segment {
  readonly sequence: number;
  /** Number of the init segment that its parts need. */
  readonly initNumber: number;
  /** The timeline or the coding breaks before it: `EXT-X-DISCONTINUITY`. */
  readonly isDiscontinuous: boolean;
  /** When its first frame was taken, as well as that is known; wall clock. */
  readonly startsAtMs: number;
  readonly parts: readonly Part[];
  readonly durationTicks: number;
  readonly totalBytes: number;
  /** Held by the window; to be held by whoever reads the bytes later than at once. */
  readonly lease: Lease;
}

interface OpenSegment extends Segment {
  readonly parts: Part[];
  durationTicks: number;
  totalBytes: number;
}

/** How much is kept. Bounds hold in this order of strength: bytes, most segments, then the least. */
export interface WindowRule {
  /** Listed while no more than this many remain... */
  readonly minSegments: number;
  /** ...or less than this many target durations would remain. RFC 8216 §6.2.2 asks for three. */
  readonly minTargetDurations: number;
  /** ...or less than so many seconds. */
  readonly minSeconds?: number;
  readonly maxSegments: number;
  /** All segments that can be asked for, the open one included. */
  readonly maxBytes: number;
  /** Segments that left the playlist and are still answered (RFC 8216 §6.2.2: a reader may be about to ask for them). */
  readonly graceSegments: number;
}

export const DEFAULT_WINDOW: WindowRule = {
  minSegments: 4,
  minTargetDurations: 3,
  maxSegments: 30,
  maxBytes: 24 * 1024 * 1024,
  graceSegments: 1,
};

const TICKS_A_SECOND = 90_000;
/** A first segment that has gone on for so long belongs to a camera whose key frames are far apart: parts are shown. */
const LONG_FIRST_TICKS = 2 * TICKS_A_SECOND;
/** What is behind the newest picture before a low-latency player may begin: `PART-HOLD-BACK`, in part targets. */
const PARTS_TO_BEGIN = 3;

/**
 * The segments of one stream that can be asked for, newest last, in memory. Numbers never go back while it lives; give
 * `firstNumber` as seconds of the wall clock and they do not go back over a restart of the process either, because a
 * segment lasts about a second or longer.
 */
export class SegmentWindow {
  private readonly listedSegments: Segment[] = [];
  private readonly graceSegments: Segment[] = [];
  private readonly inits = new Map<number, Buffer>();
  private openSegment: OpenSegment | undefined;
  private nextSequence: number;
  private currentInit: number;
  private breakPending = false;
  /** A first segment has nothing before it to break with. */
  private hasBegun = false;
  private discontinuities: number;
  private targetS = 0;
  private partTicks: number | undefined;
  private frameTicks: number | undefined;
  private peakBits = 0;
  private heldBytes = 0;
  private readonly waiters = new Set<() => void>();

  /**
   * @param firstDiscontinuity where breaks are counted from. Players keep a table by that number (hls.js 1.7 walks it
   *   from 0): a small one.
   */
  constructor(
    firstNumber: number,
    /** Where the media of its parts lies. */
    readonly pool: BlockPool,
    private readonly rule: WindowRule = DEFAULT_WINDOW,
    firstDiscontinuity = firstNumber,
  ) {
    this.nextSequence = firstNumber;
    this.currentInit = firstNumber - 1;
    this.discontinuities = firstDiscontinuity;
  }

  /** Closed segments in the playlist. */
  get listed(): readonly Segment[] {
    return this.listedSegments;
  }

  /** The segment that still grows. */
  get open(): Segment | undefined {
    return this.openSegment;
  }

  /** Number of the newest closed segment, listed or not; one less than the first number before there is any. */
  get lastClosed(): number {
    return (this.openSegment?.sequence ?? this.nextSequence) - 1;
  }

  get isEmpty(): boolean {
    return this.listedSegments.length === 0 && !this.openSegment;
  }

  /** Longest part there may be, `PART-TARGET`; undefined until it is known how far apart this camera's frames are. */
  get partTargetTicks(): number | undefined {
    return this.partTicks;
  }

  /** Once: it never changes afterwards (§6.2.1: a playlist's tags stay as they are). */
  announcePartTarget(ticks: number, frameTicks: number): void {
    this.partTicks ??= ticks;
    this.frameTicks ??= frameTicks;
  }

  /** As measured when the stream began. */
  get framesPerSecond(): number | undefined {
    return this.frameTicks === undefined ? undefined : TICKS_A_SECOND / this.frameTicks;
  }

  /**
   * Highest bit rate of any closed segment so far; before the first, that of the one that grows, which begins with its
   * largest frame. 0: nothing is known.
   */
  get peakBitsPerSecond(): number {
    if (this.peakBits > 0 || !this.openSegment || this.openSegment.durationTicks === 0) return this.peakBits;
    return bitsPerSecond(this.openSegment);
  }

  /** `EXT-X-MEDIA-SEQUENCE` */
  get mediaSequence(): number {
    return this.listedSegments[0]?.sequence ?? this.openSegment?.sequence ?? this.nextSequence;
  }

  /** `EXT-X-DISCONTINUITY-SEQUENCE`: breaks that left the playlist. */
  get discontinuitySequence(): number {
    return this.discontinuities;
  }

  /**
   * `EXT-X-TARGETDURATION`: no segment, rounded to whole seconds, is longer (RFC 8216 §4.3.3.1). It only grows, and only
   * when a segment is longer than any before, so that it is stable for a camera with a steady key-frame interval.
   */
  get targetSeconds(): number {
    return Math.max(1, this.targetS);
  }

  get totalBytes(): number {
    return this.heldBytes;
  }

  /**
   * There is enough for a low-latency player to begin: a closed segment, or parts of an open one whose end is not worth
   * waiting for. In the latter case a target duration has to be promised that nobody knows yet: the double of what has
   * passed, at least 4 s.
   */
  beginsWithParts(): boolean {
    if (this.partTicks === undefined) return false;
    if (this.listedSegments.length > 0) return true;
    const openTicks = this.openSegment?.durationTicks ?? 0;
    if (this.targetS > 0) return openTicks >= PARTS_TO_BEGIN * this.partTicks;
    if (openTicks < LONG_FIRST_TICKS) return false;
    this.targetS = Math.max(4, Math.ceil((2 * openTicks) / TICKS_A_SECOND));
    return true;
  }

  /** Starts using another init segment; the next segment is marked as discontinuous. Closes what is open. */
  useInit(bytes: Buffer): void {
    this.closeSegment();
    this.currentInit++;
    this.inits.set(this.currentInit, bytes);
    this.breakPending ||= this.hasBegun;
    this.dropUnusedInits();
  }

  /** The timeline breaks here. Closes what is open. */
  markDiscontinuity(): void {
    this.closeSegment();
    this.breakPending ||= this.hasBegun;
  }

  /** @param startsAtMs wall clock of its first frame */
  beginSegment(startsAtMs: number): void {
    this.closeSegment();
    this.openSegment = {
      sequence: this.nextSequence++,
      initNumber: this.currentInit,
      isDiscontinuous: this.breakPending,
      startsAtMs,
      parts: [],
      durationTicks: 0,
      totalBytes: 0,
      lease: new Lease(this.pool),
    };
    this.breakPending = false;
    this.hasBegun = true;
  }

  /** Adds a part to the open segment. Bytes of it that lie in blocks are held by that segment's lease. */
  addPart(part: Part): void {
    const segment = this.openSegment;
    if (!segment) throw new Error('a part needs an open segment');
    segment.parts.push(part);
    segment.durationTicks += part.durationTicks;
    segment.totalBytes += part.totalBytes;
    this.heldBytes += part.totalBytes;
    this.makeRoom();
    this.wake();
  }

  /** The open segment is complete and is listed. Without parts it is forgotten; its number is given to the next. */
  closeSegment(): void {
    const segment = this.openSegment;
    if (!segment) return;
    this.openSegment = undefined;
    if (segment.parts.length === 0) {
      segment.lease.letGo();
      this.nextSequence--;
      this.breakPending ||= segment.isDiscontinuous;
      return;
    }
    this.listedSegments.push(segment);
    this.targetS = Math.max(this.targetS, Math.round(segment.durationTicks / TICKS_A_SECOND));
    if (segment.durationTicks > 0) this.peakBits = Math.max(this.peakBits, bitsPerSecond(segment));
    this.retireOld();
    this.makeRoom();
    this.wake();
  }

  /** Empties the playlist and gives the memory back: what it holds has become old. Numbers go on. */
  clear(): void {
    this.closeSegment();
    while (this.listedSegments.length > 0) this.retireFirst();
    while (this.graceSegments.length > 0) this.forgetFirst();
    this.breakPending ||= this.hasBegun;
    this.dropUnusedInits();
    this.wake();
  }

  /** A closed segment that is listed or was listed a moment ago. */
  find(sequence: number): Segment | undefined {
    return inRun(this.listedSegments, sequence) ?? this.graceSegments.find((each) => each.sequence === sequence);
  }

  /** Like {@link find}, or the segment that still grows: for its parts. */
  findOpen(sequence: number): Segment | undefined {
    return this.openSegment?.sequence === sequence ? this.openSegment : this.find(sequence);
  }

  init(number: number): Buffer | undefined {
    return this.inits.get(number);
  }

  /** Calls `wake` after each part, segment and clearing until the returned function is called. */
  watch(wake: () => void): () => void {
    this.waiters.add(wake);
    return () => this.waiters.delete(wake);
  }

  private wake(): void {
    for (const waiter of this.waiters) waiter();
  }

  private retireOld(): void {
    const { minTargetDurations, minSeconds = 0 } = this.rule;
    const wantedTicks = Math.max(minTargetDurations * this.targetSeconds, minSeconds) * TICKS_A_SECOND;
    let remaining = this.listedSegments.reduce((sum, each) => sum + each.durationTicks, 0);
    while (this.listedSegments.length > this.rule.minSegments) {
      const first = this.listedSegments[0]!;
      const isFull = this.listedSegments.length > this.rule.maxSegments;
      if (!isFull && remaining - first.durationTicks < wantedTicks) break;
      remaining -= first.durationTicks;
      this.retireFirst();
    }
    while (this.graceSegments.length > this.rule.graceSegments) this.forgetFirst();
    this.dropUnusedInits();
  }

  /** Holds the byte bound: what is no longer listed goes first. */
  private makeRoom(): void {
    while (this.heldBytes > this.rule.maxBytes) {
      if (this.graceSegments.length === 0) {
        if (this.listedSegments.length <= 1) return;
        this.retireFirst();
      }
      this.forgetFirst();
    }
  }

  private retireFirst(): void {
    const first = this.listedSegments.shift()!;
    if (first.isDiscontinuous) this.discontinuities++;
    this.graceSegments.push(first);
  }

  private forgetFirst(): void {
    const first = this.graceSegments.shift()!;
    this.heldBytes -= first.totalBytes;
    first.lease.letGo();
  }

  private dropUnusedInits(): void {
    const used = new Set([...this.listedSegments, ...this.graceSegments].map((each) => each.initNumber));
    for (const number of this.inits.keys()) {
      if (number !== this.currentInit && !used.has(number)) this.inits.delete(number);
    }
  }
}

function bitsPerSecond(segment: Segment): number {
  return (segment.totalBytes * 8 * TICKS_A_SECOND) / segment.durationTicks;
}

/** Sequences of a run follow each other without a hole. */
function inRun(run: readonly Segment[], sequence: number): Segment | undefined {
  const first = run[0];
  return first ? run[sequence - first.sequence] : undefined;
}
