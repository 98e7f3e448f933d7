import type { Clock } from '#libs/base';
import { Lease, type BlockPool } from './media-memory.ts';
import type { Part, Segment } from './segment.ts';
import { TargetDuration } from './target-duration.ts';

interface KeptSegment extends Segment {
  readonly parts: Part[];
  durationTicks: number;
  totalBytes: number;
  /** Longest playlist that went out with it in; 0: nobody was told of it. */
  toldTicks: number;
}

/** Left the playlist and is still answered. */
interface OwedSegment {
  readonly segment: KeptSegment;
  /** Monotonic. */
  readonly untilMs: number;
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
  /** What is listed and what grows. */
  readonly maxBytes: number;
  /** Beside it: what left the playlist and is still owed to those who read it. */
  readonly maxOwedBytes: number;
}

export const DEFAULT_WINDOW: WindowRule = {
  minSegments: 4,
  minTargetDurations: 3,
  maxSegments: 30,
  maxBytes: 24 * 1024 * 1024,
  maxOwedBytes: 32 * 1024 * 1024,
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
  private readonly listedSegments: KeptSegment[] = [];
  private readonly owed: OwedSegment[] = [];
  private readonly inits = new Map<number, Buffer>();
  private openSegment: KeptSegment | undefined;
  private nextSequence: number;
  private currentInit: number;
  private breakPending = false;
  /** A first segment has nothing before it to break with. */
  private hasBegun = false;
  private discontinuities: number;
  private partTicks: number | undefined;
  private frameTicks: number | undefined;
  private peakBits = 0;
  private listedBytes = 0;
  private owedBytes = 0;
  private readonly waiters = new Set<() => void>();
  /** Segments that were forgotten before their time because there was no room. */
  forgottenEarly = 0;

  /**
   * @param firstDiscontinuity where breaks are counted from. Players keep a table by that number (hls.js 1.7 walks it
   *   from 0): a small one.
   */
  constructor(
    firstNumber: number,
    /** Where the media of its parts lies. */
    readonly pool: BlockPool,
    private readonly clock: Clock,
    private readonly rule: WindowRule = DEFAULT_WINDOW,
    firstDiscontinuity = firstNumber,
    /** One for all windows of a camera. */
    readonly target = new TargetDuration(),
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

  /** `EXT-X-TARGETDURATION`: no segment, rounded to whole seconds, is longer (RFC 8216 §4.3.3.1). */
  get targetSeconds(): number {
    return this.target.seconds;
  }

  /** Listed, growing, or still owed. */
  get totalBytes(): number {
    return this.listedBytes + this.owedBytes;
  }

  /** What the playlist holds just now. */
  get listedTicks(): number {
    return this.listedSegments.reduce((sum, each) => sum + each.durationTicks, this.openSegment?.durationTicks ?? 0);
  }

  /**
   * There is enough for a low-latency player to begin: a closed segment, or parts of an open one whose end is not worth
   * waiting for.
   */
  beginsWithParts(): boolean {
    if (this.partTicks === undefined) return false;
    if (this.listedSegments.length > 0) return true;
    const isSteady = this.target.isPromised || this.target.isMeasured;
    return (this.openSegment?.durationTicks ?? 0) >= (isSteady ? PARTS_TO_BEGIN * this.partTicks : LONG_FIRST_TICKS);
  }

  /**
   * A playlist goes out. Its target duration holds from now on (§6.2.1), and a segment that is in it can be had for its own and
   * the playlist's duration after it has left it (§6.2.2).
   */
  distribute(): void {
    this.target.promise(this, this.openSegment?.durationTicks ?? 0);
    const toldTicks = this.listedTicks;
    for (const each of this.listedSegments) each.toldTicks = Math.max(each.toldTicks, toldTicks);
    if (this.openSegment) this.openSegment.toldTicks = Math.max(this.openSegment.toldTicks, toldTicks);
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
      toldTicks: 0,
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
    this.listedBytes += part.totalBytes;
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
    this.target.see(segment.durationTicks);
    if (segment.durationTicks > 0) this.peakBits = Math.max(this.peakBits, bitsPerSecond(segment));
    this.retireOld();
    this.makeRoom();
    this.wake();
  }

  /** Empties the playlist: what it holds has become old. What is owed stays for its time. Numbers go on. */
  clear(): void {
    this.closeSegment();
    while (this.listedSegments.length > 0) this.retireFirst();
    this.target.withdraw(this);
    this.breakPending ||= this.hasBegun;
    this.tidy();
    this.wake();
  }

  /** The stream is no more: gives all memory back. */
  discard(): void {
    this.clear();
    while (this.owed.length > 0) this.forgetFirst();
    this.dropUnusedInits();
  }

  /** Forgets what is not owed any more. To be called now and then while nothing comes. */
  tidy(): void {
    const nowMs = this.clock.monotonicMs();
    while (this.owed.length > 0 && this.owed[0]!.untilMs <= nowMs) this.forgetFirst();
    this.dropUnusedInits();
  }

  /** A closed segment that is listed or was, as long as readers may ask for it. */
  find(sequence: number): Segment | undefined {
    return (
      inRun(this.listedSegments, sequence) ?? this.owed.find(({ segment }) => segment.sequence === sequence)?.segment
    );
  }

  /** In order, from one that has a key frame inside to the newest; empty when they are more than `maxBytes`. */
  partsSinceKey(maxBytes: number): readonly Part[] {
    const runs: (readonly Part[])[] = [];
    let bytes = 0;
    for (let segment = this.openSegment; segment; segment = inRun(this.listedSegments, segment.sequence - 1)) {
      bytes += segment.totalBytes;
      if (bytes > maxBytes) return [];
      runs.unshift(segment.parts);
      if (segment.isDiscontinuous || segment.parts.some((part) => part.isIndependent)) break;
    }
    return runs.flat();
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
    let remaining = this.listedTicks;
    while (this.listedSegments.length > this.rule.minSegments) {
      const first = this.listedSegments[0]!;
      const isFull = this.listedSegments.length > this.rule.maxSegments;
      if (!isFull && remaining - first.durationTicks < wantedTicks) break;
      remaining -= first.durationTicks;
      this.retireFirst();
    }
    this.tidy();
  }

  /** Holds the byte bounds. */
  private makeRoom(): void {
    const { maxBytes, maxOwedBytes } = this.rule;
    while (this.listedBytes > maxBytes && this.listedSegments.length > 1) this.retireFirst();
    while (this.owedBytes > maxOwedBytes) {
      this.forgottenEarly++;
      this.forgetFirst();
    }
  }

  /** What no playlist told of is not owed to anybody. */
  private retireFirst(): void {
    const first = this.listedSegments.shift()!;
    if (first.isDiscontinuous) this.discontinuities++;
    this.listedBytes -= first.totalBytes;
    if (first.toldTicks === 0) return first.lease.letGo();
    const owedMs = ((first.durationTicks + first.toldTicks) * 1000) / TICKS_A_SECOND;
    this.owed.push({ segment: first, untilMs: this.clock.monotonicMs() + owedMs });
    this.owedBytes += first.totalBytes;
  }

  private forgetFirst(): void {
    const { segment } = this.owed.shift()!;
    this.owedBytes -= segment.totalBytes;
    segment.lease.letGo();
  }

  private dropUnusedInits(): void {
    if (this.inits.size <= 1) return;
    const kept = [...this.listedSegments, ...this.owed.map(({ segment }) => segment)];
    const used = new Set(kept.map((each) => each.initNumber));
    for (const number of this.inits.keys()) {
      if (number !== this.currentInit && !used.has(number)) this.inits.delete(number);
    }
  }
}

function bitsPerSecond(segment: Segment): number {
  return (segment.totalBytes * 8 * TICKS_A_SECOND) / segment.durationTicks;
}

/** Sequences of a run follow each other without a hole. */
function inRun(run: readonly KeptSegment[], sequence: number): KeptSegment | undefined {
  const first = run[0];
  return first ? run[sequence - first.sequence] : undefined;
}
