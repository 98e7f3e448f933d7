import type { AudioFormat } from '#libs/codec';
import { SampleTable, TIMESCALE, audioInitSegment, fragmentHeadBytes, writeFragmentHead } from '#libs/fmp4';
import type { SegmentFollower } from './packager.ts';
import type { SegmentWindow } from './segment-window.ts';

/** As the video's parts: about 200 ms, and room above the exact length. */
const PART_TICKS = 0.205 * TIMESCALE;
const PART_SLACK = 1.05;
/** Whole frames of a part; 200 ms of AAC at 510 kbit/s are 13 kB. */
const FIRST_BYTES = 4 * 1024;
const MAX_BYTES = 64 * 1024;
/** Where both tracks have sender reports, their places are known to some milliseconds: lips and words stay together. */
const EXACT_TICKS = 0.08 * TIMESCALE;
/** Placed by their arrival, frames that come in bunches must not be moved about. */
const ARRIVAL_TICKS = 0.5 * TIMESCALE;

/** One AAC frame and where it belongs. */
export interface AudioUnit {
  readonly buffer: Buffer;
  readonly from: number;
  readonly to: number;
  /** On the audio's own line. */
  readonly pts90k: number;
  /** On the media timeline of the video's packager. */
  readonly mediaTicks: number;
  /** {@link mediaTicks} is by the camera's sender reports, not by arrival. */
  readonly isExact: boolean;
}

/**
 * The audio of a stream as a rendition of its own: parts and segments of a {@link SegmentWindow} beside the video's. Segments
 * begin and break where the video's do, so that both playlists tell of the same discontinuities and of the same clock, and
 * a player that wants no audio never meets it.
 */
export class AudioPackager implements SegmentFollower {
  private readonly samples = new SampleTable();
  private format: AudioFormat | undefined;
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private byteCount = 0;
  private framesAPart = 1;
  /** The video's segment, while no frame of it was taken yet. */
  private due: { readonly startTicks: number; readonly startsAtMs: number } | undefined;
  private isOpen = false;
  /** Media time = time of the audio's line + this. */
  private shiftTicks: number | undefined;
  /** Of the frame that follows without a hole, in samples. */
  private nextSamples: number | undefined;
  private fragmentSequence = 0;
  /** Frames that came before the video began, or for a time that is over. */
  droppedUnits = 0;

  constructor(readonly window: SegmentWindow) {}

  useFormat(format: AudioFormat): void {
    if (this.format?.config.equals(format.config)) return;
    this.broke();
    this.format = format;
    const frameTicks = (format.frameSamples * TIMESCALE) / format.sampleRate;
    this.framesAPart = Math.max(1, Math.floor(PART_TICKS / frameTicks));
    const targetMs = Math.ceil((this.framesAPart * frameTicks * PART_SLACK * 1000) / TIMESCALE);
    this.window.announcePartTarget((targetMs * TIMESCALE) / 1000, frameTicks);
    this.window.useInit(audioInitSegment(format));
  }

  segmentBegan(startTicks: number, startsAtMs: number): void {
    this.cutPart();
    // Even without a frame: the next break is then counted here as it is there.
    this.window.beginSegment(startsAtMs);
    this.due = { startTicks, startsAtMs };
    this.isOpen = true;
  }

  broke(): void {
    this.cutPart();
    this.window.markDiscontinuity();
    this.isOpen = false;
    this.due = undefined;
    this.shiftTicks = undefined;
    this.nextSamples = undefined;
  }

  addUnit(unit: AudioUnit): void {
    const at = this.format && this.isOpen ? this.placeOf(unit, this.format) : undefined;
    const bytes = unit.to - unit.from;
    if (at === undefined || !this.format || !this.reserve(bytes)) {
      this.droppedUnits++;
      return;
    }
    if (this.samples.count >= this.framesAPart || this.samples.isFull) this.cutPart();
    if (this.due) this.begin(this.due, at, this.format);
    unit.buffer.copy(this.bytes, this.byteCount, unit.from, unit.to);
    this.byteCount += bytes;
    this.samples.push(bytes, at, at, true);
    this.nextSamples = at + this.format.frameSamples;
  }

  private begin(due: { startTicks: number; startsAtMs: number }, atSamples: number, format: AudioFormat): void {
    const startTicks = (atSamples * TIMESCALE) / format.sampleRate;
    this.due = undefined;
    this.window.beginSegment(Math.round(due.startsAtMs + ((startTicks - due.startTicks) * 1000) / TIMESCALE));
  }

  /** In samples. Undefined: that time is over. */
  private placeOf(unit: AudioUnit, format: AudioFormat): number | undefined {
    const { pts90k, mediaTicks, isExact } = unit;
    const error = mediaTicks - (pts90k + (this.shiftTicks ?? Number.POSITIVE_INFINITY));
    if (Math.abs(error) > (isExact ? EXACT_TICKS : ARRIVAL_TICKS)) this.shiftTicks = mediaTicks - pts90k;
    const wanted = Math.max(0, Math.round(((pts90k + this.shiftTicks!) * format.sampleRate) / TIMESCALE));
    const next = this.nextSamples ?? wanted;
    if (Math.abs(wanted - next) <= format.frameSamples) return next;
    if (wanted < next) return undefined;
    this.cutPart();
    return wanted;
  }

  private reserve(bytes: number): boolean {
    const needed = this.byteCount + bytes;
    if (needed > MAX_BYTES) return false;
    if (needed <= this.bytes.length) return true;
    const larger = Buffer.allocUnsafeSlow(Math.min(MAX_BYTES, Math.max(needed, this.bytes.length * 2)));
    this.bytes.copy(larger, 0, 0, this.byteCount);
    this.bytes = larger;
    return true;
  }

  private cutPart(): void {
    const { samples, window, format } = this;
    if (samples.count === 0 || !format) return;
    const endTicks = this.nextSamples!;
    const opensSegment = (window.open?.parts.length ?? 0) === 0;
    const head = { sequence: ++this.fragmentSequence, endTicks, opensSegment };
    const durationTicks = ((endTicks - samples.startTicks) * TIMESCALE) / format.sampleRate;
    // Some kilobytes five times a second, where audio is on at all: not worth blocks that are lent out.
    const headBytes = fragmentHeadBytes(samples, opensSegment);
    const bytes = Buffer.allocUnsafeSlow(headBytes + this.byteCount);
    writeFragmentHead(bytes, 0, samples, head);
    this.bytes.copy(bytes, headBytes, 0, this.byteCount);
    window.addPart({ chunks: [bytes], totalBytes: bytes.length, durationTicks, isIndependent: true });
    samples.clear();
    this.byteCount = 0;
  }
}
