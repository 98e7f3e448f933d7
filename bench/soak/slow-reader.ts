import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';

/** Tiles of the page that stands still: enough to fill what the system and the relay hold for it. */
const TILES = 8;
/** Readers of one playlist that take nothing of the answer. */
const HTTP_READERS = 8;

/** Where a relay serves one camera, and the ticket for it. */
export interface ReaderTarget {
  /** Of the relay, `http://host:port`. */
  readonly base: string;
  readonly playlist: string;
  readonly ticket: string;
}

/**
 * Readers that ask and do not read: a page with tiles over one WebSocket, and plain connections that ask for the
 * playlist again and again. They hold what they asked for until they are let go.
 */
export class SlowReader {
  private constructor(
    private readonly page: WebSocket,
    private readonly sockets: readonly Socket[],
  ) {}

  static async start({ base, playlist, ticket }: ReaderTarget): Promise<SlowReader> {
    const page = new WebSocket(`${base.replace(/^http/, 'ws')}/tiles`);
    await new Promise<void>((resolve, reject) => {
      page.once('open', () => resolve());
      page.once('error', reject);
    });
    page.on('error', () => {});
    for (let tile = 0; tile < TILES; tile++) page.send(JSON.stringify({ op: 'open', tile, ticket }));
    page.pause();
    const { hostname, port, pathname, search } = new URL(playlist);
    const request = `GET ${pathname}${search} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
    const sockets = Array.from({ length: HTTP_READERS }, () => {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.pause();
      socket.write(request.repeat(200));
      return socket;
    });
    return new SlowReader(page, sockets);
  }

  /** Leaves as a browser that is killed. */
  stop(): void {
    this.page.terminate();
    for (const socket of this.sockets) socket.destroy();
  }
}
