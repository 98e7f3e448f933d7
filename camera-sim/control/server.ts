import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HTTP_STATUS, ok, reasonOf, refusal, refused, type Logger, type Result } from '#libs/base';
import { ControlRoutes, type ControlledCamera } from './routes.ts';

const MAX_BODY_BYTES = 16_384;
const REQUEST_TIMEOUT_MS = 5_000;
/** Names under which a program on this machine asks. Others mean a web page is being tricked (DNS rebinding). */
const OWN_NAMES = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/** HTTP on 127.0.0.1: what the cameras are, how they are, and the faults to inflict on them. */
export class ControlServer {
  private readonly routes: ControlRoutes;
  private readonly server: Server;

  constructor(
    cameras: readonly ControlledCamera[],
    private readonly logger: Logger,
  ) {
    this.routes = new ControlRoutes(cameras);
    this.server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
      void this.serve(request, response);
    });
  }

  /** Resolves with the port that is listened on. */
  start(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host: '127.0.0.1', port }, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      send(response, await this.answer(request));
    } catch (thrown) {
      this.logger.error({ reason: reasonOf(thrown) }, 'control request failed by a bug');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  private async answer(request: IncomingMessage): Promise<Result<unknown>> {
    if (!OWN_NAMES.test(request.headers.host ?? '')) {
      return refused(refusal('forbidden', 'foreign-host', 'ask 127.0.0.1 or localhost'));
    }
    const body = await readJson(request);
    if (!body.ok) return body;
    const [path = '/', search = ''] = (request.url ?? '/').split('?', 2);
    const query = Object.fromEntries(new URLSearchParams(search));
    return this.routes.answer({ method: request.method ?? 'GET', path, query, body: body.value });
  }
}

async function readJson(request: IncomingMessage): Promise<Result<unknown>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      return refused(refusal('too-large', 'body-too-large', `body of more than ${MAX_BODY_BYTES} bytes`));
    }
    chunks.push(chunk);
  }
  if (bytes === 0) return ok(undefined);
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch {
    return refused(refusal('bad-input', 'body-malformed', 'the body is not JSON'));
  }
}

function send(response: ServerResponse, result: Result<unknown>): void {
  const status = result.ok ? 200 : HTTP_STATUS[result.refusal.kind];
  const value = result.ok ? result.value : result.refusal;
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
