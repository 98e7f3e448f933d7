import net from 'node:net';
import { Backoff, ErrorCounter, reasonOf, refusal, type Clock, type Logger, type Refusal } from '#libs/base';
import { Assembly, type AccessUnitInfo, type TrackFormat } from '#libs/codec';
import { Packager, type SegmentWindow } from '#libs/hls';
import {
  RETRY,
  StreamStats,
  retryWaitMs,
  streamTarget,
  type Hub,
  type Sink,
  type StreamTarget,
  type ClockError,
} from '#libs/relay';
import { VideoReceiver, type ReceiverStats } from '#libs/rtp';
import type { ReadTurns } from './read-turns.ts';
import { RtspSession, type Credential, type VideoTrack } from '#libs/rtsp';

/** A SYN that a pulled cable swallowed is repeated after one second: the second try still counts. */
const CONNECT_MS = 2_000;
const REPORT_MS = 5_000;
/** A camera that does not read our few requests and reports is not one. */
const MAX_UNSENT_BYTES = 64 * 1024;
/** Redirects to another port of the same host, per connection attempt. */
const MAX_REDIRECTS = 2;
/** Failures of a stream that is away come about once a second; its change of state is logged by itself. */
const FAILURE_REPORT_MS = 60_000;
/** A connection that stays and carries nothing (a hung camera, a cable pulled beyond a switch) is given up. */
const SILENCE_MS = 5_000;
/** Part under construction plus the unit being received; 200 ms of 8 Mbit/s are 200 kB, a large key frame is 1 MB. */
const ASSEMBLY_BYTES = 64 * 1024;
const MAX_ASSEMBLY_BYTES = 6 * 1024 * 1024;

/** What fetches a stream and where what it fetches goes. */
export interface PullOptions {
  /** Refused: it is tried again from time to time, and says why. */
  readonly target: ReturnType<typeof streamTarget>;
  readonly credential: Credential | undefined;
  /** Read by every socket of the process: its content is gone when the callback returns. */
  readonly readBuffer: Buffer;
  readonly window: SegmentWindow;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly log: Logger;
  /** 32 bits, for receiver reports (RFC 3550 §8.1). */
  readonly reporterSsrc: number;
  /** How far the camera's clock is ahead of ours; undefined: its sender reports say nothing that can be used. */
  clockError(): ClockError | undefined;
  /** Where sockets wait that are not to be read before their turn comes. */
  readonly turns: ReadTurns;
  /** Nobody looks at the stream just now: it may wait for its turn. Hot path. */
  isUnwatched(): boolean;
  /** A unit that can be shown arrived. Hot path. */
  onFrame(nowMs: number): void;
  onFailure(reason: Refusal): void;
}

/** `deadlineMs` and `retryAtMs` are monotonic and looked at in {@link Pull.tick}. */
type PullState =
  /** `start` */
  | { readonly name: 'stopped' }
  /** the connection, its failure, the deadline */
  | { readonly name: 'connecting'; readonly socket: net.Socket; readonly deadlineMs: number }
  /** failure of the session or the socket */
  | { readonly name: 'speaking'; readonly socket: net.Socket; readonly session: RtspSession }
  /** the time */
  | { readonly name: 'waiting'; readonly retryAtMs: number };

const STOPPED: PullState = { name: 'stopped' };

/**
 * Keeps one stream of one camera coming: connects, speaks, reads, and begins again with growing waits. No timers and no
 * promises: sockets call in, and {@link Pull.tick} looks at the deadlines.
 */
export class Pull {
  private state: PullState = STOPPED;
  private receiver: VideoReceiver | undefined;
  private assembly: Assembly | undefined;
  private packager: Packager | undefined;
  private track: VideoTrack | undefined;
  /** When the bytes being looked at were read. */
  private nowMs = 0;
  private nextReportMs = 0;
  private redirects = 0;
  private hasFrames = false;
  private readonly backoff = new Backoff(RETRY);
  private readonly errors: ErrorCounter;
  readonly stats = new StreamStats();
  /** Connections that carried frames, without the first. */
  reconnects = 0;
  private connections = 0;
  private lastFailure: Refusal | undefined;
  private trackFormat: TrackFormat | undefined;

  constructor(private readonly options: PullOptions) {
    const report = (count: number, reason: string): void => options.log.warn({ count, reason }, 'stream failed');
    this.errors = new ErrorCounter(options.clock, report, FAILURE_REPORT_MS);
  }

  get isRunning(): boolean {
    return this.state.name !== 'stopped';
  }

  /** Why the last attempt failed; undefined while frames come. */
  get failure(): Refusal | undefined {
    return this.lastFailure;
  }

  get counters(): Readonly<ReceiverStats> | undefined {
    return this.receiver?.stats;
  }

  get format(): TrackFormat | undefined {
    return this.trackFormat;
  }

  /** Unix milliseconds of the camera's own clock at `pts90k`; undefined before its first sender report. */
  wallClockOf(pts90k: number): number | undefined {
    return this.receiver?.wallClockOf(pts90k);
  }

  /**
   * Tells a sink that is about to join the format and every unit since the last key unit, as if it had been there.
   * `false` when there are none, or they are more than `maxBytes`: the sink has to wait for a key unit.
   */
  prime(sink: Sink, maxBytes: number): boolean {
    const units = this.receiver && this.trackFormat ? this.packager!.recall(maxBytes) : [];
    if (units.length === 0) return false;
    sink.format(this.trackFormat!);
    return units.every(({ bytes, info }) => sink.unit({ buffer: bytes, from: 0, to: bytes.length, info }));
  }

  start(nowMs: number): void {
    if (this.state.name === 'stopped') this.open(nowMs);
  }

  /** Somebody looks from now on: what waits for its turn is read at once. */
  hurry(): void {
    if (this.state.name === 'speaking') this.state.socket.resume();
  }

  /** Says goodbye to the camera and gives the memory back. What was packaged stays in the window. */
  stop(): void {
    if (this.state.name === 'speaking') this.state.session.close();
    if (this.state.name === 'speaking' || this.state.name === 'connecting') endSocket(this.state.socket);
    this.state = STOPPED;
    this.packager?.finish();
    this.forgetReceiver();
    this.assembly = undefined;
    this.packager = undefined;
    this.lastFailure = undefined;
    this.errors.flush();
  }

  /** What was received is old by now: it is not listed any more, and what follows does not continue it. */
  expire(): void {
    this.packager?.breakTimeline();
    this.options.window.clear();
  }

  tick(nowMs: number): void {
    const { state } = this;
    if (state.name === 'connecting' && nowMs >= state.deadlineMs) {
      this.fail(refusal('peer-failed', 'connect-timeout', `no connection within ${CONNECT_MS} ms`));
    } else if (state.name === 'waiting' && nowMs >= state.retryAtMs) {
      this.open(nowMs);
    } else if (state.name === 'speaking') {
      state.session.tick();
      if (this.receiver && nowMs >= this.nextReportMs) this.report(state.session, nowMs);
    }
  }

  private report(session: RtspSession, nowMs: number): void {
    this.nextReportMs = nowMs + REPORT_MS;
    const report = this.receiver!.receiverReport(nowMs);
    if (report) session.sendRtcp(report);
  }

  private open(nowMs: number): void {
    const { target } = this.options;
    this.redirects = 0;
    if (target.ok) this.connect(target.value, nowMs);
    else this.fail(target.refusal);
  }

  private connect(target: StreamTarget, nowMs: number): void {
    const socket: net.Socket = net.connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      onread: { buffer: this.options.readBuffer, callback: (bytes, buffer) => this.read(socket, bytes, buffer) },
    });
    this.state = { name: 'connecting', socket, deadlineMs: nowMs + CONNECT_MS };
    socket.once('connect', () => this.speak(socket, target));
    socket.on('error', (error: NodeJS.ErrnoException) => this.socketFailed(socket, socketRefusal(error)));
    socket.on('close', () =>
      this.socketFailed(socket, refusal('peer-failed', 'connection-closed', 'the camera closed the connection')),
    );
  }

  private owns(socket: net.Socket): boolean {
    const { state } = this;
    return (state.name === 'connecting' || state.name === 'speaking') && state.socket === socket;
  }

  private socketFailed(socket: net.Socket, reason: Refusal): void {
    if (this.owns(socket)) this.fail(reason);
  }

  private speak(socket: net.Socket, target: StreamTarget): void {
    if (!this.owns(socket)) return;
    const { credential, clock } = this.options;
    const session = new RtspSession({
      url: target.url,
      ...(credential && { credential }),
      clock,
      timing: { silenceMs: SILENCE_MS },
      send: (bytes) => this.send(socket, bytes),
      onTrack: (track) => this.receive(track),
      onPacket: (buffer, from, to, channel) => this.packet(buffer, from, to, channel),
      onFail: (reason) => this.sessionFailed(socket, reason),
    });
    this.state = { name: 'speaking', socket, session };
    session.start();
  }

  private send(socket: net.Socket, bytes: Buffer): void {
    if (socket.destroyed) return;
    if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy(new Error('the camera does not read'));
    else socket.write(bytes);
  }

  /** Hot path: one call a read of any socket. `true`: go on reading. */
  private read(socket: net.Socket, bytes: number, buffer: Buffer | Uint8Array): boolean {
    const { state } = this;
    if (state.name !== 'speaking' || state.socket !== socket) return false;
    this.nowMs = this.options.clock.monotonicMs();
    try {
      state.session.receive(buffer as Buffer, bytes);
    } catch (error) {
      this.brokeDown(error);
    }
    // A buffer that was filled means that more is there: a large picture must not wait in a small window of TCP.
    if (bytes === buffer.length || !this.options.isUnwatched()) return true;
    this.options.turns.wait(socket);
    return false;
  }

  /** A defect of ours that one camera's bytes brought to light costs that camera its connection, not every camera. */
  private brokeDown(error: unknown): void {
    const where = error instanceof Error ? error.stack : undefined;
    this.options.log.error({ reason: reasonOf(error), where }, 'defect while reading a stream');
    this.packager?.release();
    this.assembly = undefined;
    this.packager = undefined;
    this.options.window.clear();
    this.fail(refusal('unavailable', 'relay-defect', 'the relay could not read this stream; the log says where'));
  }
  private packet(buffer: Buffer, from: number, to: number, channel: number): void {
    if (channel === this.track!.rtpChannel) this.receiver!.receiveRtp(buffer, from, to, this.nowMs);
    else if (channel === this.track!.rtcpChannel) this.receiver!.receiveRtcp(buffer, from, to, this.nowMs);
  }

  private receive(track: VideoTrack): void {
    const { window, clock } = this.options;
    const assembly = (this.assembly ??= new Assembly(ASSEMBLY_BYTES, MAX_ASSEMBLY_BYTES));
    this.packager ??= new Packager({ assembly, window, clock, takenAtMs: (pts90k) => this.takenAtMs(pts90k) });
    this.track = track;
    const startMs = clock.monotonicMs();
    this.nextReportMs = startMs + REPORT_MS;
    this.stats.restart(startMs);
    this.receiver = new VideoReceiver({
      codec: track.codec,
      payloadType: track.payloadType,
      clockRate: track.clockRate,
      assembly,
      parameterSets: track.parameterSets,
      reporterSsrc: this.options.reporterSsrc,
      onFormat: (format) => this.useFormat(format),
      onAccessUnit: (info) => this.unit(assembly, info),
      onRefusal: (reason) => this.refuse(reason),
      onBye: () => this.refuse(refusal('peer-failed', 'rtcp-bye', 'the camera ended the stream')),
    });
  }

  /** By the camera's sender reports, on our clock. */
  private takenAtMs(pts90k: number): number | undefined {
    const errorMs = this.options.clockError()?.errorMs;
    const cameraMs = errorMs === undefined ? undefined : this.receiver?.wallClockOf(pts90k);
    return cameraMs === undefined ? undefined : cameraMs - errorMs!;
  }

  private useFormat(format: TrackFormat): void {
    this.trackFormat = format;
    this.packager!.useFormat(format);
    this.options.hub.publishFormat(format);
  }

  /** Hot path: one call a frame. */
  private unit(assembly: Assembly, info: AccessUnitInfo & { readonly bytes: number }): void {
    const { hub } = this.options;
    if (!this.hasFrames) this.firstFrame();
    if (info.isKey) this.stats.keyFrame(info.arrivedMs);
    if (hub.size > 0) {
      hub.publishUnit({ buffer: assembly.buffer, from: assembly.unitStart - info.bytes, to: assembly.unitStart, info });
    }
    this.packager!.addUnit(info);
    this.options.onFrame(info.arrivedMs);
  }

  private firstFrame(): void {
    this.hasFrames = true;
    this.backoff.reset();
    this.lastFailure = undefined;
    if (this.connections++ > 0) this.reconnects++;
  }

  /** Not from within a packet's callbacks: the receiver is still on the stack there. */
  private refuse(reason: Refusal): void {
    const { state } = this;
    if (state.name === 'speaking') queueMicrotask(() => this.socketFailed(state.socket, reason));
  }

  private sessionFailed(socket: net.Socket, reason: Refusal): void {
    if (!this.owns(socket)) return;
    if (reason.code === 'rtsp-redirected' && this.follow(reason, socket)) return;
    queueMicrotask(() => this.socketFailed(socket, reason));
  }

  /** To another port of the same host; the address is held to the camera's host once more. */
  private follow(reason: Refusal, socket: net.Socket): boolean {
    const original = this.options.target;
    if (!original.ok || this.redirects >= MAX_REDIRECTS) return false;
    const target = streamTarget(String(reason.details?.['url']), original.value.host);
    if (!target.ok) return false;
    this.redirects++;
    this.state = STOPPED;
    endSocket(socket);
    this.connect(target.value, this.options.clock.monotonicMs());
    return true;
  }

  private fail(reason: Refusal): void {
    const { state } = this;
    if (state.name === 'connecting' || state.name === 'speaking') state.socket.destroy();
    const wasPlaying = this.hasFrames;
    const waitMs = retryWaitMs(reason.code, this.backoff.nextMs());
    this.state = { name: 'waiting', retryAtMs: this.options.clock.monotonicMs() + waitMs };
    this.forgetReceiver();
    this.errors.add(`${reason.code}: ${reason.message}`);
    const told = PUBLIC_MESSAGES[reason.code];
    this.lastFailure = told === undefined ? reason : { ...reason, message: told };
    // A stream that was cut may be back at the first retry: it is called lost when that fails, or by its silence.
    if (!wasPlaying) this.options.onFailure(this.lastFailure);
  }

  private forgetReceiver(): void {
    if (!this.receiver) return;
    this.receiver = undefined;
    this.track = undefined;
    this.hasFrames = false;
    this.assembly?.dropUnit();
    this.packager?.breakTimeline();
    this.options.hub.publishGap();
  }
}

/** Lets what was written leave, but not for ever. */
function endSocket(socket: net.Socket): void {
  socket.removeAllListeners('close');
  if (socket.connecting) socket.destroy();
  else socket.end(() => socket.destroy());
}

/** Failures whose own text names an address: that is for the log, viewers read this. */
const PUBLIC_MESSAGES: Readonly<Record<string, string>> = {
  'rtsp-foreign-host': 'the camera names a stream on another host',
  'rtsp-redirected': 'the camera redirects without end',
  'rtsp-bad-address': 'the recorded stream address cannot be used',
  'sdp-malformed': 'the camera describes its stream in a way that cannot be used',
};

/** Codes of the system (errno) and what a control room is told. Texts name no address: viewers may read them. */
const SOCKET_FAILURES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ECONNREFUSED: ['connect-refused', 'the camera refuses connections on its stream port'],
  EHOSTUNREACH: ['host-unreachable', 'no device answers at the camera address'],
  ENETUNREACH: ['host-unreachable', 'there is no route to the camera address'],
  ETIMEDOUT: ['connect-timeout', 'the camera did not answer'],
  ENOTFOUND: ['host-unknown', 'the camera host name is not known'],
  EAI_AGAIN: ['host-unknown', 'the camera host name could not be looked up'],
  ECONNRESET: ['connection-reset', 'the camera broke the connection'],
  EPIPE: ['connection-reset', 'the camera broke the connection'],
};

function socketRefusal(error: NodeJS.ErrnoException): Refusal {
  const known = SOCKET_FAILURES[error.code ?? ''];
  if (known) return refusal('peer-failed', known[0], known[1]);
  return refusal('peer-failed', 'connection-failed', `connection failed (${error.code ?? 'unknown'})`);
}
