import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** PEM texts. */
export interface TlsPair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;
/** A WebSocket begins as an upgrade of an HTTP/1.1 request (RFC 6455 §4). */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

const MAX_CONNECTIONS = 2_048;
const MAX_HEADER_BYTES = 8 * 1024;
const MAX_HEADERS = 64;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 20_000;
/** Node looks only twice a minute by itself. */
const LOOK_MS = 1_000;
/** Of one HTTP/2 connection at once: a wall of 25 tiles holds two requests open for each. */
const MAX_STREAMS = 128;
/** A connection that carries nothing for so long is closed: longer than any request is held open. */
const SESSION_IDLE_MS = 60_000;

/**
 * The relay's port: HTTP/1.1 in clear, or with a certificate HTTP/2 beside HTTP/1.1 (ALPN, RFC 9113 §3.2). Low-latency HLS
 * wants HTTP/2: each player holds requests open, and browsers open six HTTP/1.1 connections to a host.
 */
export class Listener {
  private readonly server: Server | Http2SecureServer;
  private readonly sessions = new Set<ServerHttp2Session>();

  constructor(tls: TlsPair | undefined, handle: Handler, upgrade: Upgrade) {
    this.server = tls ? this.secure(tls, handle) : createServer(LIMITS, handle);
    (this.server as Server).on('upgrade', upgrade);
    this.server.maxConnections = MAX_CONNECTIONS;
    Object.assign(this.server, { keepAliveTimeout: KEEP_ALIVE_MS, maxHeadersCount: MAX_HEADERS });
  }

  /** Resolves with the real port. */
  async start(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, () => resolve());
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** No new connections; resolves when those that are open have ended. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const session of this.sessions) session.close();
    (this.server as Server).closeIdleConnections();
    await closed;
  }

  /** Ends every connection at once. */
  cut(): void {
    for (const session of this.sessions) session.destroy();
    (this.server as Server).closeAllConnections();
  }

  /** Node's compatibility layer gives requests and responses of HTTP/2 the faces that those of HTTP/1.1 have. */
  private secure(tls: TlsPair, handle: Handler): Http2SecureServer {
    const settings = { maxConcurrentStreams: MAX_STREAMS, maxHeaderListSize: MAX_HEADER_BYTES };
    const options = { ...tls, ...LIMITS, settings, allowHTTP1: true };
    const server = createSecureServer(options, (request, response) =>
      handle(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    );
    // With `allowHTTP1` these are not taken from the options (Node 20).
    Object.assign(server, { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS });
    server.on('session', (session) => this.keep(session));
    // A reader that speaks neither protocol, or breaks its own handshake, is its own affair.
    server.on('sessionError', () => {});
    server.on('tlsClientError', () => {});
    return server;
  }

  private keep(session: ServerHttp2Session): void {
    this.sessions.add(session);
    session.setTimeout(SESSION_IDLE_MS, () => session.close());
    session.once('close', () => this.sessions.delete(session));
    session.on('error', () => {});
  }
}

const LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_MS,
  requestTimeout: REQUEST_MS,
  connectionsCheckingInterval: LOOK_MS,
};
