import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock, Timer } from '#libs/base';
import { MAX_REQUEST_CHARS } from '#libs/tiles';
import type { TileCamera } from './tile.ts';
import { newTilesCounters } from './tiles-counters.ts';
import { TilesSocket } from './tiles-socket.ts';

const MAX_SOCKETS = 512;
/** Deadlines of tiles are looked at this often. */
const TICK_MS = 250;
/** RFC 6455 §7.4.1: this end is going away. */
const GOING_AWAY = 1001;
/** How long a page may take to answer the farewell. */
const FAREWELL_MS = 500;

export interface TilesEdgeOptions {
  readonly ticketKey: Buffer;
  readonly clock: Clock;
  camera(id: string): TileCamera | undefined;
}

/** `/tiles`: WebSockets that carry any number of tiles each (`#libs/tiles` says what is spoken). */
export class TilesEdge {
  readonly counters = newTilesCounters();
  private readonly sockets = new Set<TilesSocket>();
  private readonly server = new WebSocketServer({
    noServer: true,
    // Video does not get smaller, and a compressor per socket costs 300 kB.
    perMessageDeflate: false,
    maxPayload: MAX_REQUEST_CHARS,
    clientTracking: true,
    skipUTF8Validation: false,
  });
  private ticker: Timer | undefined;

  constructor(private readonly options: TilesEdgeOptions) {}

  get socketCount(): number {
    return this.sockets.size;
  }

  get tileCount(): number {
    let count = 0;
    for (const socket of this.sockets) count += socket.tileCount;
    return count;
  }

  start(): void {
    this.ticker = this.options.clock.every(TICK_MS, () => {
      for (const socket of this.sockets) socket.tick();
    });
  }

  /** Takes the connection of an upgrade request (RFC 6455 §4.2). What is not one is answered and closed. */
  upgrade(request: IncomingMessage, raw: Duplex, head: Buffer): void {
    raw.on('error', () => raw.destroy());
    if (request.url !== '/tiles') return reject(raw, '404 Not Found');
    if (this.sockets.size >= MAX_SOCKETS) {
      this.counters.socketsRefused++;
      return reject(raw, '503 Service Unavailable', 'Retry-After: 5\r\n');
    }
    this.server.handleUpgrade(request, raw, head, (socket) => this.accept(socket, raw));
  }

  /** Says goodbye; who does not answer is cut. */
  async stop(): Promise<void> {
    this.ticker?.cancel();
    const { clients } = this.server;
    const gone = Promise.all([...clients].map((client) => new Promise((resolve) => client.once('close', resolve))));
    for (const client of clients) client.close(GOING_AWAY, 'relay-stopped');
    const force = this.options.clock.after(FAREWELL_MS, () => {
      for (const client of clients) client.terminate();
    });
    await gone;
    force.cancel();
  }

  private accept(socket: WebSocket, raw: Duplex): void {
    const accepted = new TilesSocket(socket, raw, { ...this.options, counters: this.counters });
    this.counters.socketsAccepted++;
    this.sockets.add(accepted);
    socket.once('close', () => {
      this.sockets.delete(accepted);
      accepted.release();
    });
  }
}

function reject(raw: Duplex, status: string, headers = ''): void {
  raw.end(`HTTP/1.1 ${status}\r\n${headers}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
