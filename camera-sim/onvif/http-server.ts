import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { reasonOf, sleep } from '#libs/base';
import type { OnvifDevice } from './device.ts';
import { dispatch } from './dispatch.ts';
import { empty, type HttpReply } from './http-reply.ts';
import type { HttpHead, Login } from './login.ts';
import { XML_LIMITS } from './xml-reader.ts';

const MAX_CONNECTIONS = 64;
const MAX_HEADER_BYTES = 8_192;
/** A request must be whole within this, however slowly it trickles in. */
const REQUEST_DEADLINE_MS = 10_000;
const KEEP_ALIVE_MS = 5_000;
/** A slow link never holds an answer longer than this. */
const MAX_LINK_DELAY_MS = 30_000;

/** Without a reason each abort makes an exception with a stack, which costs more than many an answer. */
const STOPPED = 'the connection has ended';

/** The listening socket of one camera, from one plugging in to the next unplugging. */
export class OnvifHttp {
  private readonly sockets = new Set<Socket>();
  /** Requests under way. */
  private readonly calls = new Set<AbortController>();

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Rejects when the address cannot be bound. */
  static async listen(device: OnvifDevice, login: Login, host: string, port: number): Promise<OnvifHttp> {
    const server = createServer({
      maxHeaderSize: MAX_HEADER_BYTES,
      requestTimeout: REQUEST_DEADLINE_MS,
      headersTimeout: REQUEST_DEADLINE_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: KEEP_ALIVE_MS,
    });
    server.maxConnections = MAX_CONNECTIONS;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const http = new OnvifHttp(server, (server.address() as AddressInfo).port);
    http.serve(device, login);
    return http;
  }

  /** As when the cable is pulled: nobody is told, every connection breaks. */
  close(): void {
    for (const call of this.calls) call.abort(STOPPED);
    this.server.close();
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  private serve(device: OnvifDevice, login: Login): void {
    const { logger, camera } = device;
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server.on('error', (error) =>
      logger.warn({ camera: camera.spec.id, reason: reasonOf(error) }, 'onvif server error'),
    );
    this.server.on('request', (request, response) => {
      this.handle(device, login, request, response).catch((thrown: unknown) => {
        logger.debug({ camera: camera.spec.id, reason: reasonOf(thrown) }, 'onvif request broken off');
        response.destroy();
      });
    });
  }

  private async handle(
    device: OnvifDevice,
    login: Login,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const call = new AbortController();
    this.calls.add(call);
    response.once('close', () => {
      this.calls.delete(call);
      call.abort(STOPPED);
    });
    const { signal } = call;
    const body = await readBody(request);
    if (body === undefined) return send(response, { ...empty(413), headers: { Connection: 'close' } });
    const reply = await dispatch(device, login, headOf(request), body, signal);
    if (signal.aborted) return;
    const { linkBytesPerSecond } = device.camera.faults;
    if (linkBytesPerSecond > 0) {
      const delayMs = Math.min(MAX_LINK_DELAY_MS, (reply.body.length / linkBytesPerSecond) * 1000);
      if (!(await sleep(device.clock, delayMs, signal))) return;
    }
    send(response, reply);
  }
}

function headOf(request: IncomingMessage): HttpHead {
  return { method: request.method ?? '', target: request.url ?? '', authorization: request.headers.authorization };
}

/** `undefined` when there is more than a message may have. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > XML_LIMITS.maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > XML_LIMITS.maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: HttpReply): void {
  const headers: Record<string, string | string[] | number> = { 'Content-Length': reply.body.length };
  for (const [name, value] of Object.entries(reply.headers))
    headers[name] = typeof value === 'string' ? value : [...value];
  response.writeHead(reply.status, headers);
  response.end(reply.body);
}
