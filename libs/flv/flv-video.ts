import { refusal, type Refusal } from '#libs/base';
import {
  NalRole,
  nalSyntaxOf,
  parameterSetsOf,
  type AccessUnitInfo,
  type Assembly,
  type ParameterSets,
  type TrackFormat,
  type VideoCodec,
} from '#libs/codec';
import { AccessUnitBuilder, Timeline, emptyStats, type ReceiverStats } from '#libs/rtp';
import { readDecoderConfiguration } from './decoder-configuration.ts';
import {
  MAX_COMPOSITION_MS,
  MAX_MALFORMED_TAGS,
  MAX_NALS_PER_TAG,
  MAX_TAGS_WITHOUT_CONFIGURATION,
  MAX_VIDEO_TAG_BYTES,
} from './limits.ts';
import { walkNalUnits } from './nal-units.ts';
import { readVideoTag, type VideoTag } from './video-tag.ts';

/** All callbacks run inside {@link FlvVideo.tag}, as those of `VideoReceiver` in `libs/rtp` do inside theirs. */
export interface FlvVideoOptions {
  /** Where access units are written. Its owner may rewind it in any callback and between tags. */
  readonly assembly: Assembly;
  onFormat(format: TrackFormat): void;
  /** A unit was committed: it ends at `assembly.unitStart` and is `info.bytes` long. Units come in decoding order. */
  onAccessUnit(info: AccessUnitInfo & { readonly bytes: number }): void;
  /**
   * It can never be shown: `codec-unsupported`, `codec-mismatch`, `flv-configuration-malformed`, `flv-no-configuration`,
   * `flv-malformed`. At most once; nothing is delivered afterwards.
   */
  onRefusal(reason: Refusal): void;
}

/** FLV timestamps count milliseconds. */
const TICKS_A_SECOND = 1_000;
const TICKS_90K_A_MS = 90;

/** What the first configuration decides. */
interface Track {
  readonly codec: VideoCodec;
  readonly sets: ParameterSets;
  readonly units: AccessUnitBuilder;
  lengthBytes: 1 | 2 | 4;
}

/** Video tags of one publisher to access units in an {@link FlvVideoOptions.assembly}. */
export class FlvVideo {
  /** Shared with RTP receivers, so that rates and health are judged alike; a tag counts as a packet, and none gets lost. */
  readonly stats: ReceiverStats = emptyStats();
  private readonly timeline = new Timeline(TICKS_A_SECOND);
  private track: Track | undefined;
  private tagsWithoutTrack = 0;
  private malformedInARow = 0;
  private isOver = false;

  constructor(private readonly options: FlvVideoOptions) {}

  /**
   * The body of a video tag, or of an RTMP message of type 9; nothing of it is kept.
   * @param timestampMs decode time, 32 bits, wraps (FLV §E.4.1: Timestamp with TimestampExtended)
   * @param arrivedMs monotonic
   */
  tag(body: Buffer, timestampMs: number, arrivedMs: number): void {
    if (this.isOver) return;
    this.stats.packets++;
    this.stats.bytes += body.length;
    if (body.length > MAX_VIDEO_TAG_BYTES) {
      this.stats.oversizeUnits++;
      return this.malformed();
    }
    this.take(readVideoTag(body), body, timestampMs, arrivedMs);
  }

  private take(tag: VideoTag, body: Buffer, timestampMs: number, arrivedMs: number): void {
    switch (tag.kind) {
      case 'nothing':
        return;
      case 'malformed':
        return this.malformed();
      case 'foreign':
        return this.refuse('codec-unsupported', `the publisher sends ${tag.name}; H.264 and H.265 are carried`);
      case 'configuration':
        return this.configure(tag.codec, body.subarray(tag.from));
      case 'picture':
        return this.picture(tag, body, timestampMs, arrivedMs);
    }
  }

  private configure(codec: VideoCodec, record: Buffer): void {
    if (this.track && this.track.codec !== codec) return this.refuseOther(this.track.codec, codec);
    const read = readDecoderConfiguration(codec, record);
    if (!read.ok) return this.end(read.refusal);
    const track = (this.track ??= this.begin(codec));
    track.lengthBytes = read.value.lengthBytes;
    const { role } = nalSyntaxOf(codec);
    for (const set of read.value.parameterSets) {
      // Through the builder: sets that are new take effect at the next key picture. Nothing else belongs into a record.
      if (role(set[0]!, set[1] ?? 0) === NalRole.parameterSet) track.units.nal(set, 0, set.length);
      else this.stats.refusedParameterSets++;
    }
  }

  private begin(codec: VideoCodec): Track {
    const sets = parameterSetsOf(codec);
    const units = new AccessUnitBuilder({
      syntax: nalSyntaxOf(codec),
      assembly: this.options.assembly,
      sets,
      stats: this.stats,
      onFormat: (format) => this.options.onFormat(format),
      onAccessUnit: (info) => this.options.onAccessUnit(info),
    });
    return { codec, sets, units, lengthBytes: 4 };
  }

  private picture(
    { codec, from, compositionMs }: Extract<VideoTag, { kind: 'picture' }>,
    body: Buffer,
    timestampMs: number,
    arrivedMs: number,
  ): void {
    const { track } = this;
    if (!track) return this.withoutTrack();
    if (track.codec !== codec) return this.refuseOther(track.codec, codec);
    if (Math.abs(compositionMs) > MAX_COMPOSITION_MS) return this.malformed();
    const dts90k = this.timeline.unwrap(timestampMs >>> 0, arrivedMs);
    this.stats.timestampJumps = this.timeline.jumps;
    track.units.packet(dts90k + compositionMs * TICKS_90K_A_MS, arrivedMs, false);
    if (this.writeNals(track, body, from)) this.malformedInARow = 0;
    else this.malformed(track.units);
    track.units.marker();
    if (this.stats.unitsWithoutFormat >= MAX_TAGS_WITHOUT_CONFIGURATION && this.stats.units === 0) this.refuseFormat();
  }

  /** `false`: its NAL units do not fill the tag exactly. */
  private writeNals({ units, codec, lengthBytes }: Track, body: Buffer, from: number): boolean {
    const headerBytes = codec === 'h264' ? 1 : 2;
    return walkNalUnits(body, from, lengthBytes, MAX_NALS_PER_TAG, (start, end) => {
      // Ends of sequence are a header without anything behind it, and some encoders send empty units: both say nothing.
      if (end - start > headerBytes) units.nal(body, start, end);
    });
  }

  private withoutTrack(): void {
    this.stats.unitsBeforeKey++;
    if (++this.tagsWithoutTrack < MAX_TAGS_WITHOUT_CONFIGURATION) return;
    this.refuse('flv-no-configuration', `${this.tagsWithoutTrack} pictures came without a decoder configuration`);
  }

  /** @param units the builder whose unit it belongs to, when there is one: that unit cannot be trusted any more */
  private malformed(units?: AccessUnitBuilder): void {
    if (units) units.malformed();
    else this.stats.malformedPayloads++;
    if (++this.malformedInARow < MAX_MALFORMED_TAGS) return;
    this.refuse('flv-malformed', `${this.malformedInARow} video messages in a row cannot be read`);
  }

  private refuseFormat(): void {
    const { unitsWithoutFormat, refusedParameterSets } = this.stats;
    const counts = `${unitsWithoutFormat} key pictures came without readable parameter sets`;
    this.refuse('codec-unsupported', `${counts}; ${refusedParameterSets} were refused`);
  }

  private refuseOther(before: VideoCodec, after: VideoCodec): void {
    this.refuse('codec-mismatch', `the publisher began with ${before} and went on with ${after}`);
  }

  private refuse(
    code: 'codec-unsupported' | 'codec-mismatch' | 'flv-no-configuration' | 'flv-malformed',
    message: string,
  ): void {
    this.end(refusal('peer-failed', code, message));
  }

  private end(reason: Refusal): void {
    this.isOver = true;
    this.options.assembly.dropUnit();
    this.options.onRefusal(reason);
  }
}
