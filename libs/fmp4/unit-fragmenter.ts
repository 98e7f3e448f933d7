import type { AccessUnitInfo, TrackFormat } from '#libs/codec';
import { DecodeTimes } from './decode-times.ts';
import { SampleTable, fragmentHeadBytes, writeFragmentHead } from './fragment.ts';
import { TIMESCALE } from './movie-boxes.ts';

/** `moof mdat` with one access unit. */
export interface UnitFragment {
  readonly bytes: Buffer;
  readonly isKey: boolean;
}

/** Media time of the first frame: leaves room below it for decode times that run ahead of a reordered picture. */
const FIRST_MEDIA_TICKS = 10 * TIMESCALE;
/** Where the stream says nothing: 25 pictures a second, until it was measured. */
const USUAL_FRAME_TICKS = TIMESCALE / 25;
const MIN_FRAME_TICKS = TIMESCALE / 240;
/** Share of the difference by which the expected distance of two pictures follows the last one. */
const FOLLOW = 1 / 4;
/**
 * Media Source Extensions §3.5.8 (coded frame processing, step 1.6): a decode time more than twice the last picture's
 * duration after it makes a browser throw away everything up to the next key frame. Below two for its rounding.
 */
const MAX_STEP = 1.9;

/**
 * One fragment per access unit, at once: nothing waits for the next picture, whose time would tell this one's duration.
 * The duration is the expected one, and the media timeline has no holes: a pause of the camera is cut short to less than
 * two pictures, and a new connection goes on where the old one ended. A live player therefore never waits for time that
 * nobody filled; when a picture was taken is told beside the fragment, not by its place on this line.
 */
export class UnitFragmenter {
  private readonly samples = new SampleTable();
  private format: TrackFormat | undefined;
  private times: DecodeTimes | undefined;
  private shiftTicks = 0;
  private lastDts = 0;
  /** Where the next run may start. */
  private mediaEnd = FIRST_MEDIA_TICKS;
  private frameTicks = USUAL_FRAME_TICKS;
  private sequence = 0;

  /** @param maxBytes of a fragment; a unit that would make a larger one breaks the run */
  constructor(private readonly maxBytes: number) {}

  useFormat(format: TrackFormat): void {
    this.format = format;
    const rate = format.framesPerSecond;
    if (rate !== undefined && rate >= 1 && rate <= 240) this.frameTicks = Math.round(TIMESCALE / rate);
    this.breakRun();
  }

  /** What follows does not continue what was: begins anew at the next key unit. */
  breakRun(): void {
    this.times = undefined;
  }

  /**
   * The fragment of the unit `buffer[from..to)`, copied once.
   * @returns `undefined` when it cannot be decoded (no key unit yet) or is too large: a key unit is needed
   */
  add(buffer: Buffer, from: number, to: number, info: AccessUnitInfo): UnitFragment | undefined {
    if (!this.format || (!this.times && !info.isKey)) return undefined;
    if (!this.times) this.begin(this.format, info.pts90k);
    const dts = this.times!.next(info.pts90k + this.shiftTicks);
    if (!this.step(dts)) return info.isKey ? this.add(buffer, from, to, info) : undefined;
    return this.write(buffer, from, to, info);
  }

  private begin(format: TrackFormat, pts90k: number): void {
    const depth = format.reorderFrames ?? 0;
    this.shiftTicks = this.mediaEnd + depth * this.frameTicks - pts90k;
    this.times = new DecodeTimes(depth, this.frameTicks);
    this.lastDts = this.mediaEnd - this.frameTicks;
    this.cutTicks = 0;
  }

  /** What was cut out of this run's decode times so far. */
  private cutTicks = 0;

  /** Moves on to `dts`. `false`: there is a hole that cannot be cut out, because pictures around it are not in order. */
  private step(dts: number): boolean {
    const passed = dts - this.cutTicks - this.lastDts;
    const limit = Math.floor(this.frameTicks * MAX_STEP);
    if (passed > limit && (this.format!.reorderFrames ?? 0) > 0) {
      this.follow(passed);
      this.breakRun();
      return false;
    }
    this.cutTicks += Math.max(0, passed - limit);
    this.lastDts += Math.min(passed, limit);
    this.follow(passed);
    return true;
  }

  private follow(passedTicks: number): void {
    const seen = Math.min(TIMESCALE, Math.max(MIN_FRAME_TICKS, passedTicks));
    this.frameTicks = Math.round(this.frameTicks + (seen - this.frameTicks) * FOLLOW);
  }

  private write(buffer: Buffer, from: number, to: number, info: AccessUnitInfo): UnitFragment | undefined {
    const { samples, lastDts } = this;
    const pts = info.pts90k + this.shiftTicks - this.cutTicks;
    samples.clear();
    samples.push(to - from, lastDts, Math.round(pts), info.isKey);
    const headBytes = fragmentHeadBytes(samples, false);
    if (headBytes + to - from > this.maxBytes) {
      this.breakRun();
      return undefined;
    }
    this.mediaEnd = lastDts + this.frameTicks;
    const bytes = Buffer.allocUnsafeSlow(headBytes + to - from);
    const head = { sequence: ++this.sequence, endTicks: this.mediaEnd, opensSegment: false };
    buffer.copy(bytes, writeFragmentHead(bytes, 0, samples, head), from, to);
    return { bytes, isKey: info.isKey };
  }
}
