import type { AudioFormat } from '#libs/codec';
import { AacDepacketizer } from './aac-depacketizer.ts';
import { Jitter } from './jitter.ts';
import { readRtcp, writeReceiverReport, type RtcpSink } from './rtcp.ts';
import { RtpPacket } from './rtp-packet.ts';
import { Arrival, SequenceTracker } from './sequence-tracker.ts';
import { Timeline } from './timeline.ts';

const UNIT_RATE = 90_000;
const NO_SSRC = -1;

export interface AudioReceiverOptions {
  readonly format: AudioFormat;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly reporterSsrc: number;
  /** One access unit, `buffer[from..to)`, valid only during the call. `pts90k` as of the video's receiver, unwrapped. */
  onUnit(buffer: Buffer, from: number, to: number, pts90k: number, arrivedMs: number): void;
}

export interface AudioStats {
  packets: number;
  units: number;
  malformedPackets: number;
  lostPackets: number;
}

/** RTP and RTCP packets of one AAC track to access units. Like `VideoReceiver`, but every unit stands for itself. */
export class AudioReceiver {
  readonly stats: AudioStats = { packets: 0, units: 0, malformedPackets: 0, lostPackets: 0 };
  private readonly packet = new RtpPacket();
  private readonly sequence = new SequenceTracker();
  private readonly timeline: Timeline;
  private readonly jitter: Jitter;
  private readonly depacketizer: AacDepacketizer;
  private readonly unitTicks: number;
  private readonly rtcpSink: RtcpSink;
  private ssrc = NO_SSRC;
  private pts90k = 0;
  private arrivedMs = 0;
  private reportMiddleNtp = 0;
  private reportArrivedMs = 0;

  constructor(private readonly options: AudioReceiverOptions) {
    const { format, clockRate } = options;
    this.timeline = new Timeline(clockRate);
    this.jitter = new Jitter(clockRate);
    this.unitTicks = (format.frameSamples * UNIT_RATE) / format.sampleRate;
    this.depacketizer = new AacDepacketizer({
      onUnit: (buffer, from, to, place) => {
        this.stats.units++;
        options.onUnit(buffer, from, to, this.pts90k + place * this.unitTicks, this.arrivedMs);
      },
    });
    this.rtcpSink = this.makeRtcpSink();
  }

  receiveRtp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    const { packet, stats } = this;
    if (!packet.parse(buffer, from, to) || packet.payloadType !== this.options.payloadType) {
      stats.malformedPackets++;
      return;
    }
    if (packet.ssrc !== this.ssrc) this.changeSource(packet.ssrc);
    stats.packets++;
    const arrival = this.sequence.update(packet.sequence);
    stats.lostPackets = this.sequence.lost;
    if (arrival === Arrival.late || arrival === Arrival.duplicate || arrival === Arrival.doubtful) return;
    if (arrival !== Arrival.next) this.depacketizer.loss();
    this.arrivedMs = arrivedMs;
    this.pts90k = this.timeline.unwrap(packet.timestamp, arrivedMs);
    this.jitter.update(packet.timestamp, arrivedMs);
    if (!this.depacketizer.payload(buffer, packet.payloadFrom, packet.payloadTo, packet.marker))
      stats.malformedPackets++;
  }

  receiveRtcp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    this.arrivedMs = arrivedMs;
    readRtcp(buffer, from, to, this.rtcpSink);
  }

  /** See `VideoReceiver.receiverReport`. */
  receiverReport(nowMs: number): Buffer {
    const { sequence, options } = this;
    if (!sequence.hasStarted) return writeReceiverReport(options.reporterSsrc, undefined);
    const sinceReportMs = this.reportMiddleNtp === 0 ? 0 : nowMs - this.reportArrivedMs;
    return writeReceiverReport(options.reporterSsrc, {
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

  private changeSource(ssrc: number): void {
    if (this.ssrc !== NO_SSRC) {
      this.sequence.forget();
      this.timeline.restart();
      this.jitter.restart();
      this.reportMiddleNtp = 0;
    }
    this.ssrc = ssrc;
  }

  private makeRtcpSink(): RtcpSink {
    return {
      onSenderReport: (ssrc, middleNtp, timestamp, unixMs) => {
        if (this.ssrc !== NO_SSRC && ssrc !== this.ssrc) return;
        this.reportMiddleNtp = middleNtp;
        this.reportArrivedMs = this.arrivedMs;
        if (unixMs !== undefined) this.timeline.report(timestamp, unixMs);
      },
      onSourceName: () => {},
      // The video's goodbye ends the stream; without audio it goes on.
      onBye: () => {},
    };
  }
}
