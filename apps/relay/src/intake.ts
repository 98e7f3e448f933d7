import { refusal, type Clock, type Refusal } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import type { SegmentWindow } from '#libs/hls';
import type { ClockError, Hub, Sink, StreamStats } from '#libs/relay';
import { VideoReceiver, type ReceiverStats } from '#libs/rtp';
import type { AudioTrack, VideoTrack } from '#libs/rtsp';
import { AudioIntake } from './audio-intake.ts';
import { UnitFlow, type ArrivedUnit } from './unit-flow.ts';

/** Where what a camera sends goes. */
export interface IntakeOptions {
  readonly window: SegmentWindow;
  /** Where its audio goes; undefined: audio is off, and not asked for. */
  readonly audioWindow?: SegmentWindow | undefined;
  readonly hub: Hub;
  readonly clock: Clock;
  /** 32 bits, for receiver reports (RFC 3550 §8.1). */
  readonly reporterSsrc: number;
  /** How far the camera's clock is ahead of ours; undefined: its sender reports say nothing that can be used. */
  clockError(): ClockError | undefined;
}

/** Whom an intake tells. Both are called from within a packet: the receiver is still on the stack. */
export interface IntakeOwner {
  /** A unit that can be shown arrived. Hot path. `isFirst`: of this connection. */
  onFrame(unit: ArrivedUnit, isFirst: boolean): void;
  /** See {@link UnitFlowOptions.onBreak}. */
  onBreak(isNewFormat: boolean): void;
  /** The stream cannot be shown, or the camera ended it. */
  onRefusal(reason: Refusal): void;
}

/**
 * From packets to units: the receivers of one stream. Knows nothing of connections: a new receiver for each of them, whose
 * units go on in the one {@link UnitFlow}.
 */
export class Intake {
  readonly audio: AudioIntake | undefined;
  private readonly flow: UnitFlow;
  private receiver: VideoReceiver | undefined;

  constructor(
    private readonly options: IntakeOptions,
    private readonly owner: IntakeOwner,
  ) {
    const { window, audioWindow, hub, clock } = options;
    const video = {
      mediaTicksAtWall: (cameraMs: number) => this.mediaTicksAtWall(cameraMs),
      mediaTicksAtArrival: (arrivedMs: number) => this.flow.mediaTicksAfter(arrivedMs - this.flow.newestArrivedMs),
    };
    this.audio = audioWindow && new AudioIntake(audioWindow, video, options.reporterSsrc ^ 1);
    this.flow = new UnitFlow({
      window,
      hub,
      clock,
      follower: this.audio?.packager,
      takenAtMs: (pts90k) => this.takenAtMs(pts90k),
      onFrame: (unit, isFirst) => owner.onFrame(unit, isFirst),
      onBreak: (isNewFormat) => owner.onBreak(isNewFormat),
    });
  }

  get stats(): StreamStats {
    return this.flow.stats;
  }

  /** Between {@link begin} and {@link end}. */
  get isOpen(): boolean {
    return this.receiver !== undefined;
  }

  /** Of this connection. */
  get hasFrames(): boolean {
    return this.flow.hasFrames;
  }

  get counters(): Readonly<ReceiverStats> | undefined {
    return this.receiver?.stats;
  }

  get jitterMs(): number | undefined {
    return this.receiver?.jitterMs;
  }

  get format(): TrackFormat | undefined {
    return this.flow.format;
  }

  /** Unix milliseconds of the camera's own clock at `pts90k`; undefined before its first sender report. */
  wallClockOf(pts90k: number): number | undefined {
    return this.receiver?.wallClockOf(pts90k);
  }

  /** See {@link UnitFlow.prime}. */
  prime(sink: Sink, maxBytes: number): boolean {
    return this.flow.prime(sink, maxBytes);
  }

  begin(track: VideoTrack): void {
    this.receiver = new VideoReceiver({
      codec: track.codec,
      payloadType: track.payloadType,
      clockRate: track.clockRate,
      assembly: this.flow.begin(),
      parameterSets: track.parameterSets,
      reporterSsrc: this.options.reporterSsrc,
      onFormat: (format) => this.flow.useFormat(format),
      onAccessUnit: (info) => this.flow.unit(info),
      onRefusal: (reason) => this.owner.onRefusal(reason),
      onBye: () => this.owner.onRefusal(refusal('peer-failed', 'rtcp-bye', 'the camera ended the stream')),
    });
  }

  beginAudio(track: AudioTrack): void {
    this.audio?.begin(track);
  }

  /** Hot path: one RTP packet `buffer[from..to)`, valid only during the call. */
  rtp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    this.receiver?.receiveRtp(buffer, from, to, arrivedMs);
  }

  rtcp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    this.receiver?.receiveRtcp(buffer, from, to, arrivedMs);
  }

  /** The receiver report that is due (RFC 3550 §6.4.2); each one ends an interval of its loss fraction. */
  receiverReport(nowMs: number): Buffer | undefined {
    return this.receiver?.receiverReport(nowMs);
  }

  /** See {@link UnitFlow.end}. */
  end(): void {
    if (!this.receiver) return;
    this.receiver = undefined;
    this.audio?.end();
    this.flow.end();
  }

  /** See {@link UnitFlow.close}. */
  close(): void {
    this.receiver = undefined;
    this.audio?.end();
    this.flow.close();
  }

  /** See {@link UnitFlow.discard}. */
  discard(): void {
    this.flow.discard();
    this.options.audioWindow?.clear();
  }

  /** See {@link UnitFlow.expire}. */
  expire(): void {
    this.flow.expire();
    this.options.audioWindow?.clear();
  }

  private mediaTicksAtWall(cameraMs: number): number | undefined {
    const newestMs = this.receiver?.wallClockOf(this.flow.newestPts90k);
    return newestMs === undefined ? undefined : this.flow.mediaTicksAfter(cameraMs - newestMs);
  }

  /** By the camera's sender reports, on our clock. */
  private takenAtMs(pts90k: number): number | undefined {
    const errorMs = this.options.clockError()?.errorMs;
    const cameraMs = errorMs === undefined ? undefined : this.receiver?.wallClockOf(pts90k);
    return cameraMs === undefined ? undefined : cameraMs - errorMs!;
  }
}
