import type { Refusal } from '#libs/base';
import type { CameraState } from '#libs/relay';
import type { VideoTicket } from '#libs/secret';
import { TileFeed, type TileFeedLimits, type TileNotice } from '#libs/tiles';
import type { StreamRole } from '#libs/wire';
import type { TileFragment, TileReader, TileSource } from './tile-source.ts';

/** What is needed of a stream to show it in tiles. */
export interface TileStream {
  readonly tiles: TileSource;
  /** Why it cannot be fetched just now. */
  readonly failure: Refusal | undefined;
}

export interface TileCamera {
  readonly state: CameraState;
  stream(role: StreamRole, as?: 'h264'): TileStream | undefined;
  /** The stream that {@link TileCamera.state} speaks of. */
  isWatched(stream: TileStream): boolean;
}

/** How a fragment stands to those before and behind it on its tile. */
export interface FragmentPlace {
  readonly sequence: number;
  readonly isDiscontinuity: boolean;
  /** Others of the run that the tile starts with follow at once. */
  readonly hasMore: boolean;
}

/** Where a tile's frames go. */
export interface TileOutput {
  /** Bytes that the page has not taken yet; `Infinity` when it takes nothing at the moment. */
  readonly heldBytes: number;
  camera(id: string): TileCamera | undefined;
  init(tile: number, payload: Uint8Array): void;
  fragment(tile: number, fragment: TileFragment, place: FragmentPlace): void;
  notice(tile: number, notice: TileNotice): void;
  skipped(): void;
}

/**
 * Per socket. Up to 1 MiB waits: two seconds of sixteen sub streams, or one large key frame; a page that is further
 * behind shows the past, and shows the present sooner by dropping to the next key frame.
 */
export const FEED_LIMITS: TileFeedLimits = { highWaterBytes: 1024 * 1024, lowWaterBytes: 128 * 1024 };
/** What arrived longer ago is not sent as the beginning of something live. */
const STALE_MS = 3_000;

/** One reading of one stream on behalf of one tile. */
class Reading implements TileReader {
  constructor(
    private readonly tile: Tile,
    readonly stream: TileStream,
    readonly camera: TileCamera,
  ) {}

  fragment(fragment: TileFragment): void {
    this.tile.take(this, fragment);
  }

  broken(): void {
    this.tile.broken(this);
  }

  ended(): void {
    this.tile.lost(this);
  }
}

/** One tile of one page: which stream it shows, from when until when. */
export class Tile {
  private readonly feed = new TileFeed(FEED_LIMITS);
  /** Shown now. */
  private current: Reading | undefined;
  /** Takes the place of `current` with its first key frame. */
  private coming: Reading | undefined;
  private sentInit: Uint8Array | undefined;
  private lastNotice: string | undefined;

  constructor(
    readonly number: number,
    private grant: VideoTicket,
    private readonly output: TileOutput,
  ) {}

  get ticket(): VideoTicket {
    return this.grant;
  }

  /** Waits for pictures that it could begin with. */
  get isWaiting(): boolean {
    return this.feed.state === 'waiting' || this.coming !== undefined;
  }

  get isReading(): boolean {
    return this.current !== undefined;
  }

  get isPaused(): boolean {
    return this.feed.state === 'paused';
  }

  /** Begins to read what its ticket is for. A code when it cannot: there is no such stream, or no room. */
  open(): string | undefined {
    const camera = this.output.camera(this.grant.cameraId);
    const stream = camera?.stream(this.grant.stream, this.grant.as);
    if (!camera || !stream) return 'stream-unknown';
    if (this.coming && this.coming.stream !== stream) this.stopComing();
    if (this.current?.stream === stream || this.coming) return undefined;
    const reading = new Reading(this, stream, camera);
    if (!stream.tiles.add(reading)) return 'too-many-tiles';
    if (this.current && this.feed.state === 'flowing') this.coming = reading;
    else this.replace(reading);
    return undefined;
  }

  /** Another stream of the same camera: the old one goes on until the new one can be shown. */
  change(ticket: VideoTicket): string | undefined {
    this.grant = ticket;
    return this.isPaused ? undefined : this.open();
  }

  renew(ticket: VideoTicket): void {
    this.grant = ticket;
  }

  pause(): void {
    this.feed.pause();
    this.letGo();
  }

  resume(): string | undefined {
    if (this.feed.state !== 'paused') return undefined;
    this.feed.resume();
    this.lastNotice = undefined;
    return this.open();
  }

  close(): void {
    this.letGo();
  }

  /** Begins with what its source has kept, when there is room for all of it. */
  begin(nowMs: number): void {
    if (!this.hasRoom) return;
    if (this.coming && this.hasFreshRun(this.coming, nowMs)) this.promote(this.coming);
    const { current } = this;
    if (this.feed.state !== 'waiting' || !current || !this.hasFreshRun(current, nowMs)) return;
    // As one: a run that was cut in its middle would have to begin again.
    const { gop } = current.stream.tiles;
    for (const [index, fragment] of gop.entries()) this.send(current, fragment, 0, index + 1 < gop.length);
  }

  /** Tells the page why there is nothing to see, once for each reason. */
  tellState(): void {
    if (this.feed.state !== 'waiting') return;
    const code = this.reason();
    if (code === this.lastNotice) return;
    this.lastNotice = code;
    this.output.notice(this.number, { state: 'waiting', code });
  }

  /** Hot path: one call a picture. */
  take(reading: Reading, fragment: TileFragment): void {
    if (reading === this.coming && fragment.isKey && this.hasRoom) this.promote(reading);
    if (reading === this.current) this.send(reading, fragment, this.output.heldBytes, false);
  }

  broken(reading: Reading): void {
    if (reading === this.current) this.feed.restart();
  }

  lost(reading: Reading): void {
    if (reading === this.coming) this.coming = undefined;
    if (reading !== this.current) return;
    this.current = undefined;
    this.feed.restart();
  }

  private send(reading: Reading, fragment: TileFragment, heldBytes: number, hasMore: boolean): void {
    const wasDropping = this.feed.state === 'flowing' || this.feed.state === 'dropping';
    const sequence = this.feed.offer(fragment.isKey, heldBytes);
    if (sequence === undefined) {
      if (wasDropping) this.output.skipped();
      return;
    }
    const { init } = reading.stream.tiles;
    if (init !== this.sentInit && init) this.output.init(this.number, init);
    this.sentInit = init;
    this.lastNotice = undefined;
    this.output.fragment(this.number, fragment, { sequence, isDiscontinuity: this.feed.takeBreak(), hasMore });
  }

  private get hasRoom(): boolean {
    return this.output.heldBytes <= FEED_LIMITS.lowWaterBytes;
  }

  private hasFreshRun(reading: Reading, nowMs: number): boolean {
    const { gop, gopBytes } = reading.stream.tiles;
    const last = gop.at(-1);
    return last !== undefined && nowMs - last.arrivedMs < STALE_MS && gopBytes <= FEED_LIMITS.highWaterBytes;
  }

  private stopComing(): void {
    this.coming?.stream.tiles.remove(this.coming);
    this.coming = undefined;
  }

  private replace(reading: Reading): void {
    this.letGo();
    this.current = reading;
    this.feed.restart();
  }

  private promote(reading: Reading): void {
    this.coming = undefined;
    this.current?.stream.tiles.remove(this.current);
    this.current = reading;
    this.feed.restart();
  }

  private letGo(): void {
    for (const reading of [this.current, this.coming]) reading?.stream.tiles.remove(reading);
    this.current = undefined;
    this.coming = undefined;
  }

  private reason(): string {
    if (!this.current) return 'connecting';
    const { camera, stream } = this.current;
    if (camera.isWatched(stream)) return 'reason' in camera.state ? camera.state.reason.code : 'connecting';
    return stream.failure?.code ?? 'connecting';
  }
}
