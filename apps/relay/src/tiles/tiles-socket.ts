import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '#libs/base';
import { verifyTicket, type VideoTicket } from '#libs/secret';
import {
  FLAG_ARRIVAL,
  FLAG_DISCONTINUITY,
  FLAG_KEY,
  FLAG_MORE,
  FRAME_HEADER_BYTES,
  FRAME_KIND,
  MAX_TILES_PER_SOCKET,
  noticePayload,
  readRequest,
  writeFrameHeader,
  type TileNotice,
  type TileRequest,
} from '#libs/tiles';
import { RequestBudget } from './request-budget.ts';
import type { TileFragment } from './tile-source.ts';
import { Tile, type FragmentPlace, type TileCamera, type TileOutput } from './tile.ts';
import type { TilesCounters } from './tiles-counters.ts';

/** A page asks for this often, so that its tiles, all at once, are no more than two of them. */
const PING_MS = 1_000;
/** What is on its way longer than this is shown late: the line carries less than is sent, whatever the kernel took from us. */
const LAGGING_MS = 1_500;
const DEAD_MS = 15_000;
/** A socket without a tile has shown no ticket: anybody could hold it. */
const IDLE_MS = 10_000;
/** Beyond any high water plus one frame for each tile that was just being sent. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** RFC 6455 §7.4.1 */
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

export interface TilesSocketOptions {
  readonly ticketKey: Buffer;
  readonly clock: Clock;
  readonly counters: TilesCounters;
  camera(id: string): TileCamera | undefined;
}

/** One page's connection: its tiles, what it asks, what it has not taken yet. */
export class TilesSocket implements TileOutput {
  private readonly tiles = new Map<number, Tile>();
  private readonly budget: RequestBudget;
  private isCorked = false;
  private idleSinceMs: number;
  private nextPingMs = 0;
  /** When the ping that is under way was sent; undefined when it was answered. */
  private pingedMs: number | undefined;

  constructor(
    private readonly socket: WebSocket,
    private readonly raw: Duplex,
    private readonly options: TilesSocketOptions,
  ) {
    const nowMs = options.clock.monotonicMs();
    this.budget = new RequestBudget(nowMs);
    this.idleSinceMs = nowMs;
    socket.on('message', (data, isBinary) => this.hear(data, isBinary));
    socket.on('pong', () => (this.pingedMs = undefined));
    // Its close follows; what was wrong is the page's affair.
    socket.on('error', () => {});
    raw.on('drain', () => this.beginWaiting());
  }

  get tileCount(): number {
    return this.tiles.size;
  }

  get heldBytes(): number {
    return this.isLagging ? Number.POSITIVE_INFINITY : this.socket.bufferedAmount;
  }

  camera(id: string): TileCamera | undefined {
    return this.options.camera(id);
  }

  init(tile: number, payload: Uint8Array): void {
    this.write(FRAME_KIND.init, 0, tile, 0, 0, payload);
  }

  fragment(tile: number, fragment: TileFragment, place: FragmentPlace): void {
    const { captured, payload } = fragment;
    const flags =
      (fragment.isKey ? FLAG_KEY : 0) |
      (place.isDiscontinuity ? FLAG_DISCONTINUITY : 0) |
      (place.hasMore ? FLAG_MORE : 0) |
      (captured.isArrival ? FLAG_ARRIVAL : 0);
    this.options.counters.fragmentsSent++;
    this.write(FRAME_KIND.fragment, flags, tile, place.sequence, captured.atMs, payload);
  }

  notice(tile: number, notice: TileNotice): void {
    this.write(FRAME_KIND.notice, 0, tile, 0, 0, noticePayload(notice));
  }

  skipped(): void {
    this.options.counters.fragmentsSkipped++;
  }

  /** Looks at every deadline: tickets, liveness, streams that came or went. */
  tick(): void {
    const nowMs = this.options.clock.monotonicMs();
    this.checkLife(nowMs);
    const wallMs = this.options.clock.nowMs();
    for (const tile of this.tiles.values()) this.look(tile, wallMs);
    this.beginWaiting();
    for (const tile of this.tiles.values()) tile.tellState();
  }

  /** Lets every stream go. The connection is closed already, or about to be. */
  release(): void {
    for (const tile of this.tiles.values()) tile.close();
    this.tiles.clear();
  }

  private get isLagging(): boolean {
    return this.pingedMs !== undefined && this.options.clock.monotonicMs() - this.pingedMs > LAGGING_MS;
  }

  private hear(data: RawData, isBinary: boolean): void {
    if (!this.budget.take(this.options.clock.monotonicMs())) return this.end(POLICY_VIOLATION, 'too-many-requests');
    const request = isBinary ? undefined : readRequest((data as Buffer).toString('latin1'));
    if (!request) return this.end(POLICY_VIOLATION, 'request-malformed');
    this.answer(request);
  }

  private answer(request: TileRequest): void {
    if (request.op === 'open' || request.op === 'renew') return this.admit(request);
    const tile = this.tiles.get(request.tile);
    if (request.op === 'close') return this.drop(request.tile);
    if (request.op === 'pause') return tile?.pause();
    this.settle(request.tile, tile?.resume());
  }

  /** Tickets are all that counts: a page of any origin may bring one. */
  private admit({ op, tile: number, ticket: text }: Extract<TileRequest, { readonly ticket: string }>): void {
    const verdict = verifyTicket(this.options.ticketKey, text, this.options.clock.nowMs());
    const tile = this.tiles.get(number);
    if (!verdict.ok) return this.refuse(number, verdict.code);
    if (op === 'open') return this.open(number, tile, verdict.ticket);
    if (!tile) return this.refuse(number, 'tile-unknown');
    const { cameraId, stream, as } = tile.ticket;
    const isSame = verdict.ticket.cameraId === cameraId && verdict.ticket.stream === stream && verdict.ticket.as === as;
    if (!isSame) return this.refuse(number, 'ticket-for-another');
    tile.renew(verdict.ticket);
  }

  private open(number: number, before: Tile | undefined, ticket: VideoTicket): void {
    if (before && before.ticket.cameraId === ticket.cameraId) return this.settle(number, before.change(ticket));
    this.drop(number);
    if (this.tiles.size >= MAX_TILES_PER_SOCKET) return this.refuse(number, 'too-many-tiles');
    const tile = new Tile(number, ticket, this);
    this.tiles.set(number, tile);
    this.settle(number, tile.open());
  }

  /** After a tile was told to read: it begins, says why not yet, or is ended. */
  private settle(number: number, problem: string | undefined): void {
    if (problem !== undefined) {
      this.drop(number);
      return this.notice(number, { state: 'ended', code: problem });
    }
    const tile = this.tiles.get(number);
    tile?.begin(this.options.clock.monotonicMs());
    tile?.tellState();
  }

  private refuse(number: number, code: string): void {
    this.drop(number);
    this.notice(number, { state: 'refused', code });
  }

  private drop(number: number): void {
    this.tiles.get(number)?.close();
    if (this.tiles.delete(number) && this.tiles.size === 0) this.idleSinceMs = this.options.clock.monotonicMs();
  }

  private look(tile: Tile, wallMs: number): void {
    if (tile.ticket.expiresAtMs <= wallMs) return this.refuse(tile.number, 'ticket-expired');
    if (tile.isPaused || tile.isReading) return;
    const problem = tile.open();
    if (problem !== undefined) this.settle(tile.number, problem);
  }

  /** One after another while there is room: what they begin with is much more than what follows. */
  private beginWaiting(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const tile of this.tiles.values()) if (tile.isWaiting) tile.begin(nowMs);
  }

  private checkLife(nowMs: number): void {
    if (this.pingedMs !== undefined && nowMs - this.pingedMs > DEAD_MS) return this.socket.terminate();
    if (this.tiles.size === 0 && nowMs - this.idleSinceMs > IDLE_MS) return this.end(POLICY_VIOLATION, 'no-tile');
    if (this.socket.bufferedAmount > MAX_HELD_BYTES) return this.socket.terminate();
    if (this.pingedMs !== undefined || nowMs < this.nextPingMs || this.socket.readyState !== this.socket.OPEN) return;
    this.pingedMs = nowMs;
    this.nextPingMs = nowMs + PING_MS;
    this.socket.ping();
  }

  private end(code: typeof POLICY_VIOLATION | typeof TRY_AGAIN_LATER, reason: string): void {
    this.release();
    this.socket.close(code, reason);
  }

  /** Hot path. One message of two WebSocket frames (RFC 6455 §5.4), so that the payload is nobody's copy. */
  private write(
    kind: number,
    flags: number,
    tile: number,
    sequence: number,
    capturedMs: number,
    payload: Uint8Array,
  ): void {
    const { socket, options } = this;
    if (socket.readyState !== socket.OPEN) return;
    this.cork();
    const header = Buffer.allocUnsafe(FRAME_HEADER_BYTES);
    writeFrameHeader(header, { kind, flags, tile, sequence, capturedMs });
    socket.send(header, FIRST);
    socket.send(payload, LAST);
    options.counters.bytesSent += FRAME_HEADER_BYTES + payload.length;
  }

  /** All that is written in one turn of the loop leaves in one call to the system. */
  private cork(): void {
    if (this.isCorked) return;
    this.isCorked = true;
    this.raw.cork();
    process.nextTick(() => {
      this.isCorked = false;
      this.raw.uncork();
    });
  }
}

const FIRST = { binary: true, compress: false, fin: false };
const LAST = { binary: true, compress: false, fin: true };
