import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { stampLayout } from '../../camera-sim/stamp.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');
const SOURCE = path.join(ROOT, 'apps', 'console', 'measure');
const BUILT = path.join(ROOT, 'dist', 'bench', 'latency-page');
const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript' };

/** One displayed picture: tile, Unix milliseconds, brightness of the stamp's squares. */
export type Sample = readonly [tile: number, displayedAtMs: number, means: readonly number[]];

/** How steadily one tile showed pictures since it was asked last. */
export interface Steadiness {
  /** Since the tile was opened. */
  readonly presented: number;
  readonly longestGapMs: number;
  /** Gaps of more than a second. */
  readonly stalls: number;
}

/** Makes the page: the console's own player of tiles (apps/console/measure). */
export async function buildTilesPage(): Promise<void> {
  await build({
    root: SOURCE,
    base: '/',
    configFile: false,
    logLevel: 'error',
    resolve: { alias: [{ find: /^#libs\/([a-z0-9-]+)$/, replacement: path.join(ROOT, 'libs', '$1', 'index.ts') }] },
    build: { outDir: BUILT, emptyOutDir: true, target: 'es2022' },
  });
}

/** A page of tiles in a real browser. */
export class TilesPage {
  /** WebSockets that the page opened so far, those made anew included. */
  sockets = 0;

  private constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {
    page.on('websocket', () => this.sockets++);
  }

  static async open(browser: Browser): Promise<TilesPage> {
    const server = await serve();
    const opened = new TilesPage(await browser.newPage({ viewport: { width: 1920, height: 1080 } }), server);
    // From the loopback address, as the relay: a browser asks no leave for the socket then.
    await opened.page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return opened;
  }

  async start(tilesUrl: string, tickets: readonly string[], sampleEvery: number): Promise<void> {
    const squares = stampLayout(640, 360).map(({ x, y, width, height }) => [x, y, width, height]);
    await this.run('start', { tilesUrl, tickets, squares, sampleEvery });
  }

  take(): Promise<Sample[]> {
    return this.run('take') as Promise<Sample[]>;
  }

  counts(): Promise<number[]> {
    return this.run('counts') as Promise<number[]>;
  }

  steadiness(): Promise<Steadiness[]> {
    return this.run('steadiness') as Promise<Steadiness[]>;
  }

  /** Milliseconds from opening a tile to its first displayed picture that is live, not the key frame that it starts from. */
  reopen(tile: number, ticket: string): Promise<number> {
    return this.run('reopen', tile, ticket) as Promise<number>;
  }

  async closeTile(tile: number): Promise<void> {
    await this.run('close', tile);
  }

  async close(): Promise<void> {
    await this.page.close();
    this.server.closeAllConnections();
    this.server.close();
  }

  private run(method: string, ...args: readonly unknown[]): Promise<unknown> {
    const call = `measure.${method}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`;
    // A string: what runs in the page is not of this program's types.
    return this.page.evaluate(method === 'start' ? `void ${call}` : call);
  }
}

/** The built page; nothing outside its folder. */
async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page');
    const file = path.join(BUILT, pathname === '/' ? 'index.html' : path.normalize(pathname));
    readFile(file).then(
      (body) => response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'text/plain' }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
