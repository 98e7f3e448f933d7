import type { Clock, Logger, Refusal, Result } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import { SegmentWindow, type BlockPool, type WindowRule } from '#libs/hls';
import {
  CaptureClock,
  Demand,
  Hub,
  RecentReaders,
  streamTarget,
  type CaptureTime,
  type ClockError,
  type DemandRule,
  type StreamRates,
} from '#libs/relay';
import type { Credential } from '#libs/rtsp';
import type { StreamRole } from '#libs/wire';
import type { StreamConfig } from './camera-source.ts';
import { Pull } from './pull.ts';
import type { ReadTurns } from './read-turns.ts';
import { MAX_GOP_BYTES, TileSource } from './tiles/tile-source.ts';

/** Nothing is asked for twice within this long by a player that still watches: playlists are fetched every second or two. */
const READER_MS = 10_000;
/** What was received longer ago than this is not served as live. */
const STALE_MS = 3_000;
const SAMPLE_MS = 1_000;
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
  readonly demand: DemandRule;
  readonly readBuffer: Buffer;
  readonly turns: ReadTurns;
  readonly pool: BlockPool;
  readonly windowRule: WindowRule;
  readonly reporterSsrc: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is known of the camera's clock. */
  clockError(): ClockError | undefined;
  onFrame(nowMs: number): void;
  onFailure(reason: Refusal): void;
}

/** One stream of a camera: its pull, its readers, what it keeps for them. */
export class StreamRelay {
  readonly role: StreamRole;
  readonly window: SegmentWindow;
  readonly hub = new Hub();
  readonly tiles: TileSource;
  private readonly captureClock = new CaptureClock();
  private readonly demand: Demand;
  private readonly readers = new RecentReaders(READER_MS);
  private readonly pull: Pull;
  private lastFrameMs = Number.NEGATIVE_INFINITY;
  private lastAskedMs = Number.NEGATIVE_INFINITY;
  private nextSampleMs = 0;
  private currentRates: StreamRates | undefined;

  constructor(private readonly options: StreamRelayOptions) {
    const { config, host, credential, clock } = options;
    this.role = config.role;
    const startS = Math.floor(clock.nowMs() / 1000);
    this.window = new SegmentWindow(startS, options.pool, options.windowRule, startS % DISCONTINUITY_NUMBERS);
    this.demand = new Demand(options.demand);
    this.tiles = new TileSource({
      join: (sink) => {
        this.captureClock.restart();
        this.hub.add(sink, this.pull.prime(sink, MAX_GOP_BYTES));
        this.pull.start(clock.monotonicMs());
        this.pull.hurry();
      },
      leave: (sink) => {
        this.hub.remove(sink);
        this.demand.ask(clock.monotonicMs());
      },
      broken: () => this.captureClock.restart(),
      captureTimeOf: (pts90k, arrivedMs) => this.captureTimeOf(pts90k, arrivedMs),
    });
    this.pull = new Pull({
      ...options,
      target: credential.ok ? streamTarget(config.uri, host) : credential,
      credential: credential.ok ? credential.value : undefined,
      window: this.window,
      hub: this.hub,
      isUnwatched: () => this.isUnwatched,
      onFrame: (nowMs) => {
        this.lastFrameMs = nowMs;
        options.onFrame(nowMs);
      },
    });
  }

  get announcedFramesPerSecond(): number | undefined {
    return this.options.config.framesPerSecond ?? this.pull.format?.framesPerSecond;
  }

  get format(): TrackFormat | undefined {
    return this.pull.format;
  }

  get rates(): StreamRates | undefined {
    return this.currentRates;
  }

  get failure(): Refusal | undefined {
    return this.pull.failure;
  }

  get reconnects(): number {
    return this.pull.reconnects;
  }

  get keyFrameIntervalMs(): number | undefined {
    return this.pull.stats.keyFrameIntervalMs;
  }

  /** Monotonic. */
  get lastKeyFrameMs(): number | undefined {
    return this.pull.stats.lastKeyFrameMs;
  }

  get droppedUnits(): number {
    return this.hub.droppedUnits;
  }

  /** Pictures of this connection that came whole; undefined without one. */
  get unitsReceived(): number | undefined {
    return this.pull.counters?.units;
  }

  /** Video comes over the connection, whether or not it can be shown yet. */
  get packetsCome(): boolean {
    return (this.pull.counters?.packets ?? 0) > 0;
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
    if (this.isUnwatched) this.pull.hurry();
    this.readers.see(reader, nowMs);
    this.lastAskedMs = nowMs;
    this.demand.ask(nowMs);
    this.pull.start(nowMs);
  }

  /** `true` when a new look at the rates was taken. */
  tick(nowMs: number): boolean {
    if (this.demand.isWanted(nowMs, this.hub.size)) this.pull.start(nowMs);
    else if (this.pull.isRunning) this.pull.stop();
    this.pull.tick(nowMs);
    if (nowMs - this.lastFrameMs > STALE_MS && !this.window.isEmpty) this.pull.expire();
    return this.sample(nowMs);
  }

  stop(): void {
    this.pull.stop();
    this.window.clear();
    this.tiles.end();
  }

  private captureTimeOf(pts90k: number, arrivedMs: number): CaptureTime {
    const { clock } = this.options;
    const arrivedWallMs = clock.nowMs() - (clock.monotonicMs() - arrivedMs);
    return this.captureClock.captureTimeOf(this.pull.wallClockOf(pts90k), arrivedWallMs, this.options.clockError());
  }

  private sample(nowMs: number): boolean {
    if (nowMs < this.nextSampleMs) return false;
    this.nextSampleMs = nowMs + SAMPLE_MS;
    const { counters } = this.pull;
    if (counters) this.pull.stats.sample(counters, nowMs);
    this.currentRates = counters ? this.pull.stats.rates() : undefined;
    return true;
  }
}
