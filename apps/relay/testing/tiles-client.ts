import { WebSocket } from 'ws';
import { readFrame, type TileFrame } from '#libs/tiles';
import { eventually } from './processes.ts';

/** What one tile got so far. */
export interface SeenTile {
  readonly inits: Extract<TileFrame, { kind: 'init' }>[];
  readonly fragments: Extract<TileFrame, { kind: 'fragment' }>[];
  readonly notices: Extract<TileFrame, { kind: 'notice' }>['notice'][];
  /** Init segment and fragments in the order in which they came: a file. */
  readonly bytes: Buffer[];
}

/** A page without a screen: another WebSocket implementation's client side of the same package, and our reader of frames. */
export class TilesClient {
  readonly tiles = new Map<number, SeenTile>();
  unreadable = 0;
  closed: { readonly code: number; readonly reason: string } | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.take(data as Buffer));
    socket.on('close', (code, reason) => (this.closed = { code, reason: reason.toString() }));
  }

  static async open(base: string, path = '/tiles'): Promise<TilesClient> {
    const socket = new WebSocket(`${base.replace(/^http/, 'ws')}${path}`, { perMessageDeflate: true });
    const client = new TilesClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    if (socket.extensions !== '') throw new Error(`the relay agreed to ${socket.extensions}`);
    return client;
  }

  ask(request: Readonly<Record<string, unknown>>): void {
    this.socket.send(JSON.stringify(request));
  }

  send(data: string | Buffer): void {
    this.socket.send(data);
  }

  /** Takes nothing from the network until {@link TilesClient.readOn}. */
  stall(): void {
    this.socket.pause();
  }

  readOn(): void {
    this.socket.resume();
  }

  tile(number: number): SeenTile {
    const known = this.tiles.get(number) ?? { inits: [], fragments: [], notices: [], bytes: [] };
    this.tiles.set(number, known);
    return known;
  }

  reaches(number: number, fragments: number, withinMs: number): Promise<true> {
    const look = (): true | undefined => (this.tile(number).fragments.length >= fragments ? true : undefined);
    return eventually(look, withinMs, `tile ${number} has not ${fragments} fragments`);
  }

  hears(number: number, state: string, code: string, withinMs: number): Promise<true> {
    const look = (): true | undefined =>
      this.tile(number).notices.some((notice) => notice.state === state && notice.code === code) ? true : undefined;
    return eventually(look, withinMs, `tile ${number} did not hear ${state} ${code}`);
  }

  async close(): Promise<void> {
    this.socket.resume();
    this.socket.close();
    await eventually(() => (this.closed ? true : undefined), 5_000);
  }

  private take(data: Buffer): void {
    const frame = readFrame(new Uint8Array(data));
    if (!frame) {
      this.unreadable++;
      return;
    }
    const tile = this.tile(frame.tile);
    if (frame.kind === 'notice') return void tile.notices.push(frame.notice);
    if (frame.kind === 'init') tile.inits.push(frame);
    else tile.fragments.push(frame);
    tile.bytes.push(Buffer.from(frame.kind === 'init' ? frame.segment : frame.fragment));
  }
}
