import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';

type Receiver = (picture: Buffer) => Promise<void>;

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.woff2': 'font/woff2' };

const PAGE = `<!doctype html><meta charset="utf-8"><title>clips</title>
<style>
@font-face { font-family: Inter; font-weight: 600; src: url(/fonts/inter/files/inter-latin-600-normal.woff2) }
@font-face { font-family: "JetBrains Mono"; font-weight: 600; src: url(/fonts/jetbrains-mono/files/jetbrains-mono-latin-600-normal.woff2) }
</style>
<script type="module" src="/code/render/page.js"></script>`;

/** Gives the drawing page its code and fonts, and takes the pictures that it posts. Loopback only. */
export class FrameServer {
  private receiver: Receiver | undefined;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  /** `sourceDirectory` is the folder `camera-sim` of the source tree. */
  constructor(private readonly sourceDirectory: string) {}

  start(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', () =>
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`),
      );
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  receive(receiver: Receiver): void {
    this.receiver = receiver;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.method === 'POST') await this.take(request, response);
      else await this.give(request.url ?? '/', response);
    } catch {
      response.writeHead(500).end();
    }
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    await this.receiver?.(Buffer.concat(chunks));
    response.writeHead(204).end();
  }

  private async give(url: string, response: ServerResponse): Promise<void> {
    if (url === '/') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return;
    }
    const file = this.fileOf(normalize(url));
    const type = TYPES[extname(url)];
    if (file === undefined || type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': type }).end(await readFile(file));
  }

  /** Compiled code and installed fonts; `url` is normalised, so it cannot climb out. */
  private fileOf(url: string): string | undefined {
    const root = dirname(this.sourceDirectory);
    if (url.startsWith('/code/')) return join(root, 'dist', 'camera-sim', url.slice('/code/'.length));
    if (url.startsWith('/fonts/')) return join(root, 'node_modules', '@fontsource', url.slice('/fonts/'.length));
    return undefined;
  }
}
