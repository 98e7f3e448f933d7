import { Backoff, type Clock, type Timer } from '#libs/base';
import { MAX_TILE_NUMBER, readFrame, type TileFrame, type TileRequest } from '#libs/tiles';

/** One tile's end of the shared socket. */
export interface TileListener {
  frame(frame: TileFrame): void;
  /** The connection broke; another one is being made. */
  interrupted(): void;
  /** The connection cannot be had: something else must be tried. The tile is closed. */
  unreachable(): void;
}

export interface TileHandle {
  /** Shows what the ticket is for from now on: another stream of the same camera. */
  use(ticket: string): void;
  /** A fresh ticket for the same stream. */
  renew(ticket: string): void;
  pause(): void;
  resume(): void;
  close(): void;
}

/** A connection that does not open within this long is given up. */
const OPEN_MS = 5_000;
/** A page that never had a connection tries this often before it says so. */
const MAX_FIRST_TRIES = 2;
/** One that had one waits this long for a relay that starts again. */
const MAX_DOWN_MS = 20_000;
/** Tiles come and go together when a page changes its layout. */
const LINGER_MS = 5_000;

interface OpenTile {
  readonly listener: TileListener;
  ticket: string;
  isPaused: boolean;
}

/**
 * One WebSocket to one relay for all tiles of a page. Connects again by itself and opens its tiles anew: they notice a
 * pause and a discontinuity.
 */
export class TileSocket {
  private readonly tiles = new Map<number, OpenTile>();
  private readonly backoff = new Backoff({ firstMs: 250, maxMs: 4_000, jitter: 0.3 });
  private socket: WebSocket | undefined;
  private timer: Timer | undefined;
  private nextNumber = 0;
  private failures = 0;
  private wasOpen = false;
  private downSinceMs: number | undefined;

  constructor(
    private readonly url: string,
    private readonly clock: Clock,
    private readonly connectTo: (url: string) => WebSocket = (address) => new WebSocket(address),
  ) {}

  get tileCount(): number {
    return this.tiles.size;
  }

  open(ticket: string, listener: TileListener): TileHandle {
    const number = this.freeNumber();
    const tile: OpenTile = { listener, ticket, isPaused: false };
    this.tiles.set(number, tile);
    if (this.socket) this.ask({ op: 'open', tile: number, ticket });
    else if (this.tiles.size === 1) this.connect();
    return {
      use: (fresh) => this.bring('open', number, tile, fresh),
      renew: (fresh) => this.bring('renew', number, tile, fresh),
      pause: () => this.setPaused(number, tile, true),
      resume: () => this.setPaused(number, tile, false),
      close: () => this.drop(number, tile),
    };
  }

  /** A number is not given again soon: fragments of its last tile may still be under way. */
  private freeNumber(): number {
    do this.nextNumber = (this.nextNumber + 1) % (MAX_TILE_NUMBER + 1);
    while (this.tiles.has(this.nextNumber));
    return this.nextNumber;
  }

  private bring(op: 'open' | 'renew', number: number, tile: OpenTile, ticket: string): void {
    tile.ticket = ticket;
    if (this.tiles.get(number) === tile) this.ask({ op, tile: number, ticket });
  }

  private setPaused(number: number, tile: OpenTile, isPaused: boolean): void {
    if (tile.isPaused === isPaused || this.tiles.get(number) !== tile) return;
    tile.isPaused = isPaused;
    this.ask({ op: isPaused ? 'pause' : 'resume', tile: number });
  }

  private drop(number: number, tile: OpenTile): void {
    if (this.tiles.get(number) !== tile) return;
    this.tiles.delete(number);
    this.ask({ op: 'close', tile: number });
    if (this.tiles.size === 0) this.wait(LINGER_MS, () => this.hangUp());
  }

  private hangUp(): void {
    if (this.tiles.size === 0) this.socket?.close();
  }

  private connect(): void {
    this.timer?.cancel();
    const socket = this.connectTo(this.url);
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    this.wait(OPEN_MS, () => this.lost(socket));
    socket.addEventListener('open', () => this.opened(socket));
    socket.addEventListener('message', (event) => this.hear(event.data));
    socket.addEventListener('close', () => this.lost(socket));
  }

  private opened(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.timer?.cancel();
    this.wasOpen = true;
    for (const [tile, { ticket, isPaused }] of this.tiles) {
      this.ask({ op: 'open', tile, ticket });
      if (isPaused) this.ask({ op: 'pause', tile });
    }
    this.hangUp();
  }

  private hear(data: unknown): void {
    const frame = data instanceof ArrayBuffer ? readFrame(new Uint8Array(data)) : undefined;
    if (!frame) return;
    // Only a relay that speaks is one: a proxy may open connections and carry nothing.
    this.failures = 0;
    this.downSinceMs = undefined;
    this.backoff.reset();
    this.tiles.get(frame.tile)?.listener.frame(frame);
  }

  private lost(socket: WebSocket): void {
    if (socket !== this.socket) return;
    this.socket = undefined;
    this.timer?.cancel();
    socket.close();
    if (this.tiles.size === 0) return;
    this.failures++;
    this.downSinceMs ??= this.clock.monotonicMs();
    if (this.isHopeless()) return this.giveUp();
    if (this.wasOpen) for (const { listener } of this.tiles.values()) listener.interrupted();
    this.wait(this.backoff.nextMs(), () => this.tiles.size > 0 && this.connect());
  }

  private isHopeless(): boolean {
    if (!this.wasOpen) return this.failures >= MAX_FIRST_TRIES;
    return this.clock.monotonicMs() - (this.downSinceMs ?? 0) > MAX_DOWN_MS;
  }

  private giveUp(): void {
    const listeners = [...this.tiles.values()].map(({ listener }) => listener);
    this.tiles.clear();
    for (const listener of listeners) listener.unreachable();
  }

  private wait(delayMs: number, task: () => void): void {
    this.timer?.cancel();
    this.timer = this.clock.after(delayMs, task);
  }

  private ask(request: TileRequest): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(request));
  }
}

/** The sockets of a page: one for each relay. */
export class TileSockets {
  private readonly sockets = new Map<string, TileSocket>();

  constructor(private readonly clock: Clock) {}

  of(url: string): TileSocket {
    const known = this.sockets.get(url) ?? new TileSocket(url, this.clock);
    this.sockets.set(url, known);
    return known;
  }
}
