import { refusal } from '#libs/base';
import {
  codecEvidence,
  nalSyntaxOf,
  parameterSetsOf,
  type AccessUnitInfo,
  type ParameterSets,
  type TrackFormat,
  type VideoCodec,
} from '#libs/codec';
import { AccessUnitBuilder } from './access-unit-builder.ts';
import type { Depacketizer } from './depacketizer.ts';
import { H264Depacketizer } from './h264-depacketizer.ts';
import { H265Depacketizer } from './h265-depacketizer.ts';
import { Jitter } from './jitter.ts';
import { emptyStats } from './receiver-stats.ts';
import type { ReceiverStats, VideoReceiverOptions } from './receiver-types.ts';
import { readRtcp, writeReceiverReport, type RtcpSink } from './rtcp.ts';
import { JpegUnits } from './jpeg-units.ts';
import { RtpPacket } from './rtp-packet.ts';
import { Arrival, SequenceTracker } from './sequence-tracker.ts';
import { Timeline } from './timeline.ts';
import type { Units } from './units.ts';

/** So many packets of other payload types, and none of ours, mean that the SDP does not describe this stream. */
export const MAX_FOREIGN_PACKETS = 200;
/** So many key pictures without one readable set of parameter sets mean that none will come. */
export const MAX_KEY_UNITS_WITHOUT_FORMAT = 5;
const NO_SSRC = -1;

/** RTP and RTCP packets of one video track to access units in an {@link VideoReceiverOptions.assembly}. */
export class VideoReceiver {
  readonly stats: ReceiverStats = emptyStats();
  private readonly packet = new RtpPacket();
  private readonly sequence = new SequenceTracker();
  private readonly timeline: Timeline;
  private readonly jitter: Jitter;
  private readonly units: Units;
  private readonly depacketizer: Depacketizer;
  private readonly rtcpSink: RtcpSink;
  private ssrc = NO_SSRC;
  /** Of the last packet, and where that lies on the line of time. */
  private timestamp = -1;
  private pts90k = 0;
  private isOver = false;
  private reportMiddleNtp = 0;
  private reportArrivedMs = 0;
  private rtcpArrivedMs = 0;

  constructor(private readonly options: VideoReceiverOptions) {
    const { codec, assembly, clockRate } = options;
    this.timeline = new Timeline(clockRate);
    this.jitter = new Jitter(clockRate);
    const sink = {
      assembly,
      stats: this.stats,
      onFormat: (format: TrackFormat) => options.onFormat(format),
      onAccessUnit: (info: AccessUnitInfo & { readonly bytes: number }) => options.onAccessUnit(info),
    };
    if (codec === 'mjpeg') {
      this.units = this.depacketizer = new JpegUnits(sink);
    } else {
      const units = new AccessUnitBuilder({ ...sink, syntax: nalSyntaxOf(codec), sets: this.setsOf(codec) });
      this.units = units;
      this.depacketizer = codec === 'h264' ? new H264Depacketizer(units) : new H265Depacketizer(units);
    }
    this.rtcpSink = this.makeRtcpSink();
  }

  /** Interarrival jitter (RFC 3550 §6.4.1), as receiver reports carry it. */
  get jitterMs(): number {
    return (this.jitter.value * 1000) / this.options.clockRate;
  }

  /** One RTP packet `buffer[from..to)`; nothing of it is kept. `arrivedMs` is monotonic. */
  receiveRtp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    if (this.isOver) return;
    const { packet, stats } = this;
    if (!packet.parse(buffer, from, to)) {
      stats.malformedPackets++;
      return;
    }
    if (packet.payloadType !== this.options.payloadType) return this.countForeign();
    if (packet.ssrc !== this.ssrc) this.changeSource(packet.ssrc);
    stats.packets++;
    stats.bytes += packet.payloadTo - packet.payloadFrom;
    this.accept(this.sequence.update(packet.sequence), buffer, arrivedMs);
  }

  /** One RTCP compound packet `buffer[from..to)`. */
  receiveRtcp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    if (this.isOver) return;
    this.rtcpArrivedMs = arrivedMs;
    if (!readRtcp(buffer, from, to, this.rtcpSink)) this.stats.malformedRtcp++;
  }

  /**
   * A receiver report with our CNAME (RFC 3550 §6.4.2) for the track's RTCP channel. `nowMs` on the same clock as
   * `arrivedMs`. Each call ends an interval of the loss fraction.
   */
  receiverReport(nowMs: number): Buffer {
    const { sequence } = this;
    if (!sequence.hasStarted) return writeReceiverReport(this.options.reporterSsrc, undefined);
    const sinceReportMs = this.reportMiddleNtp === 0 ? 0 : nowMs - this.reportArrivedMs;
    return writeReceiverReport(this.options.reporterSsrc, {
      sourceSsrc: this.ssrc,
      fractionLost: sequence.takeFractionLost(),
      cumulativeLost: sequence.cumulativeLost,
      extendedHighest: sequence.extendedHighest,
      jitter: this.jitter.value,
      lastReport: this.reportMiddleNtp,
      delaySinceLastReport: Math.round((sinceReportMs * 65_536) / 1000),
    });
  }

  /** Unix milliseconds of the camera's own clock at `pts90k`, by its last sender report (RFC 3550 §6.4.1). */
  wallClockOf(pts90k: number): number | undefined {
    return this.timeline.wallClockOf(pts90k);
  }

  private accept(arrival: Arrival, buffer: Buffer, arrivedMs: number): void {
    const { packet } = this;
    if (arrival !== Arrival.next) {
      this.copyCounters();
      if (arrival === Arrival.late || arrival === Arrival.duplicate || arrival === Arrival.doubtful) return;
      if (arrival === Arrival.restart) this.units.restart();
    }
    if (arrival !== Arrival.next || packet.timestamp !== this.timestamp) this.beginTimestamp(arrivedMs);
    const { pts90k } = this;
    if (packet.payloadFrom === packet.payloadTo) return;
    this.units.packet(pts90k, arrivedMs, arrival === Arrival.afterGap);
    if (this.units.isWaiting && this.isOtherCodec(buffer)) return;
    this.depacketizer.payload(buffer, packet.payloadFrom, packet.payloadTo);
    if (packet.marker) this.units.marker();
    if (this.stats.unitsWithoutFormat >= MAX_KEY_UNITS_WITHOUT_FORMAT && this.stats.units === 0) this.refuseFormat();
  }

  /**
   * The packets of one picture have one timestamp and come together: the line of time and the jitter move on with the
   * first of them (all of them would only tell how fast the camera empties its buffer).
   */
  private beginTimestamp(arrivedMs: number): void {
    const { timestamp } = this.packet;
    this.timestamp = timestamp;
    this.pts90k = this.timeline.unwrap(timestamp, arrivedMs);
    this.jitter.update(timestamp, arrivedMs);
    this.stats.timestampJumps = this.timeline.jumps;
  }

  private copyCounters(): void {
    const { stats, sequence } = this;
    stats.lostPackets = sequence.lost;
    stats.latePackets = sequence.late;
    stats.duplicatePackets = sequence.duplicates;
    stats.restarts = sequence.restarts;
  }

  private changeSource(ssrc: number): void {
    if (this.ssrc !== NO_SSRC) {
      this.sequence.forget();
      this.sequence.restarts++;
      this.timeline.restart();
      this.jitter.restart();
      this.reportMiddleNtp = 0;
    }
    this.ssrc = ssrc;
  }

  private setsOf(codec: VideoCodec): ParameterSets {
    const sets = parameterSetsOf(codec);
    for (const nal of this.options.parameterSets) this.countOffer(sets.offer(nal, 0, nal.length));
    return sets;
  }

  private countOffer(verdict: string): void {
    if (verdict === 'refused') this.stats.refusedParameterSets++;
  }

  private countForeign(): void {
    this.stats.foreignPackets++;
    if (this.stats.packets > 0 || this.stats.foreignPackets < MAX_FOREIGN_PACKETS) return;
    const { payloadType } = this.packet;
    const expected = this.options.payloadType;
    this.refuse('codec-mismatch', `The SDP says payload type ${expected}, the stream carries ${payloadType}`);
  }

  /** Only asked while there is nothing to lose: before the first key picture and after damage. */
  private isOtherCodec(buffer: Buffer): boolean {
    const carried = codecEvidence(buffer, this.packet.payloadFrom, this.packet.payloadTo);
    if (carried === undefined || carried === this.options.codec) return false;
    this.refuse('codec-mismatch', `The SDP says ${this.options.codec}, the stream carries ${carried}`);
    return true;
  }

  private refuseFormat(): void {
    const { unitsWithoutFormat, refusedParameterSets } = this.stats;
    this.refuse(
      'codec-unsupported',
      `${unitsWithoutFormat} key pictures came without readable parameter sets; ${refusedParameterSets} were refused`,
    );
  }

  private refuse(code: 'codec-mismatch' | 'codec-unsupported', message: string): void {
    this.isOver = true;
    this.options.onRefusal(refusal('peer-failed', code, message));
  }

  private makeRtcpSink(): RtcpSink {
    return {
      onSenderReport: (ssrc, middleNtp, timestamp, unixMs) => {
        if (this.ssrc !== NO_SSRC && ssrc !== this.ssrc) return;
        this.stats.senderReports++;
        this.reportMiddleNtp = middleNtp;
        this.reportArrivedMs = this.rtcpArrivedMs;
        if (unixMs !== undefined) this.timeline.report(timestamp, unixMs);
      },
      onSourceName: () => {},
      onBye: (ssrc) => {
        if (ssrc === this.ssrc) this.options.onBye?.();
      },
    };
  }
}
