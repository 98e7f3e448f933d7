import { refusal, type Clock, type Refusal } from '#libs/base';
import { Assembly, type AccessUnitInfo, type TrackFormat } from '#libs/codec';
import { Packager, type SegmentWindow } from '#libs/hls';
import { StreamStats, type ClockError, type Hub, type Sink } from '#libs/relay';
import { VideoReceiver, type ReceiverStats } from '#libs/rtp';
import type { AudioTrack, VideoTrack } from '#libs/rtsp';
import { AudioIntake } from './audio-intake.ts';

/** Part under construction plus the unit being received; 200 ms of 8 Mbit/s are 200 kB, a large key frame is 1 MB. */
const ASSEMBLY_BYTES = 64 * 1024;
const MAX_ASSEMBLY_BYTES = 6 * 1024 * 1024;

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
  onFrame(nowMs: number, isFirst: boolean): void;
  /** The stream cannot be shown, or the camera ended it. */
  onRefusal(reason: Refusal): void;
}

/**
 * From packets to readers: receiver, assembly, packager and hub of one stream. Knows nothing of connections. A new receiver
 * for each of them; the assembly and what was packaged live on, so that a stream continues after a break.
 */
export class Intake {
  readonly stats = new StreamStats();
  readonly audio: AudioIntake | undefined;
  private receiver: VideoReceiver | undefined;
  private assembly: Assembly | undefined;
  private packager: Packager | undefined;
  private trackFormat: TrackFormat | undefined;
  private framesCame = false;
  /** The newest unit: where the video stands. */
  private lastPts90k = 0;
  private lastArrivedMs = 0;

  constructor(
    private readonly options: IntakeOptions,
    private readonly owner: IntakeOwner,
  ) {
    if (!options.audioWindow) return;
    const video = {
      mediaTicksAtWall: (cameraMs: number) => this.mediaTicksAtWall(cameraMs),
      mediaTicksAtArrival: (arrivedMs: number) => this.mediaTicksAfter(arrivedMs - this.lastArrivedMs),
    };
    this.audio = new AudioIntake(options.audioWindow, video, options.reporterSsrc ^ 1);
  }

  /** Between {@link begin} and {@link end}. */
  get isOpen(): boolean {
    return this.receiver !== undefined;
  }

  /** Of this connection. */
  get hasFrames(): boolean {
    return this.framesCame;
  }

  get counters(): Readonly<ReceiverStats> | undefined {
    return this.receiver?.stats;
  }

  get jitterMs(): number | undefined {
    return this.receiver?.jitterMs;
  }

  get format(): TrackFormat | undefined {
    return this.trackFormat;
  }

  /** Unix milliseconds of the camera's own clock at `pts90k`; undefined before its first sender report. */
  wallClockOf(pts90k: number): number | undefined {
    return this.receiver?.wallClockOf(pts90k);
  }

  /**
   * Tells a sink that is about to join the format and every unit since the last key unit, as if it had been there.
   * `false` when there are none, or they are more than `maxBytes`: the sink has to wait for a key unit.
   */
  prime(sink: Sink, maxBytes: number): boolean {
    const units = this.receiver && this.trackFormat ? this.packager!.recall(maxBytes) : [];
    if (units.length === 0) return false;
    sink.format(this.trackFormat!);
    return units.every(({ bytes, info }) => sink.unit({ buffer: bytes, from: 0, to: bytes.length, info }));
  }

  begin(track: VideoTrack): void {
    const { window, clock } = this.options;
    const assembly = (this.assembly ??= new Assembly(ASSEMBLY_BYTES, MAX_ASSEMBLY_BYTES));
    this.packager ??= new Packager({
      assembly,
      window,
      clock,
      takenAtMs: (pts90k) => this.takenAtMs(pts90k),
      ...(this.audio && { follower: this.audio.packager }),
    });
    this.stats.restart(clock.monotonicMs());
    this.receiver = new VideoReceiver({
      codec: track.codec,
      payloadType: track.payloadType,
      clockRate: track.clockRate,
      assembly,
      parameterSets: track.parameterSets,
      reporterSsrc: this.options.reporterSsrc,
      onFormat: (format) => this.useFormat(format),
      onAccessUnit: (info) => this.unit(assembly, info),
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

  /** The connection is gone. What follows does not continue what came. */
  end(): void {
    if (!this.receiver) return;
    this.receiver = undefined;
    this.audio?.end();
    this.framesCame = false;
    this.assembly?.dropUnit();
    this.packager?.breakTimeline();
    this.options.hub.publishGap();
  }

  /** Gives the memory back. What was packaged stays in the window. */
  close(): void {
    this.packager?.finish();
    this.end();
    this.assembly = undefined;
    this.packager = undefined;
  }

  /** After a defect nothing that is half done can be trusted. */
  discard(): void {
    this.assembly = undefined;
    this.packager = undefined;
    this.clearWindows();
  }

  /** What was received is old by now: it is not listed any more, and what follows does not continue it. */
  expire(): void {
    this.packager?.breakTimeline();
    this.clearWindows();
  }

  private clearWindows(): void {
    this.options.window.clear();
    this.options.audioWindow?.clear();
  }

  private mediaTicksAtWall(cameraMs: number): number | undefined {
    const lastMs = this.receiver?.wallClockOf(this.lastPts90k);
    return lastMs === undefined ? undefined : this.mediaTicksAfter(cameraMs - lastMs);
  }

  /** So long after the newest picture, or before it. */
  private mediaTicksAfter(ms: number): number | undefined {
    return this.framesCame ? this.packager?.mediaTicksOf(this.lastPts90k + ms * 90) : undefined;
  }

  /** By the camera's sender reports, on our clock. */
  private takenAtMs(pts90k: number): number | undefined {
    const errorMs = this.options.clockError()?.errorMs;
    const cameraMs = errorMs === undefined ? undefined : this.receiver?.wallClockOf(pts90k);
    return cameraMs === undefined ? undefined : cameraMs - errorMs!;
  }

  private useFormat(format: TrackFormat): void {
    this.trackFormat = format;
    this.packager!.useFormat(format);
    this.options.hub.publishFormat(format);
  }

  /** Hot path: one call a frame. */
  private unit(assembly: Assembly, info: AccessUnitInfo & { readonly bytes: number }): void {
    const { hub } = this.options;
    const isFirst = !this.framesCame;
    this.framesCame = true;
    if (info.isKey) this.stats.keyFrame(info.arrivedMs, info.pts90k);
    if (hub.size > 0) {
      hub.publishUnit({ buffer: assembly.buffer, from: assembly.unitStart - info.bytes, to: assembly.unitStart, info });
    }
    this.packager!.addUnit(info);
    this.lastPts90k = info.pts90k;
    this.lastArrivedMs = info.arrivedMs;
    this.owner.onFrame(info.arrivedMs, isFirst);
  }
}
