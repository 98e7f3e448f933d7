import type { Clock } from '#libs/base';
import type { AccessUnitInfo, Assembly, TrackFormat } from '#libs/codec';
import {
  DecodeTimes,
  SampleTable,
  TIMESCALE,
  fragmentHeadBytes,
  initSegment,
  writeFragmentHead,
  type FragmentHead,
} from '#libs/fmp4';
import { MediaMemory } from './media-memory.ts';
import { PartTarget } from './part-target.ts';
import { fromLastKey, unitInfo, unitsOf, type RecalledTimes, type RecalledUnit } from './recall.ts';
import type { SegmentWindow } from './segment-window.ts';
import { BlockPart } from './segment.ts';

export interface PackagingRule {
  /** A segment ends at the first key frame after this long. */
  readonly segmentMs: number;
  /** A segment that grows past this is cut before the next key frame comes. */
  readonly maxSegmentBytes: number;
}

/** A camera with key frames exactly a second apart and a jittering clock must not alternate between 1 and 2 s. */
export const DEFAULT_PACKAGING: PackagingRule = {
  segmentMs: 900,
  maxSegmentBytes: 16 * 1024 * 1024,
};

/** What goes along with a stream's segments without being in them: its audio. */
export interface SegmentFollower {
  /** A segment of the video begins at this media time and wall clock. */
  segmentBegan(startTicks: number, startsAtMs: number): void;
  /** The video's timeline or coding breaks; what follows does not continue what was. */
  broke(): void;
}

export interface PackagerOptions {
  /** Where the receiver writes: from now on into memory of the window's pool. */
  readonly assembly: Assembly;
  readonly window: SegmentWindow;
  readonly clock: Clock;
  readonly rule?: PackagingRule;
  readonly follower?: SegmentFollower;
  /** When the picture at `pts90k` was taken, wall clock of this machine; undefined where the camera does not say. */
  takenAtMs?(pts90k: number): number | undefined;
}

const TICKS_A_MS = TIMESCALE / 1000;

/** Media time of the first frame: leaves room below it for decode times that run ahead of a reordered picture. */
const FIRST_MEDIA_TICKS = 10 * TIMESCALE;

/** A pause this long (and this many frames) is a hole: shown as a break, not as a frame that stands still. */
const HOLE_TICKS = 3 * TIMESCALE;
const HOLE_FRAMES = 5;

/** Share of the difference by which the wall clock of a segment start follows what is measured of its first frame. */
const WALL_FOLLOW = 1 / 8;
/** Beyond this the wall clock or the camera's clock was set: follow at once. */
const WALL_JUMP_MS = 2_000;
/**
 * A picture arrives after it was taken, and not long after: by more than this on either side the camera's clock, or our
 * idea of its error, is wrong, and the arrival is told instead. The measure of a clock error is good to a second or two.
 */
const MAX_EARLY_MS = 500;
const MAX_LATE_MS = 5_000;

/**
 * Turns the run of access units in an {@link Assembly} into parts and segments of a {@link SegmentWindow}. The bytes of a
 * part stay where the receiver wrote them; only its `moof` is written beside.
 *
 * ```
 * block: | parts | units of the part under construction | unit that just arrived | unit being received |
 *                                                       ^ cut                    ^ unitStart
 * ```
 * A part is cut when the unit after it is there: only then the duration of its last frame is known.
 */
export class Packager {
  private readonly samples = new SampleTable();
  private readonly rule: PackagingRule;
  private readonly memory: MediaMemory;
  private readonly partTarget = new PartTarget();
  private times: DecodeTimes | undefined;
  private format: TrackFormat | undefined;
  /** Media time = stream time + this; undefined until the first key frame after a break. */
  private shiftTicks: number | undefined;
  private segmentStartTicks = 0;
  private segmentBytes = 0;
  private segmentHasKey = false;
  /** Of the last key frame with which a segment began; undefined after a break. */
  private runStartTicks: number | undefined;
  private lastDts = FIRST_MEDIA_TICKS;
  /** Units since the last break: the distance over a break is none of two frames. */
  private unitsInRun = 0;
  private lastArrivedMs: number | undefined;
  private frameTicks = TIMESCALE / 25;
  private fragmentSequence = 0;
  private wallOffsetMs: number | undefined;
  /** Units that were not packaged because no key frame had come. */
  droppedUnits = 0;

  constructor(private readonly options: PackagerOptions) {
    this.rule = options.rule ?? DEFAULT_PACKAGING;
    this.memory = new MediaMemory(options.window.pool, options.assembly);
  }

  /** Before the first unit of `format`; everything committed is of the format before. */
  useFormat(format: TrackFormat): void {
    this.finishSegment();
    this.format = format;
    this.options.window.useInit(initSegment(format));
    this.options.follower?.broke();
    this.restart();
  }

  /** Units were lost without saying which, or the source was opened again: what follows does not continue what was. */
  breakTimeline(): void {
    this.finishSegment();
    this.options.window.markDiscontinuity();
    this.options.follower?.broke();
    this.restart();
  }

  /** The unit that was just committed: `bytes` long, ending at `assembly.unitStart`. */
  addUnit(unit: AccessUnitInfo & { readonly bytes: number }): void {
    if (this.shiftTicks === undefined && !this.begin(unit)) {
      this.memory.skip(unit.bytes);
      this.droppedUnits++;
      return;
    }
    const dts = this.decodeTimeOf(unit.pts90k);
    this.cutBefore(unit, dts);
    if (this.shiftTicks === undefined) return this.addUnit(unit);
    this.append(unit, dts);
  }

  /** Media time of a time of the stream; undefined while nothing is being packaged. */
  mediaTicksOf(pts90k: number): number | undefined {
    return this.shiftTicks === undefined ? undefined : pts90k + this.shiftTicks;
  }

  /** Gives the memory back that no part has taken, whatever state the rest is in. The assembly is empty afterwards. */
  release(): void {
    this.memory.release();
  }

  /** Closes what is open, at the end of the stream, and gives back the memory that was not used. */
  finish(): void {
    this.finishSegment();
    this.restart();
    this.memory.release();
  }

  /**
   * The units from the last key unit to the newest one, copied out of memory: with them a reader that joins can begin at
   * once, and go on with the next unit. Empty when there is none, or when they are more than `maxBytes`.
   */
  recall(maxBytes: number): readonly RecalledUnit[] {
    const { window } = this.options;
    if (this.shiftTicks === undefined || !window.open || this.lastArrivedMs === undefined) return [];
    if (this.samples.totalBytes > maxBytes) return [];
    const times = { shiftTicks: this.shiftTicks, lastDts: this.lastDts, lastArrivedMs: this.lastArrivedMs };
    const parts = window.partsSinceKey(maxBytes - this.samples.totalBytes);
    return fromLastKey([...unitsOf(parts, times), ...this.unitsUnderConstruction(times)]);
  }

  private unitsUnderConstruction(times: RecalledTimes): RecalledUnit[] {
    const { samples } = this;
    const run = this.memory.untaken();
    let from = 0;
    return Array.from({ length: samples.count }, (_, index) => {
      const dts = samples.dts[index]!;
      const to = from + samples.sizes[index]!;
      const bytes = run.subarray(from, to);
      from = to;
      return { bytes, info: unitInfo(dts + samples.offsets[index]!, dts, samples.keys[index] === 1, times) };
    });
  }

  private restart(): void {
    this.shiftTicks = undefined;
    this.times = undefined;
    this.runStartTicks = undefined;
  }

  /** First unit after a break: places it on the media timeline. `false` when it is not a key frame. */
  private begin(unit: AccessUnitInfo): boolean {
    if (!unit.isKey || !this.format) return false;
    const pauseMs = this.lastArrivedMs === undefined ? 0 : unit.arrivedMs - this.lastArrivedMs;
    const start = this.lastDts + Math.max(this.frameTicks, Math.round(pauseMs * TICKS_A_MS));
    const depth = this.format.reorderFrames ?? 0;
    this.frameTicks = frameTicksOf(this.format) ?? this.frameTicks;
    this.shiftTicks = start + depth * this.frameTicks - unit.pts90k;
    this.times = new DecodeTimes(depth, this.frameTicks);
    this.unitsInRun = 0;
    this.openSegment(start, unit);
    return true;
  }

  private decodeTimeOf(pts90k: number): number {
    return Math.round(this.times!.next(pts90k + this.shiftTicks!));
  }

  private cutBefore(unit: AccessUnitInfo & { readonly bytes: number }, dts: number): void {
    if (this.samples.count === 0) return;
    if (this.isHole(dts)) {
      this.breakTimeline();
    } else if (unit.isKey && this.mayEndSegment(dts)) {
      this.cutPart(dts);
      this.openSegment(dts, unit);
    } else if (this.isSegmentFull(dts)) {
      this.cutPart(dts);
      this.openSegment(dts, unit, true);
    } else if (this.isPartFull(dts) || this.samples.isFull) {
      this.cutPart(dts);
    }
  }

  /** So long a pause that it is not shown as a frame that stands still, or that no segment can take it. */
  private isHole(dts: number): boolean {
    if (dts - this.lastDts > Math.max(HOLE_TICKS, HOLE_FRAMES * this.frameTicks)) return true;
    return this.options.window.target.isTooLong(dts - this.segmentStartTicks);
  }

  /** With the key frame at `dts`. One that continues another is as short as may be: segments should begin with key frames. */
  private mayEndSegment(dts: number): boolean {
    return !this.segmentHasKey || dts - this.segmentStartTicks >= this.rule.segmentMs * TICKS_A_MS;
  }

  /** With one frame more it would be longer than was promised, or than is good. */
  private isSegmentFull(dts: number): boolean {
    const ticks = dts - this.segmentStartTicks + this.frameTicks;
    return this.options.window.target.isFull(ticks) || this.segmentBytes > this.rule.maxSegmentBytes;
  }

  private announceParts(): void {
    const { targetTicks, frameTicks } = this.partTarget;
    this.options.window.announcePartTarget(targetTicks, frameTicks);
  }

  private isPartFull(dts: number): boolean {
    return this.partTarget.isFull(this.samples.count, dts - this.samples.startTicks, dts - this.lastDts);
  }

  private append(unit: AccessUnitInfo & { readonly bytes: number }, dts: number): void {
    this.samples.push(unit.bytes, dts, Math.round(unit.pts90k + this.shiftTicks!), unit.isKey);
    if (dts > this.lastDts && this.unitsInRun++ > 0) {
      this.frameTicks = Math.min(dts - this.lastDts, TIMESCALE);
      if (this.partTarget.measure(this.frameTicks)) this.announceParts();
    }
    this.lastDts = dts;
    this.lastArrivedMs = unit.arrivedMs;
    this.segmentBytes += unit.bytes;
  }

  /** @param continues the one before had to be cut: `unit` is no key frame */
  private openSegment(startTicks: number, unit: AccessUnitInfo, continues = false): void {
    this.segmentStartTicks = startTicks;
    this.segmentBytes = 0;
    this.segmentHasKey = !continues;
    this.noteRun(startTicks, continues);
    const startsAtMs = this.wallClockOf(startTicks, unit);
    this.options.window.beginSegment(startsAtMs);
    this.options.follower?.segmentBegan(startTicks, startsAtMs);
  }

  private noteRun(startTicks: number, continues: boolean): void {
    const { target } = this.options.window;
    if (continues) return target.cut();
    if (this.runStartTicks !== undefined) target.measure(startTicks - this.runStartTicks);
    this.runStartTicks = startTicks;
  }

  /** Wall clock of a media time: the media clock is steadier than what is measured, which corrects it only slowly. */
  private wallClockOf(mediaTicks: number, unit: AccessUnitInfo): number {
    const mediaMs = mediaTicks / TICKS_A_MS;
    const measuredMs = this.takenAtMs(unit) - mediaMs;
    const errorMs = measuredMs - (this.wallOffsetMs ?? Number.NEGATIVE_INFINITY);
    if (Math.abs(errorMs) > WALL_JUMP_MS) this.wallOffsetMs = measuredMs;
    else this.wallOffsetMs! += errorMs * WALL_FOLLOW;
    return Math.round(mediaMs + this.wallOffsetMs!);
  }

  /** By the camera's clock where that can be true, else when it arrived. */
  private takenAtMs(unit: AccessUnitInfo): number {
    const { clock } = this.options;
    const arrivedAtMs = clock.nowMs() - (clock.monotonicMs() - unit.arrivedMs);
    const takenAtMs = this.options.takenAtMs?.(unit.pts90k);
    if (takenAtMs === undefined) return arrivedAtMs;
    const ageMs = arrivedAtMs - takenAtMs;
    return ageMs >= -MAX_EARLY_MS && ageMs <= MAX_LATE_MS ? takenAtMs : arrivedAtMs;
  }

  private finishSegment(): void {
    if (this.samples.count > 0) this.cutPart(this.endOfLast());
    this.options.window.closeSegment();
  }

  /** Nobody knows how long the last frame before a break lasts: as long as the one before, where the segment has room. */
  private endOfLast(): number {
    const { maxTicks } = this.options.window.target;
    const latest = Math.max(this.lastDts + 1, this.segmentStartTicks + maxTicks);
    return Math.min(this.lastDts + this.frameTicks, latest);
  }

  private cutPart(endTicks: number): void {
    const { window } = this.options;
    const { samples } = this;
    const open = window.open!;
    const opensSegment = open.parts.length === 0;
    const head: FragmentHead = { sequence: ++this.fragmentSequence, endTicks, opensSegment };
    // About 200 bytes, out of Node's own pool of small buffers: not worth a place in a block.
    const headBytes = Buffer.allocUnsafe(fragmentHeadBytes(samples, opensSegment));
    writeFragmentHead(headBytes, 0, samples, head);
    const media = this.memory.take(samples.totalBytes, open.lease);
    window.addPart(new BlockPart(headBytes, media, endTicks - samples.startTicks, samples.hasKey));
    samples.clear();
  }
}

function frameTicksOf(format: TrackFormat): number | undefined {
  const rate = format.framesPerSecond;
  return rate !== undefined && rate >= 1 && rate <= 240 ? Math.round(TIMESCALE / rate) : undefined;
}
