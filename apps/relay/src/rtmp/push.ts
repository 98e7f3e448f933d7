import { reasonOf, refusal, type Clock, type Logger, type Refusal } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import { FlvVideo } from '#libs/flv';
import type { SegmentWindow } from '#libs/hls';
import type { Hub, Sink, StreamCounters, StreamStats } from '#libs/relay';
import { isPublishKey } from '#libs/secret';
import type { PushConfig } from '../camera-source.ts';
import type { StreamInput } from '../stream-input.ts';
import { UnitFlow, type ArrivedUnit } from '../unit-flow.ts';
import { AWAY_MS, SILENT_MS, TELL_REFUSAL_MS } from './limits.ts';

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
  onFrame(unit: ArrivedUnit): void;
  /** What comes next has another format, or does not continue what came. */
  onBreak(isNewFormat: boolean): void;
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
  reconnects = 0;
  private state: PushState = STOPPED;
  private readonly flow: UnitFlow;
  private lastFailure: Refusal | undefined;
  private connections = 0;
  /** Until when a refused publisher is told instead of silence. */
  private refusalUntilMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly options: PushOptions) {
    const { window, hub, clock } = options;
    this.flow = new UnitFlow({
      window,
      hub,
      clock,
      onFrame: (unit, isFirst) => this.frame(unit, isFirst),
      onBreak: (isNewFormat) => options.onBreak(isNewFormat),
    });
  }

  get stats(): StreamStats {
    return this.flow.stats;
  }

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
    return this.flow.format;
  }

  /** Audio of publishers is not carried. */
  get audioFormat(): undefined {
    return undefined;
  }

  get transport(): 'rtmp' | undefined {
    return this.flow.hasFrames ? 'rtmp' : undefined;
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
    return this.flow.prime(sink, maxBytes);
  }

  start(nowMs: number): void {
    if (this.state.name === 'stopped') this.state = { name: 'awaiting', sinceMs: nowMs, isTold: false };
  }

  /** A publisher's video is read when it comes. */
  hurry(): void {}

  stop(): void {
    const { state } = this;
    this.state = STOPPED;
    if (state.name === 'publishing') {
      state.publisher.dismiss(refusal('unavailable', 'publisher-dismissed', 'the relay lets go of this camera'));
    }
    this.flow.close();
    this.lastFailure = undefined;
  }

  expire(): void {
    this.flow.expire();
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
    const video = new FlvVideo({
      assembly: this.flow.begin(),
      onFormat: (format) => this.flow.useFormat(format),
      onAccessUnit: (info) => this.flow.unit(info),
      onRefusal: (reason) => this.refuse(publisher, reason),
    });
    this.refusalUntilMs = Number.NEGATIVE_INFINITY;
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
    this.flow.end();
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
    queueMicrotask(() => this.flow.discard());
    this.refuse(
      publisher,
      refusal('unavailable', 'relay-defect', 'the relay could not read this stream; the log says where'),
    );
  }

  private tell(reason: Refusal): void {
    this.lastFailure = reason;
    this.options.onFailure(reason);
  }

  /** Hot path: one call a frame. */
  private frame(unit: ArrivedUnit, isFirst: boolean): void {
    if (isFirst) this.firstFrame();
    this.options.onFrame(unit);
  }

  private firstFrame(): void {
    this.lastFailure = undefined;
    if (this.connections++ > 0) this.reconnects++;
  }
}
