import type { Clock, Logger, Refusal, Result } from '#libs/base';
import type { AudioFormat, TrackFormat } from '#libs/codec';
import { SegmentWindow, type BlockPool, type TargetDuration, type WindowRule } from '#libs/hls';
import {
  CaptureClock,
  Demand,
  Hub,
  RecentReaders,
  streamTarget,
  type CaptureTime,
  type ClockError,
  type DemandRule,
  type Sink,
  type StreamRates,
} from '#libs/relay';
import type { Credential } from '#libs/rtsp';
import type { RtspTransport, StreamRole } from '#libs/wire';
import type { PushConfig, StreamConfig } from './camera-source.ts';
import { Probe } from './probe.ts';
import { Pull } from './pull.ts';
import type { ReadTurns } from './read-turns.ts';
import { Push } from './rtmp/push.ts';
import { KeyFrameHolder, type KeyFrame } from './snapshot/key-frame-holder.ts';
import type { PacketTransport, StreamInput } from './stream-input.ts';
import { MAX_GOP_BYTES, TileSource } from './tiles/tile-source.ts';
import type { ArrivedUnit } from './unit-flow.ts';

/** Nothing is asked for twice within this long by a player that still watches: playlists are fetched every second or two. */
const READER_MS = 10_000;
/** What was received longer ago than this is not served as live. */
const STALE_MS = 3_000;
const SAMPLE_MS = 1_000;
/** Of a stream that rests: a key picture of a sub stream has 20 to 60 kB. */
const MAX_LAST_PICTURE_BYTES = 192 * 1024;
/**
 * Breaks are counted from the second of the start modulo this. Segments are numbered from the second itself and never go back, but
 * players keep a table by the number of breaks and walk it from 0 (hls.js 1.7): a small one, that still differs
 * from the one before a restart.
 */
const DISCONTINUITY_NUMBERS = 4_096;

export interface StreamRelayOptions {
  readonly config: StreamConfig;
  readonly host: string;
  readonly credential: Result<Credential | undefined>;
  /** The camera sends this stream by itself. */
  readonly push?: PushConfig | undefined;
  readonly transport: RtspTransport;
  /** An authorised person enabled this camera's audio. */
  readonly withAudio: boolean;
  readonly demand: DemandRule;
  readonly readBuffer: Buffer;
  readonly turns: ReadTurns;
  readonly pool: BlockPool;
  readonly windowRule: WindowRule;
  /** Of all playlists of the camera. */
  readonly target: TargetDuration;
  readonly reporterSsrc: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is known of the camera's clock. */
  clockError(): ClockError | undefined;
  mayRedirectTo(host: string): boolean;
  onFrame(unit: ArrivedUnit): void;
  /** What comes next has another format, or does not continue what came. */
  onBreak(isNewFormat: boolean): void;
  onFailure(reason: Refusal): void;
}

/** One stream of a camera: its input, its readers, what it keeps for them. */
export class StreamRelay {
  readonly role: StreamRole;
  readonly window: SegmentWindow;
  /** Of its audio; undefined where that is off. */
  readonly audioWindow: SegmentWindow | undefined;
  readonly hub = new Hub();
  readonly tiles: TileSource;
  private readonly captureClock = new CaptureClock();
  private readonly demand: Demand;
  private readonly readers = new RecentReaders(READER_MS);
  private readonly input: StreamInput;
  private lastFrameMs = Number.NEGATIVE_INFINITY;
  private lastAskedMs = Number.NEGATIVE_INFINITY;
  private nextSampleMs = 0;
  private lastPicture: KeyFrame | undefined;
  private currentRates: StreamRates | undefined;

  constructor(private readonly options: StreamRelayOptions) {
    const { config, clock } = options;
    this.role = config.role;
    const startS = Math.floor(clock.nowMs() / 1000);
    const { pool, windowRule, target } = options;
    const newWindow = (): SegmentWindow =>
      new SegmentWindow(startS, pool, clock, windowRule, startS % DISCONTINUITY_NUMBERS, target);
    this.window = newWindow();
    this.audioWindow = options.withAudio ? newWindow() : undefined;
    this.demand = new Demand(options.demand);
    this.tiles = new TileSource({
      join: (sink) => {
        this.captureClock.restart();
        this.attach(sink);
      },
      leave: (sink) => this.detach(sink),
      broken: () => this.captureClock.restart(),
      captureTimeOf: (pts90k, arrivedMs) => this.captureTimeOf(pts90k, arrivedMs),
    });
    this.input = this.createInput();
  }

  private createInput(): StreamInput {
    const { options, window, hub } = this;
    const { config, host, credential, push } = options;
    const onFrame = (unit: ArrivedUnit): void => {
      this.lastFrameMs = unit.arrivedMs;
      options.onFrame(unit);
    };
    if (push) return new Push({ ...options, config: push, window, hub, onFrame });
    return new Pull({
      ...options,
      target: credential.ok ? streamTarget(config.uri, host) : credential,
      credential: credential.ok ? credential.value : undefined,
      window,
      audioWindow: this.audioWindow,
      hub,
      isUnwatched: () => this.isUnwatched,
      onFrame,
    });
  }

  /** Where a publisher of this stream is let in; undefined for a stream that is pulled. */
  get push(): Push | undefined {
    return this.input instanceof Push ? this.input : undefined;
  }

  get announcedFramesPerSecond(): number | undefined {
    return this.options.config.framesPerSecond ?? this.input.format?.framesPerSecond;
  }

  get format(): TrackFormat | undefined {
    return this.input.format;
  }

  get audioFormat(): AudioFormat | undefined {
    return this.input.audioFormat;
  }

  get rates(): StreamRates | undefined {
    return this.currentRates;
  }

  get failure(): Refusal | undefined {
    return this.input.failure;
  }

  get reconnects(): number {
    return this.input.reconnects;
  }

  /** How packets come; undefined while none do. */
  get packetTransport(): PacketTransport | undefined {
    return this.input.transport;
  }

  get lostPackets(): number | undefined {
    return this.input.counters?.lostPackets;
  }

  get keyFrameIntervalMs(): number | undefined {
    return this.input.stats.keyFrameIntervalMs;
  }

  /** Monotonic. */
  get lastKeyFrameMs(): number | undefined {
    return this.input.stats.lastKeyFrameMs;
  }

  get droppedUnits(): number {
    return this.hub.droppedUnits;
  }

  /** Pictures of this connection that came whole; undefined without one. */
  get unitsReceived(): number | undefined {
    return this.input.counters?.units;
  }

  /** Video comes over the connection, whether or not it can be shown yet. */
  get packetsCome(): boolean {
    return (this.input.counters?.packets ?? 0) > 0;
  }

  /** Interarrival jitter of what comes now; undefined while it is read in turns, which is all that would be measured. */
  get jitterMs(): number | undefined {
    return this.isUnwatched && this.input.transport === 'tcp' ? undefined : this.input.jitterMs;
  }

  /**
   * How long the last key frame was under way from its capture to here, by the camera's clock less its measured error: as good
   * as that measurement, so that it may be a little below zero, and up to a quarter of a second long of a stream that is read in
   * turns. Undefined where the camera's clock is not known.
   */
  get delayMs(): number | undefined {
    const { lastKeyPts90k, lastKeyFrameMs } = this.input.stats;
    const errorMs = this.options.clockError()?.errorMs;
    const cameraMs = lastKeyPts90k === undefined ? undefined : this.input.wallClockOf(lastKeyPts90k);
    if (cameraMs === undefined || errorMs === undefined) return undefined;
    const { clock } = this.options;
    return clock.nowMs() - (clock.monotonicMs() - lastKeyFrameMs!) - (cameraMs - errorMs);
  }

  /** Video is fetched or waited for, or is tried to be. */
  get isPulled(): boolean {
    return this.input.isRunning;
  }

  /** Pulled always or on demand, from now on. */
  useDemand(rule: DemandRule): void {
    this.demand.use(rule);
  }

  /** Asks the camera once whether it would give this stream. Undefined: that is known without asking it. */
  probe(onEnd: (why: Refusal | undefined) => void): Probe | undefined {
    const { config, host, credential, readBuffer, clock } = this.options;
    const target = credential.ok ? streamTarget(config.uri, host) : credential;
    if (!target.ok) {
      onEnd(target.refusal);
      return undefined;
    }
    const login = credential.ok ? credential.value : undefined;
    return new Probe({ target: target.value, credential: login, readBuffer, clock, onEnd });
  }

  /** Nobody has looked for a while, by the last frame; one that has sent none yet is waited for. */
  private get isUnwatched(): boolean {
    return this.hub.size === 0 && this.lastFrameMs - this.lastAskedMs > READER_MS;
  }

  readerCount(nowMs: number): number {
    const sinks = this.tiles.size > 0 ? this.hub.size - 1 : this.hub.size;
    return this.readers.count(nowMs) + sinks + this.tiles.size;
  }

  /** Somebody watches: starts the pull when it is not running. */
  ask(reader: string, nowMs: number): void {
    if (this.isUnwatched) this.input.hurry();
    this.readers.see(reader, nowMs);
    this.lastAskedMs = nowMs;
    this.demand.ask(nowMs);
    this.input.start(nowMs);
  }

  /** A reader joins the hub, told first what there is since the last key unit. `false`: there are too many. */
  attach(sink: Sink): boolean {
    const isIn = this.hub.add(sink, this.input.prime(sink, MAX_GOP_BYTES));
    if (!isIn) return false;
    this.input.start(this.options.clock.monotonicMs());
    this.input.hurry();
    return true;
  }

  detach(sink: Sink): void {
    this.hub.remove(sink);
    this.demand.ask(this.options.clock.monotonicMs());
  }

  /** `true` when a new look at the rates was taken. */
  tick(nowMs: number): boolean {
    if (this.demand.isWanted(nowMs, this.hub.size)) this.input.start(nowMs);
    else if (this.input.isRunning) this.rest();
    this.input.tick(nowMs);
    if (nowMs - this.lastFrameMs > STALE_MS && !this.window.isEmpty) this.input.expire();
    this.window.tidy();
    this.audioWindow?.tidy();
    return this.sample(nowMs);
  }

  stop(): void {
    this.input.stop();
    this.window.discard();
    this.audioWindow?.discard();
    this.tiles.end();
  }

  /** See {@link SnapshotStream.peek}. */
  peek(): KeyFrame | undefined {
    return (this.input.isRunning ? this.newestPicture(MAX_GOP_BYTES) : undefined) ?? this.lastPicture;
  }

  /** Nobody wants it any more. How it looked is kept for overviews. */
  private rest(): void {
    this.lastPicture = this.newestPicture(MAX_LAST_PICTURE_BYTES) ?? this.lastPicture;
    this.input.stop();
  }

  private newestPicture(maxBytes: number): KeyFrame | undefined {
    const budget = { usedBytes: 0, maxBytes };
    const holder = new KeyFrameHolder(budget, (pts90k, arrivedMs) => this.captureTimeOf(pts90k, arrivedMs));
    this.input.prime(holder, MAX_GOP_BYTES);
    return holder.frame;
  }

  /** When a picture was taken, by the camera's clock where that can be. */
  captureTimeOf(pts90k: number, arrivedMs: number): CaptureTime {
    const { clock } = this.options;
    const arrivedWallMs = clock.nowMs() - (clock.monotonicMs() - arrivedMs);
    return this.captureClock.captureTimeOf(this.input.wallClockOf(pts90k), arrivedWallMs, this.options.clockError());
  }

  private sample(nowMs: number): boolean {
    if (nowMs < this.nextSampleMs) return false;
    this.nextSampleMs = nowMs + SAMPLE_MS;
    const { counters } = this.input;
    if (counters) this.input.stats.sample(counters, nowMs);
    this.currentRates = counters ? this.input.stats.rates() : undefined;
    return true;
  }
}
