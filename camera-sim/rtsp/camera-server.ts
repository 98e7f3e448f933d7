import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Backoff, reasonOf, type Clock, type Logger, type Timer } from '#libs/base';
import type { ProfileRole } from '../clip/choice.ts';
import type { SimCamera, SimChange } from '../model.ts';
import { AudioStream } from './audio-stream.ts';
import { RtspConnection } from './connection.ts';
import type { DialogueHost } from './dialogue.ts';
import { flavourOf, type RtspFlavour } from './flavour.ts';
import { Link } from './link.ts';
import { LiveStream } from './live-stream.ts';
import { Reader, type ReaderCounts } from './reader.ts';
import { RtspSession } from './session.ts';
import type { Studio } from './studio.ts';
import type { Transport } from './transport.ts';

export const SESSION_TIMEOUT_MS = 60_000;
/** A connection without a session may be silent this long; one that never made a request, less (slow loris). */
const IDLE_TIMEOUT_MS = 60_000;
const FIRST_REQUEST_TIMEOUT_MS = 10_000;
const SWEEP_MS = 1_000;
const MAX_CONNECTIONS = 64;
const MAX_SESSIONS = 32;
const LISTEN_BACKOFF = { firstMs: 250, maxMs: 5_000, jitter: 0 };

/** The RTSP server of one camera: listens where the camera is, vanishes when it is unplugged, moves when it reboots. */
export class CameraRtspServer implements DialogueHost {
  readonly camera: SimCamera;
  readonly flavour: RtspFlavour;
  readonly clock: Clock;
  private readonly logger: Logger;
  private readonly streams: Readonly<Record<ProfileRole, LiveStream>>;
  /** What its microphone hears, if it has one. */
  readonly audio: AudioStream | undefined;
  private readonly link: Link;
  private readonly sessions = new Map<string, RtspSession>();
  private readonly connections = new Set<RtspConnection>();
  private readonly backoff = new Backoff(LISTEN_BACKOFF);
  private server: Server | undefined;
  private sweeper: Timer | undefined;
  private retry: Timer | undefined;
  private unlisten: (() => void) | undefined;

  constructor(
    camera: SimCamera,
    private readonly studio: Studio,
    readonly sessionTimeoutMs = SESSION_TIMEOUT_MS,
  ) {
    this.camera = camera;
    this.flavour = flavourOf(camera.spec.vendor);
    this.clock = studio.timeline.clock;
    this.logger = studio.logger;
    this.link = new Link(() => camera.faults.linkBytesPerSecond);
    const { library, timeline, ticker } = studio;
    const { audioClip } = camera.spec;
    this.audio =
      audioClip === undefined ? undefined : new AudioStream(library.audio(audioClip), camera, timeline, ticker);
    this.streams = { main: this.newStream('main'), sub: this.newStream('sub') };
  }

  /** Port that is listened on; differs from the spec's only when that is 0 (any free one). */
  get port(): number {
    const address = this.server?.address() as AddressInfo | null | undefined;
    return address?.port ?? this.camera.spec.rtspPort;
  }

  get sessionCount(): number {
    return this.sessions.size;
  }

  /** Resolves when it listens, or has failed to for the first time (it goes on trying). */
  async start(): Promise<void> {
    this.unlisten = this.camera.listen((change) => this.follow(change));
    this.sweeper = this.clock.every(SWEEP_MS, () => this.sweep());
    if (!this.camera.faults.unplugged) await this.open();
  }

  async stop(): Promise<void> {
    this.unlisten?.();
    this.sweeper?.cancel();
    for (const session of this.sessions.values()) this.endSession(session);
    for (const connection of this.connections) connection.end();
    await this.close();
  }

  /** Every session's stream and what was sent to it. */
  get readers(): readonly ({ readonly profile: ProfileRole } & ReaderCounts)[] {
    return [...this.sessions.values()].map(({ stream, reader }) => ({ profile: stream.role, ...reader.counts }));
  }

  streamOf(role: ProfileRole): LiveStream {
    return this.streams[role];
  }

  openSession(stream: LiveStream, transport: Transport): RtspSession | undefined {
    if (this.sessions.size >= MAX_SESSIONS) return undefined;
    const reader = new Reader(transport, this.link, this.studio.slabs);
    const session = new RtspSession(stream, reader, this.clock.monotonicMs());
    this.sessions.set(session.id, session);
    return session;
  }

  findSession(id: string): RtspSession | undefined {
    return this.sessions.get(id);
  }

  endSession(session: RtspSession): void {
    this.sessions.delete(session.id);
    session.end(true);
  }

  private newStream(role: ProfileRole): LiveStream {
    const { library, timeline, ticker } = this.studio;
    return new LiveStream(this.camera, role, library, timeline, ticker, this.link);
  }

  private follow(change: SimChange): void {
    if (change.kind === 'rebooted') this.cut();
    if (change.kind !== 'rebooted' && change.kind !== 'faults') return;
    const isOpen = this.server !== undefined || this.retry !== undefined;
    if (this.camera.faults.unplugged) this.cut();
    else if (!isOpen) void this.open();
  }

  /** The power went: nothing is said, connections are reset. */
  private cut(): void {
    void this.close();
    for (const session of this.sessions.values()) session.end(false);
    this.sessions.clear();
    for (const connection of this.connections) connection.reset();
    this.link.clear();
  }

  private async close(): Promise<void> {
    this.retry?.cancel();
    this.retry = undefined;
    const server = this.server;
    this.server = undefined;
    if (!server) return;
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private open(): Promise<void> {
    const server = createServer((socket) => this.accept(socket));
    server.maxConnections = MAX_CONNECTIONS;
    this.server = server;
    return new Promise((resolve) => {
      server.on('error', (error) => {
        if (this.server === server) this.openLater(error);
        resolve();
      });
      server.listen({ host: this.camera.host, port: this.camera.spec.rtspPort }, () => {
        this.backoff.reset();
        resolve();
      });
    });
  }

  private openLater(error: Error): void {
    this.server = undefined;
    const delayMs = this.backoff.nextMs();
    const { host, spec } = this.camera;
    this.logger.warn({ camera: spec.id, host, port: spec.rtspPort, delayMs, reason: reasonOf(error) }, 'cannot listen');
    this.retry = this.clock.after(delayMs, () => {
      this.retry = undefined;
      void this.open();
    });
  }

  private accept(socket: Socket): void {
    const connection = new RtspConnection(socket, this, this.logger, () => this.connections.delete(connection));
    this.connections.add(connection);
  }

  private sweep(): void {
    const nowMs = this.clock.monotonicMs();
    for (const session of this.sessions.values()) {
      if (session.idleMs(nowMs) >= this.sessionTimeoutMs) this.expire(session);
    }
    for (const connection of this.connections) {
      const { idleMs, hasAsked } = connection.silence(nowMs);
      const limitMs = hasAsked ? IDLE_TIMEOUT_MS : FIRST_REQUEST_TIMEOUT_MS;
      if (connection.isIdle && idleMs >= limitMs) connection.end();
    }
  }

  private expire(session: RtspSession): void {
    const carrier = [...this.connections].find((connection) => connection.carries(session));
    this.endSession(session);
    carrier?.end();
  }
}
