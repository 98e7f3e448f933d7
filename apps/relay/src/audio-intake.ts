import type { AudioFormat } from '#libs/codec';
import { AudioPackager, type SegmentWindow } from '#libs/hls';
import { AudioReceiver } from '#libs/rtp';
import type { AudioTrack } from '#libs/rtsp';

/** Where on the video's timeline a moment lies; undefined while there is no video. */
export interface VideoTimes {
  /** By the camera's own clock: both tracks' sender reports speak of it. */
  mediaTicksAtWall(cameraMs: number): number | undefined;
  mediaTicksAtArrival(arrivedMs: number): number | undefined;
}

/**
 * From packets to readers, for the audio of a stream. Exists only for a camera whose audio an authorised person enabled: for
 * all others nothing of it is asked for, received or kept.
 */
export class AudioIntake {
  readonly packager: AudioPackager;
  private receiver: AudioReceiver | undefined;
  private currentFormat: AudioFormat | undefined;

  constructor(
    readonly window: SegmentWindow,
    private readonly video: VideoTimes,
    private readonly reporterSsrc: number,
  ) {
    this.packager = new AudioPackager(window);
  }

  /** Of the track that comes; undefined while none does. */
  get format(): AudioFormat | undefined {
    return this.currentFormat;
  }

  begin(track: AudioTrack): void {
    this.currentFormat = track.format;
    this.packager.useFormat(track.format);
    this.receiver = new AudioReceiver({
      format: track.format,
      payloadType: track.payloadType,
      clockRate: track.clockRate,
      reporterSsrc: this.reporterSsrc,
      onUnit: (buffer, from, to, pts90k, arrivedMs) => this.unit(buffer, from, to, pts90k, arrivedMs),
    });
  }

  rtp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    this.receiver?.receiveRtp(buffer, from, to, arrivedMs);
  }

  rtcp(buffer: Buffer, from: number, to: number, arrivedMs: number): void {
    this.receiver?.receiveRtcp(buffer, from, to, arrivedMs);
  }

  receiverReport(nowMs: number): Buffer | undefined {
    return this.receiver?.receiverReport(nowMs);
  }

  /** The connection is gone; the video's packager says the break. */
  end(): void {
    this.receiver = undefined;
    this.currentFormat = undefined;
  }

  private unit(buffer: Buffer, from: number, to: number, pts90k: number, arrivedMs: number): void {
    const cameraMs = this.receiver?.wallClockOf(pts90k);
    const exact = cameraMs === undefined ? undefined : this.video.mediaTicksAtWall(cameraMs);
    const mediaTicks = exact ?? this.video.mediaTicksAtArrival(arrivedMs);
    if (mediaTicks === undefined) return;
    this.packager.addUnit({ buffer, from, to, pts90k, mediaTicks, isExact: exact !== undefined });
  }
}
