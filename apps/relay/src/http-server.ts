import type { IncomingMessage, ServerResponse } from 'node:http';
import { ErrorCounter, reasonOf, refusal, type Clock, type Logger, type Timer } from '#libs/base';
import type { HlsEdge } from './hls-edge.ts';
import { Listener, type TlsPair } from './listener.ts';
import { MasterEdge } from './master-edge.ts';
import type { Metrics } from './metrics.ts';
import type { PeerView } from './peers.ts';
import { Responder } from './responder.ts';
import { parseTarget, type Target } from './routes.ts';
import type { SnapshotEdge } from './snapshot/snapshot-edge.ts';
import type { TilesEdge } from './tiles/tiles-edge.ts';

/** Those that wait (`waiting-room.ts`) and those that are being sent. */
const MAX_IN_FLIGHT = 2_048;
/** An answer that is not taken within this long holds memory that others need: its reader is cut. */
const ANSWER_MS = 20_000;
const LOOK_MS = 1_000;
/** How long answers under way may still take when the process stops. */
const DRAIN_MS = 1_000;

export interface HttpServerOptions {
  readonly port: number;
  /** Undefined: plain HTTP/1.1. */
  readonly tls?: TlsPair | undefined;
  readonly hls: HlsEdge;
  readonly tiles: TilesEdge;
  readonly snapshots: SnapshotEdge;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
  /** What other relays may know; undefined for a relay without others. */
  peer(): PeerView | undefined;
  /** Why the relay is not ready yet; undefined when it is. */
  notReady(): string | undefined;
}

/** The face to browsers and to the machine's own tools. */
export class HttpServer {
  private readonly listener: Listener;
  private readonly master: MasterEdge;
  /** Answers under way and when they began to be sent, monotonic. */
  private readonly inFlight = new Map<ServerResponse, number>();
  private readonly errors: ErrorCounter;
  private sweeper: Timer | undefined;

  constructor(private readonly options: HttpServerOptions) {
    const { clock, log } = options;
    this.errors = new ErrorCounter(clock, (count, reason) => log.error({ count, reason }, 'request failed'));
    this.master = new MasterEdge(options.hls);
    this.listener = new Listener(
      options.tls,
      (request, response) => this.accept(request, response),
      (request, socket, head) => options.tiles.upgrade(request, socket, head),
    );
  }

  /** Resolves with the real port. */
  async start(): Promise<number> {
    const port = await this.listener.start(this.options.port);
    this.options.tiles.start();
    this.sweeper = this.options.clock.every(LOOK_MS, () => this.cutSlow());
    return port;
  }

  /** No new connections; those open end when their answer is out, or after {@link DRAIN_MS}. */
  async stop(): Promise<void> {
    this.sweeper?.cancel();
    this.errors.flush();
    const closed = this.listener.stop();
    const force = this.options.clock.after(DRAIN_MS, () => this.listener.cut());
    await this.options.tiles.stop();
    await closed;
    force.cancel();
  }

  private accept(request: IncomingMessage, response: ServerResponse): void {
    this.inFlight.set(response, this.options.clock.monotonicMs());
    response.once('close', () => {
      this.inFlight.delete(response);
      this.options.metrics.answered(response.statusCode);
    });
    const respond = new Responder(response, request.method === 'HEAD', request.httpVersionMajor === 2);
    this.route(request, respond).catch((error: unknown) => this.failed(error, respond));
  }

  private async route(request: IncomingMessage, respond: Responder): Promise<void> {
    const early = this.earlyAnswer(request, respond);
    if (early) return;
    const target = parseTarget(request.url ?? '');
    if (!target) return respond.refuse(refusal('not-found', 'address-unknown', 'there is nothing here'), 404);
    if (target.route.name === 'hls') return this.options.hls.handle(target.route, target, request, respond);
    if (target.route.name === 'hls-master') return this.master.handle(target.route.cameraId, target, request, respond);
    if (target.route.name === 'peer') return this.answerPeer(respond);
    if (target.route.name === 'snapshot') return this.options.snapshots.handle(target.route.cameraId, target, respond);
    if (!isFromThisMachine(request)) {
      const reason = refusal('forbidden', 'loopback-only', 'this address answers to the machine itself only');
      return respond.refuse(reason, 403);
    }
    return this.machineRoute(target.route.name, respond);
  }

  /** Relays ask each other when they cannot ask the database. Names no camera and no address. */
  private answerPeer(respond: Responder): void {
    const view = this.options.peer();
    if (view) respond.json(200, view);
    else respond.refuse(refusal('not-found', 'address-unknown', 'this relay shares cameras with no other'), 404);
  }

  /** Preflight, other methods, too many at once. */
  private earlyAnswer(request: IncomingMessage, respond: Responder): boolean {
    const { method } = request;
    if (method === 'OPTIONS') {
      respond.empty(204, { 'Access-Control-Allow-Methods': 'GET, HEAD', 'Access-Control-Max-Age': '600' });
    } else if (method !== 'GET' && method !== 'HEAD') {
      const reason = refusal('bad-input', 'method-unknown', 'only GET and HEAD are understood');
      respond.refuse(reason, 405, { Allow: 'GET, HEAD, OPTIONS', Connection: 'close' });
    } else if (this.inFlight.size > MAX_IN_FLIGHT) {
      const reason = refusal('too-many', 'too-many-requests', `${MAX_IN_FLIGHT} requests are being answered`);
      respond.refuse(reason, 503, { 'Retry-After': '1', Connection: 'close' });
    } else {
      return false;
    }
    return true;
  }

  private async machineRoute(
    name: Exclude<Target['route']['name'], 'hls' | 'hls-master' | 'peer' | 'snapshot'>,
    respond: Responder,
  ): Promise<void> {
    if (name === 'live') return respond.json(200, { status: 'ok' });
    if (name === 'metrics') {
      const text = await this.options.metrics.text();
      return respond.send(this.options.metrics.contentType, 'no-store', [Buffer.from(text)]);
    }
    const problem = this.options.notReady();
    if (problem === undefined) return respond.json(200, { status: 'ok' });
    return respond.refuse(refusal('unavailable', 'not-ready', problem), 503);
  }

  private failed(error: unknown, respond: Responder): void {
    this.errors.add(reasonOf(error));
    if (respond.response.headersSent) respond.response.destroy();
    else respond.refuse(refusal('unavailable', 'internal', 'the request could not be answered'), 500);
  }

  private cut(response: ServerResponse): void {
    this.inFlight.delete(response);
    this.options.metrics.cutSlowReader();
    response.destroy();
  }

  private cutSlow(): void {
    const nowMs = this.options.clock.monotonicMs();
    for (const [response, sinceMs] of this.inFlight) {
      // Held open until there is something to send: that ends by a deadline of its own.
      if (!response.headersSent) this.inFlight.set(response, nowMs);
      else if (nowMs - sinceMs >= ANSWER_MS) this.cut(response);
    }
  }
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

/** A request that a reverse proxy on this machine passes on is not from this machine (RFC 7239). */
function isFromThisMachine(request: IncomingMessage): boolean {
  const { forwarded, via } = request.headers;
  if (forwarded !== undefined || via !== undefined || request.headers['x-forwarded-for'] !== undefined) return false;
  return LOOPBACK.test(request.socket.remoteAddress ?? '');
}
