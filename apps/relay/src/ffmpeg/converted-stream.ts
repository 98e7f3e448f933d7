import { refusal, type Clock, type Logger, type Refusal } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import { SegmentWindow, type BlockPool, type TargetDuration, type WindowRule } from '#libs/hls';
import { Demand, Hub, RecentReaders, type CaptureTime, type Sink } from '#libs/relay';
import type { StreamRole } from '#libs/wire';
import { TileSource } from '../tiles/tile-source.ts';
import { UnitFlow } from '../unit-flow.ts';
import { Conversion } from './conversion.ts';
import type { FfmpegPool } from './ffmpeg-pool.ts';
import { CONVERSION_LIMITS } from './orders.ts';

/** A conversion costs most of a core: it ends soon after the last reader, but not between two requests of a player. */
const LINGER_MS = 10_000;
const READER_MS = 10_000;
/** What came out longer ago than this is not served as live. */
const STALE_MS = 4_000;

/** What is needed of the stream that is converted. */
export interface ConvertibleStream {
  readonly role: StreamRole;
  readonly failure: Refusal | undefined;
  /** Joins the hub, told first what there is since the last key unit. `false`: there are too many readers. */
  attach(sink: Sink): boolean;
  detach(sink: Sink): void;
  captureTimeOf(pts90k: number, arrivedMs: number): CaptureTime;
}

export interface ConvertedStreamOptions {
  readonly source: ConvertibleStream;
  readonly ffmpeg: FfmpegPool;
  readonly pool: BlockPool;
  readonly windowRule: WindowRule;
  /** Of all playlists of the camera. */
  readonly target: TargetDuration;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * A stream as H.264 for browsers that do not play its codec: everything that a stream is for its readers (tiles, HLS),
 * behind a hub of its own. Converted from the first reader until a while after the last.
 */
export class ConvertedStream {
  readonly window: SegmentWindow;
  readonly hub = new Hub();
  readonly tiles: TileSource;
  private readonly flow: UnitFlow;
  private readonly conversion: Conversion;
  private readonly demand = new Demand({ name: 'on-demand', lingerMs: LINGER_MS });
  private readonly readers = new RecentReaders(READER_MS);
  private isAttached = false;
  private lastUnitMs = Number.NEGATIVE_INFINITY;
  private refusedByHub: Refusal | undefined;

  constructor(private readonly options: ConvertedStreamOptions) {
    const { source, clock, ffmpeg, log } = options;
    const startS = Math.floor(clock.nowMs() / 1000);
    const { pool, windowRule, target } = options;
    this.window = new SegmentWindow(startS, pool, clock, windowRule, startS % DISCONTINUITY_NUMBERS, target);
    this.flow = new UnitFlow({
      window: this.window,
      hub: this.hub,
      clock,
      takenAtMs: (pts90k) => this.takenAtMs(pts90k),
      // When it came out, not when the picture that it was made of came in.
      onFrame: () => (this.lastUnitMs = clock.monotonicMs()),
    });
    this.conversion = new Conversion({
      pool: ffmpeg,
      limits: CONVERSION_LIMITS[source.role],
      clock,
      log,
      onBegin: () => this.flow.begin(),
      onFormat: (format) => this.flow.useFormat(format),
      onUnit: (info) => this.flow.unit(info),
      onBreak: () => this.flow.end(),
    });
    this.tiles = new TileSource({
      join: (sink) => {
        this.hub.add(sink, this.flow.prime(sink, MAX_RECALL_BYTES));
        this.attach();
      },
      leave: (sink) => {
        this.hub.remove(sink);
        this.demand.ask(clock.monotonicMs());
      },
      broken: () => {},
      captureTimeOf: (pts90k, arrivedMs) => source.captureTimeOf(pts90k, arrivedMs),
    });
  }

  /** Of what is in the window. */
  get format(): TrackFormat | undefined {
    return this.flow.format;
  }

  /** Why it cannot be had just now: there is no room for it, or the stream itself cannot be fetched. */
  get failure(): Refusal | undefined {
    return this.refusedByHub ?? this.conversion.failure ?? this.options.source.failure;
  }

  readerCount(nowMs: number): number {
    return this.readers.count(nowMs) + this.tiles.size;
  }

  ask(reader: string, nowMs: number): void {
    this.readers.see(reader, nowMs);
    this.demand.ask(nowMs);
    this.attach();
  }

  tick(nowMs: number): void {
    if (this.demand.isWanted(nowMs, this.hub.size)) this.attach();
    else this.detach();
    this.conversion.tick(nowMs);
    if (nowMs - this.lastUnitMs > STALE_MS && !this.window.isEmpty) this.flow.expire();
    this.window.tidy();
  }

  /** The stream is taken away from this relay. */
  stop(): void {
    this.detach();
    this.window.discard();
    this.tiles.end();
  }

  private attach(): void {
    if (this.isAttached) return;
    this.isAttached = this.options.source.attach(this.conversion);
    this.refusedByHub = this.isAttached ? undefined : TOO_MANY;
  }

  private detach(): void {
    if (!this.isAttached) return;
    this.isAttached = false;
    this.options.source.detach(this.conversion);
    this.conversion.stop();
    this.flow.close();
    this.window.clear();
  }

  /** As the source's own playlist says it. */
  private takenAtMs(pts90k: number): number | undefined {
    const captured = this.options.source.captureTimeOf(pts90k, this.options.clock.monotonicMs());
    return captured.isArrival ? undefined : captured.atMs;
  }
}

/** As in `stream-relay.ts`: players keep a table by the number of breaks. */
const DISCONTINUITY_NUMBERS = 4_096;
/** One second of the largest rate, several times over. */
const MAX_RECALL_BYTES = 2 * 1024 * 1024;
const TOO_MANY = refusal('too-many', 'too-many-tiles', 'the stream has as many readers as it may have');
