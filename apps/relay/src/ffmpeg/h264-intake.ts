import {
  Assembly,
  H264ParameterSets,
  NalRole,
  h264Nal,
  type AccessUnitInfo,
  type H264Format,
  type TrackFormat,
} from '#libs/codec';
import {
  FLV_VIDEO,
  FlvReader,
  MAX_NALS_PER_TAG,
  MAX_VIDEO_TAG_BYTES,
  readDecoderConfiguration,
  readVideoTag,
  walkNalUnits,
  type DecoderConfiguration,
  type FlvTag,
} from '#libs/flv';

/** ffmpeg writes FLV timestamps of 31 bits. */
const FLV_TIME_MASK = 0x7fff_ffff;
/** Pictures in the encoder at most: what is further behind has been lost there. */
const MAX_UNDER_WAY = 512;

/** The same picture before it was converted. */
type Original = Pick<AccessUnitInfo, 'pts90k' | 'arrivedMs'>;

interface UnderWay {
  readonly original: Original;
  readonly sentMs: number;
}

export interface H264IntakeOptions {
  /** Where units are written; its owner releases them. */
  readonly assembly: Assembly;
  onFormat(format: TrackFormat): void;
  onUnit(info: AccessUnitInfo & { readonly bytes: number }): void;
  /** The bytes are not what was asked for. */
  onProblem(problem: string): void;
}

/** What a conversion gives back, as access units with the times of the pictures that they were made of. */
export class H264Intake {
  private readonly sets = new H264ParameterSets();
  private readonly reader: FlvReader;
  private readonly underWay = new Map<number, UnderWay>();
  private format: H264Format | undefined;
  private lengthBytes: DecoderConfiguration['lengthBytes'] = 4;
  private hasAnswered = false;
  /** Pictures that came back and that nobody had sent. */
  strangers = 0;

  constructor(private readonly options: H264IntakeOptions) {
    this.reader = new FlvReader({ maxTagBytes: MAX_VIDEO_TAG_BYTES, onTag: (tag) => this.tag(tag) });
  }

  /** How long the oldest picture is under way; 0 while the first one has not come back. */
  lagMs(nowMs: number): number {
    if (!this.hasAnswered) return 0;
    for (const { sentMs } of this.underWay.values()) return nowMs - sentMs;
    return 0;
  }

  /** A picture goes into the conversion, to be shown at `shownTicks` (90 kHz) of its timeline. */
  expect(shownTicks: number, { pts90k, arrivedMs }: Original, sentMs: number): void {
    this.underWay.set(flvTime(shownTicks / 90), { original: { pts90k, arrivedMs }, sentMs });
    if (this.underWay.size <= MAX_UNDER_WAY) return;
    for (const oldest of this.underWay.keys()) return void this.underWay.delete(oldest);
  }

  push(chunk: Buffer): void {
    const problem = this.reader.push(chunk);
    if (problem) this.options.onProblem(problem);
  }

  private tag({ type, timestampMs, body }: FlvTag): void {
    const video = type === FLV_VIDEO ? readVideoTag(body) : undefined;
    if (video?.kind === 'configuration') this.configure(body.subarray(video.from));
    else if (video?.kind === 'picture') this.picture(body, video.from, timestampMs + video.compositionMs);
  }

  private configure(record: Buffer): void {
    const read = readDecoderConfiguration('h264', record);
    if (!read.ok) return this.options.onProblem(read.refusal.message);
    this.lengthBytes = read.value.lengthBytes;
    for (const set of read.value.parameterSets) this.sets.offer(set, 0, set.length);
    this.format = this.sets.format();
    if (this.format) this.options.onFormat(this.format);
    else this.options.onProblem('no readable parameter sets');
  }

  private picture(body: Buffer, from: number, shownMs: number): void {
    const original = this.originalOf(flvTime(shownMs));
    const written = original && this.format ? this.write(body, from) : undefined;
    if (!original || !written) return;
    const { assembly } = this.options;
    const bytes = assembly.unitBytes;
    assembly.commitUnit();
    this.options.onUnit({ ...original, isKey: written === 'key', bytes });
  }

  /** Pictures come back in order: what was sent before this one and did not come back is lost. */
  private originalOf(atMs: number): Original | undefined {
    const found = this.underWay.get(atMs);
    if (!found) {
      this.strangers++;
      return undefined;
    }
    this.hasAnswered = true;
    for (const time of this.underWay.keys()) {
      this.underWay.delete(time);
      if (time === atMs) break;
    }
    return found.original;
  }

  /** `undefined`: damaged, no slice, or no room. Parameter sets and delimiters stay out of the samples of `avc1`. */
  private write(body: Buffer, from: number): 'key' | 'other' | undefined {
    const { assembly } = this.options;
    let kind: 'key' | 'other' | undefined;
    let hasRoom = true;
    const isWhole = walkNalUnits(body, from, this.lengthBytes, MAX_NALS_PER_TAG, (start, end) => {
      const role = end > start ? h264Nal.role(body[start]!, 0) : undefined;
      if (role !== NalRole.slice && role !== NalRole.keySlice && role !== NalRole.carried) return;
      if (role === NalRole.keySlice) kind = 'key';
      else if (role === NalRole.slice) kind ??= 'other';
      if (!hasRoom || !assembly.beginNal() || !assembly.append(body, start, end)) hasRoom = false;
      else assembly.endNal();
    });
    if (kind && isWhole && hasRoom) return kind;
    assembly.dropUnit();
    return undefined;
  }
}

function flvTime(ms: number): number {
  return Math.round(ms) & FLV_TIME_MASK;
}
