import { reasonOf, refusal, type Clock, type Logger, type Refusal } from '#libs/base';
import { Assembly, type AccessUnitInfo, type TrackFormat } from '#libs/codec';
import { FlvVideo } from '#libs/flv';
import { Packager, type SegmentWindow } from '#libs/hls';
import { StreamStats, type Hub, type Sink, type StreamCounters } from '#libs/relay';
import { isPublishKey } from '#libs/secret';
import type { PushConfig } from '../camera-source.ts';
import type { StreamInput } from '../stream-input.ts';
import { AWAY_MS, SILENT_MS, TELL_REFUSAL_MS } from './limits.ts';

/** Part under construction plus the unit being received, as for a stream that is pulled. */
const ASSEMBLY_BYTES = 64 * 1024;
const MAX_ASSEMBLY_BYTES = 6 * 1024 * 1024;

/** A connection that was admitted. */
export interface Publisher {
  /** Ends it. It hears nothing of {@link Push} afterwards and tells it nothing. */
  dismiss(reason: Refusal): void;
}

export interface PushOptions {
  readonly config: PushConfig;
  readonly window: SegmentWindow;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly log: Logger;
  /** A unit that can be shown arrived. Hot path. */
  onFrame(nowMs: number): void;
  onFailure(reason: Refusal): void;
}

/** Times are monotonic. What ends each state is said behind it; any ends with the camera. */
type PushState =
  /** `start` */
  | { readonly name: 'stopped' }
  /** A publisher; or nobody for {@link AWAY_MS}, which is then told once. */
  | { readonly name: 'awaiting'; readonly sinceMs: number; readonly isTold: boolean }
  /** The publisher's leaving or silence; a refusal of what it sends; a newer publisher after {@link SILENT_MS}. */
  | { readonly name: 'publishing'; readonly publisher: Publisher; readonly video: FlvVideo; pictureMs: number };

const STOPPED: PushState = { name: 'stopped' };
const NOT_PUBLISHING = refusal('unavailable', 'not-publishing', 'the device is not sending video');

/**
 * The stream of a camera that sends by itself (a body camera, a phone, a drone). Decides who may publish it, and makes
 * access units of what comes. At most one publishes: another one with the same key is refused while pictures of the first
 * come, and takes its place once it was silent for {@link SILENT_MS}.
 */
export class Push implements StreamInput {
  readonly stats = new StreamStats();
  reconnects = 0;
  private state: PushState = STOPPED;
  private assembly: Assembly | undefined;
  private packager: Packager | undefined;
  private trackFormat: TrackFormat | undefined;
  private lastFailure: Refusal | undefined;
  private connections = 0;
  private hasFrames = false;
  /** Until when a refused publisher is told instead of silence. */
  private refusalUntilMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: PushOptions) {}

  get streamName(): string {
    return this.options.config.streamName;
  }

  get isRunning(): boolean {
    return this.state.name !== 'stopped';
  }

  /** Somebody publishes here. */
  get isReceiving(): boolean {
    return this.state.name === 'publishing';
  }

  get failure(): Refusal | undefined {
    return this.lastFailure;
  }

  get counters(): Readonly<StreamCounters> | undefined {
    return this.state.name === 'publishing' ? this.state.video.stats : undefined;
  }

  get format(): TrackFormat | undefined {
    return this.trackFormat;
  }

  /** Audio of publishers is not carried. */
  get audioFormat(): undefined {
    return undefined;
  }

  get transport(): 'rtmp' | undefined {
    return this.hasFrames ? 'rtmp' : undefined;
  }

  /** TCP hides when a picture left the device. */
  get jitterMs(): undefined {
    return undefined;
  }

  /** RTMP timestamps count from any moment: nothing says when a picture was taken. */
  wallClockOf(): undefined {
    return undefined;
  }

  prime(sink: Sink, maxBytes: number): boolean {
    const units = this.isReceiving && this.trackFormat && this.packager ? this.packager.recall(maxBytes) : [];
    if (units.length === 0) return false;
    sink.format(this.trackFormat!);
    return units.every(({ bytes, info }) => sink.unit({ buffer: bytes, from: 0, to: bytes.length, info }));
  }

  start(nowMs: number): void {
    if (this.state.name === 'stopped') this.state = { name: 'awaiting', sinceMs: nowMs, isTold: false };
  }

  stop(): void {
    const { state } = this;
    this.state = STOPPED;
    if (state.name === 'publishing') {
      state.publisher.dismiss(refusal('unavailable', 'publisher-dismissed', 'the relay lets go of this camera'));
    }
    this.packager?.finish();
    this.assembly = undefined;
    this.packager = undefined;
    this.lastFailure = undefined;
  }

  expire(): void {
    this.packager?.breakTimeline();
    this.options.window.clear();
  }

  tick(nowMs: number): void {
    const { state } = this;
    if (state.name !== 'awaiting' || nowMs < this.refusalUntilMs) return;
    if (state.isTold || nowMs - state.sinceMs < AWAY_MS) return;
    this.state = { ...state, isTold: true };
    this.tell(NOT_PUBLISHING);
  }

  /** Refusals: `publish-key-revoked`, `publish-key-wrong`, `publisher-busy`. They say nothing of the key. */
  admit(key: string, nowMs: number): Refusal | undefined {
    const { keyHash } = this.options.config;
    if (!keyHash)
      return this.refused(refusal('forbidden', 'publish-key-revoked', 'its publish key was revoked'), nowMs);
    if (!isPublishKey(key, keyHash)) {
      return this.refused(refusal('forbidden', 'publish-key-wrong', 'a device came with a wrong publish key'), nowMs);
    }
    const { state } = this;
    if (state.name === 'stopped') return refusal('unavailable', 'stream-unavailable', 'the camera is being let go');
    if (state.name !== 'publishing' || nowMs - state.pictureMs >= SILENT_MS) return undefined;
    return refusal('conflict', 'publisher-busy', 'another connection publishes with this key');
  }

  /** The publisher that {@link admit} let in. */
  begin(publisher: Publisher, nowMs: number): void {
    const { state } = this;
    if (state.name === 'publishing') {
      this.forget(nowMs);
      state.publisher.dismiss(refusal('conflict', 'publisher-replaced', 'it was silent, and a newer connection came'));
    }
    const assembly = (this.assembly ??= new Assembly(ASSEMBLY_BYTES, MAX_ASSEMBLY_BYTES));
    this.packager ??= new Packager({ assembly, window: this.options.window, clock: this.options.clock });
    const video = new FlvVideo({
      assembly,
      onFormat: (format) => this.useFormat(format),
      onAccessUnit: (info) => this.unit(assembly, info),
      onRefusal: (reason) => this.refuse(publisher, reason),
    });
    this.refusalUntilMs = Number.NEGATIVE_INFINITY;
    this.stats.restart(nowMs);
    this.state = { name: 'publishing', publisher, video, pictureMs: nowMs };
  }

  /** Hot path: one call a picture. */
  video(publisher: Publisher, body: Buffer, timestampMs: number, nowMs: number): void {
    const { state } = this;
    if (state.name !== 'publishing' || state.publisher !== publisher) return;
    state.pictureMs = nowMs;
    try {
      state.video.tag(body, timestampMs, nowMs);
    } catch (error) {
      this.brokeDown(publisher, error);
    }
  }

  /** @param isFarewell it said that it has finished: nobody waits whether it comes back */
  ended(publisher: Publisher, isFarewell: boolean, nowMs: number): void {
    if (this.state.name !== 'publishing' || this.state.publisher !== publisher) return;
    this.forget(nowMs);
    if (!isFarewell) return;
    this.state = { name: 'awaiting', sinceMs: nowMs, isTold: true };
    this.tell(NOT_PUBLISHING);
  }

  private forget(nowMs: number): void {
    this.state = { name: 'awaiting', sinceMs: nowMs, isTold: false };
    this.hasFrames = false;
    this.assembly?.dropUnit();
    this.packager?.breakTimeline();
    this.options.hub.publishGap();
  }

  /** A device that is refused is told on its camera for a while: whoever sets it up looks there. */
  private refused(reason: Refusal, nowMs: number): Refusal {
    if (this.state.name !== 'awaiting') return reason;
    this.refusalUntilMs = nowMs + TELL_REFUSAL_MS;
    this.state = { ...this.state, isTold: false };
    this.tell(reason);
    return reason;
  }

  /** Not from within the receiver's callbacks: it is still on the stack there. */
  private refuse(publisher: Publisher, reason: Refusal): void {
    queueMicrotask(() => {
      if (this.state.name !== 'publishing' || this.state.publisher !== publisher) return;
      const nowMs = this.options.clock.monotonicMs();
      this.forget(nowMs);
      this.refused(reason, nowMs);
      publisher.dismiss(reason);
    });
  }

  /** A defect of ours that one publisher's bytes brought to light costs it its connection, not every camera. */
  private brokeDown(publisher: Publisher, error: unknown): void {
    const where = error instanceof Error ? error.stack : undefined;
    this.options.log.error({ reason: reasonOf(error), where }, 'defect while reading a publisher');
    this.refuse(
      publisher,
      refusal('unavailable', 'relay-defect', 'the relay could not read this stream; the log says where'),
    );
  }

  private tell(reason: Refusal): void {
    this.lastFailure = reason;
    this.options.onFailure(reason);
  }

  private useFormat(format: TrackFormat): void {
    this.trackFormat = format;
    this.packager!.useFormat(format);
    this.options.hub.publishFormat(format);
  }

  /** Hot path: one call a frame. */
  private unit(assembly: Assembly, info: AccessUnitInfo & { readonly bytes: number }): void {
    const { hub } = this.options;
    if (!this.hasFrames) this.firstFrame();
    if (info.isKey) this.stats.keyFrame(info.arrivedMs, info.pts90k);
    if (hub.size > 0) {
      hub.publishUnit({ buffer: assembly.buffer, from: assembly.unitStart - info.bytes, to: assembly.unitStart, info });
    }
    this.packager!.addUnit(info);
    this.options.onFrame(info.arrivedMs);
  }

  private firstFrame(): void {
    this.hasFrames = true;
    this.lastFailure = undefined;
    if (this.connections++ > 0) this.reconnects++;
  }
}
