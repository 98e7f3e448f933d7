import net from 'node:net';
import { Backoff, ErrorCounter, reasonOf, refusal, type Clock, type Refusal } from '#libs/base';
import type { AudioFormat, TrackFormat } from '#libs/codec';
import { RETRY, retryWaitMs, type Sink, type StreamStats, type StreamTarget } from '#libs/relay';
import type { ReceiverStats } from '#libs/rtp';
import { RtspSession, type AudioTrack, type VideoTrack } from '#libs/rtsp';
import { Approach } from './approach.ts';
import { Intake } from './intake.ts';
import { endSocket } from './end-socket.ts';
import { publicRefusal, socketRefusal } from './peer-failure.ts';
import type { PullOptions } from './pull-options.ts';
import { FIRST_TURN_MS, nextTurnMs, type ReadTurns } from './read-turns.ts';
import type { StreamInput } from './stream-input.ts';
import { UdpPorts, type MediaKind } from './udp-media.ts';
import type { ArrivedUnit } from './unit-flow.ts';

/** A SYN that a pulled cable swallowed is repeated after one second: the second try still counts. */
const CONNECT_MS = 2_000;
/**
 * RFC 3550 §6.2: five seconds at least. They are not drawn at random as §6.3.5 bids: that keeps the many receivers of one
 * group from speaking at once, and here there is one.
 */
const REPORT_MS = 5_000;
/** A camera that does not read our few requests and reports is not one. */
const MAX_UNSENT_BYTES = 64 * 1024;
/** Failures of a stream that is away come about once a second; its change of state is logged by itself. */
const FAILURE_REPORT_MS = 60_000;
/** A connection that stays and carries nothing (a hung camera, a cable pulled beyond a switch) is given up. */
const SILENCE_MS = 5_000;

/** `deadlineMs` and `retryAtMs` are monotonic and looked at in {@link Pull.tick}. */
type PullState =
  /** `start` */
  | { readonly name: 'stopped' }
  /** the connection (and, for UDP, two ports), its failure, the deadline */
  | { readonly name: 'connecting'; readonly socket: net.Socket; readonly deadlineMs: number }
  /** failure of the session or the socket */
  | { readonly name: 'speaking'; readonly socket: net.Socket; readonly session: RtspSession; readonly udp?: UdpPorts }
  /** the time */
  | { readonly name: 'waiting'; readonly retryAtMs: number };

const STOPPED: PullState = { name: 'stopped' };

/**
 * Keeps one stream of one camera coming: connects, speaks, reads, and begins again with growing waits. No timers: sockets
 * call in, and {@link Pull.tick} looks at the deadlines.
 */
export class Pull implements StreamInput {
  private state: PullState = STOPPED;
  private readonly approach: Approach;
  private readonly intake: Intake;
  private rtpChannel = -1;
  private rtcpChannel = -1;
  private audioRtpChannel = -1;
  private audioRtcpChannel = -1;
  /** When the bytes being looked at were read. */
  private nowMs = 0;
  private nextReportMs = 0;
  /** How long it waits for its turn, and what this turn brought. */
  private turnMs = FIRST_TURN_MS;
  private turnBytes = 0;
  private readonly backoff = new Backoff(RETRY);
  private readonly errors: ErrorCounter;
  /** Connections that carried frames, without the first. */
  reconnects = 0;
  private connections = 0;
  private lastFailure: Refusal | undefined;

  // Read for every read of the socket: see the fields of AccessUnitBuilder (libs/rtp).
  private readonly clock: Clock;
  private readonly turns: ReadTurns;
  private readonly isUnwatched: () => boolean;
  private readonly onFrame: (unit: ArrivedUnit) => void;

  constructor(private readonly options: PullOptions) {
    this.clock = options.clock;
    this.turns = options.turns;
    this.isUnwatched = () => options.isUnwatched();
    this.onFrame = (unit) => options.onFrame(unit);
    this.approach = new Approach(options);
    this.intake = new Intake(options, {
      onFrame: (unit, isFirst) => this.frame(unit, isFirst),
      onBreak: (isNewFormat) => options.onBreak(isNewFormat),
      onRefusal: (reason) => this.refuse(reason),
    });
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

  get stats(): StreamStats {
    return this.intake.stats;
  }

  get counters(): Readonly<ReceiverStats> | undefined {
    return this.intake.counters;
  }

  get jitterMs(): number | undefined {
    return this.intake.jitterMs;
  }

  /** How packets come; undefined while none do. */
  get transport(): 'tcp' | 'udp' | undefined {
    return this.intake.hasFrames ? this.approach.transport : undefined;
  }

  get format(): TrackFormat | undefined {
    return this.intake.format;
  }

  /** Of the audio that comes; undefined: none does. */
  get audioFormat(): AudioFormat | undefined {
    return this.intake.audio?.format;
  }

  /** Unix milliseconds of the camera's own clock at `pts90k`; undefined before its first sender report. */
  wallClockOf(pts90k: number): number | undefined {
    return this.intake.wallClockOf(pts90k);
  }

  /** See {@link Intake.prime}. */
  prime(sink: Sink, maxBytes: number): boolean {
    return this.intake.prime(sink, maxBytes);
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
    const { state } = this;
    if (state.name === 'speaking') state.session.close();
    this.state = STOPPED;
    this.letGo(state);
    this.intake.close();
    this.lastFailure = undefined;
    // Coming back after nobody wanted it is no connection made again.
    this.connections = 0;
    this.errors.flush();
  }

  /** See {@link Intake.expire}. */
  expire(): void {
    this.intake.expire();
  }

  tick(nowMs: number): void {
    const { state } = this;
    if (state.name === 'connecting' && nowMs >= state.deadlineMs) {
      this.fail(refusal('peer-failed', 'connect-timeout', `no connection within ${CONNECT_MS} ms`));
    } else if (state.name === 'waiting' && nowMs >= state.retryAtMs) {
      this.open(nowMs);
    } else if (state.name === 'speaking') {
      state.session.tick();
      this.guarded(() => state.udp?.tick(nowMs));
      if (this.intake.isOpen && nowMs >= this.nextReportMs) this.report(state, nowMs);
    }
  }

  private report({ session, udp }: Extract<PullState, { name: 'speaking' }>, nowMs: number): void {
    this.nextReportMs = nowMs + REPORT_MS;
    const report = this.intake.receiverReport(nowMs);
    const audioReport = this.intake.audio?.receiverReport(nowMs);
    if (report && udp) udp.video.sendRtcp(report);
    else if (report) session.sendRtcp(report);
    if (audioReport && udp) udp.audio?.sendRtcp(audioReport);
    else if (audioReport) session.sendAudioRtcp(audioReport);
  }

  private open(nowMs: number): void {
    const target = this.approach.begin();
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
    socket.once('connect', () => this.connected(socket, target));
    socket.on('error', (error: NodeJS.ErrnoException) => this.socketFailed(socket, socketRefusal(error)));
    socket.on('close', () =>
      this.socketFailed(socket, refusal('peer-failed', 'connection-closed', 'the camera closed the connection')),
    );
  }

  private connected(socket: net.Socket, target: StreamTarget): void {
    if (!this.owns(socket)) return;
    if (this.approach.transport === 'tcp') return this.speak(socket, target);
    this.openPorts(socket, target).catch((error: unknown) => this.brokeDown(error));
  }

  /** Not before the connection stands: only then it is known by which family of addresses the camera is reached. */
  private async openPorts(socket: net.Socket, target: StreamTarget): Promise<void> {
    const { clock } = this;
    const { audioWindow } = this.options;
    const udp = await UdpPorts.open(
      socket.remoteFamily === 'IPv6' ? 'udp6' : 'udp4',
      audioWindow !== undefined,
      (kind) => ({
        onRtp: (packet, arrivedMs) => this.datagram(socket, kind, 'rtp', packet, arrivedMs),
        onRtcp: (packet) => this.datagram(socket, kind, 'rtcp', packet, clock.monotonicMs()),
      }),
      () => clock.monotonicMs(),
    );
    if (udp && this.owns(socket)) return this.speak(socket, target, udp);
    udp?.close();
    this.socketFailed(socket, refusal('unavailable', 'no-udp-ports', 'the relay found no free pair of UDP ports'));
  }

  private owns(socket: net.Socket): boolean {
    const { state } = this;
    return (state.name === 'connecting' || state.name === 'speaking') && state.socket === socket;
  }

  private socketFailed(socket: net.Socket, reason: Refusal): void {
    if (this.owns(socket)) this.fail(reason);
  }

  private speak(socket: net.Socket, target: StreamTarget, udp?: UdpPorts): void {
    const { clock } = this;
    const credential = this.approach.credentialFor(target);
    const session = new RtspSession({
      url: target.url,
      ...(credential && { credential }),
      ...(udp && { udpPorts: udp.video.ports }),
      ...(udp?.audio && { audioUdpPorts: udp.audio.ports }),
      // Without ports for it there is no asking for audio over UDP.
      withAudio: this.options.audioWindow !== undefined && (!udp || udp.audio !== undefined),
      clock,
      timing: { silenceMs: SILENCE_MS },
      send: (bytes) => this.send(socket, bytes),
      onTrack: (track) => this.receive(track, socket, udp),
      onAudioTrack: (track) => this.receiveAudio(track, socket, udp),
      onPacket: (buffer, from, to, channel) => this.packet(buffer, from, to, channel),
      onFail: (reason) => this.sessionFailed(socket, reason),
    });
    this.state = { name: 'speaking', socket, session, ...(udp && { udp }) };
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
    this.nowMs = this.clock.monotonicMs();
    try {
      state.session.receive(buffer as Buffer, bytes);
    } catch (error) {
      this.brokeDown(error);
    }
    // A buffer that was filled means that more is there: a large picture must not wait in a small window of TCP.
    this.turnBytes += bytes;
    if (bytes === buffer.length) return true;
    if (this.isUnwatched()) return this.pause(socket);
    this.turnBytes = 0;
    return true;
  }

  /** `false`: reading ends until its turn comes. */
  private pause(socket: net.Socket): false {
    this.turnMs = nextTurnMs(this.turnMs, this.turnBytes);
    this.turnBytes = 0;
    this.turns.wait(socket, this.turnMs);
    return false;
  }

  private packet(buffer: Buffer, from: number, to: number, channel: number): void {
    const { intake, nowMs } = this;
    if (channel === this.rtpChannel) intake.rtp(buffer, from, to, nowMs);
    else if (channel === this.rtcpChannel) intake.rtcp(buffer, from, to, nowMs);
    else if (channel === this.audioRtpChannel) intake.audio?.rtp(buffer, from, to, nowMs);
    else if (channel === this.audioRtcpChannel) intake.audio?.rtcp(buffer, from, to, nowMs);
  }

  /** One of the camera's: its address was checked. */
  private datagram(socket: net.Socket, kind: MediaKind, port: 'rtp' | 'rtcp', packet: Buffer, arrivedMs: number): void {
    const { state, intake } = this;
    if (state.name !== 'speaking' || state.socket !== socket) return;
    if (kind === 'video' && port === 'rtp') state.session.datagramCame(arrivedMs);
    const taker = kind === 'video' ? intake : intake.audio;
    this.guarded(() => taker?.[port](packet, 0, packet.length, arrivedMs));
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.brokeDown(error);
    }
  }

  /** A defect of ours that one camera's bytes brought to light costs that camera its connection, not every camera. */
  private brokeDown(error: unknown): void {
    const where = error instanceof Error ? error.stack : undefined;
    this.options.log.error({ reason: reasonOf(error), where }, 'defect while reading a stream');
    this.intake.discard();
    this.fail(refusal('unavailable', 'relay-defect', 'the relay could not read this stream; the log says where'));
  }

  private receive(track: VideoTrack, socket: net.Socket, udp: UdpPorts | undefined): void {
    const { delivery } = track;
    this.nextReportMs = this.clock.monotonicMs() + REPORT_MS;
    if (delivery.kind === 'udp') udp!.video.expect(socket.remoteAddress ?? '', delivery.from);
    else ({ rtpChannel: this.rtpChannel, rtcpChannel: this.rtcpChannel } = delivery);
    this.intake.begin(track);
  }

  private receiveAudio(track: AudioTrack, socket: net.Socket, udp: UdpPorts | undefined): void {
    const { delivery } = track;
    if (delivery.kind === 'udp') udp!.audio!.expect(socket.remoteAddress ?? '', delivery.from);
    else ({ rtpChannel: this.audioRtpChannel, rtcpChannel: this.audioRtcpChannel } = delivery);
    this.intake.beginAudio(track);
  }

  private frame(unit: ArrivedUnit, isFirst: boolean): void {
    if (isFirst) this.firstFrame();
    this.onFrame(unit);
  }

  private firstFrame(): void {
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
    const next = this.approach.afterwards(reason);
    if ('code' in next) queueMicrotask(() => this.socketFailed(socket, next));
    else this.reconnectTo(next);
  }

  /** From within the last callback of a session. */
  private reconnectTo(target: StreamTarget): void {
    const { state } = this;
    this.state = STOPPED;
    this.letGo(state);
    this.intake.end();
    this.connect(target, this.clock.monotonicMs());
  }

  private letGo(state: PullState): void {
    if (state.name === 'connecting' || state.name === 'speaking') endSocket(state.socket);
    if (state.name === 'speaking') state.udp?.close();
    this.rtpChannel = -1;
    this.rtcpChannel = -1;
    this.audioRtpChannel = -1;
    this.audioRtcpChannel = -1;
  }

  private fail(reason: Refusal): void {
    const { state } = this;
    const wasPlaying = this.intake.hasFrames;
    const waitMs = retryWaitMs(reason.code, this.backoff.nextMs());
    this.state = { name: 'waiting', retryAtMs: this.clock.monotonicMs() + waitMs };
    if (state.name === 'connecting' || state.name === 'speaking') state.socket.destroy();
    this.letGo(state);
    this.intake.end();
    this.errors.add(`${reason.code}: ${reason.message}`);
    this.lastFailure = publicRefusal(reason);
    // A stream that was cut may be back at the first retry: it is called lost when that fails, or by its silence.
    if (wasPlaying) return;
    this.approach.failed();
    this.options.onFailure(this.lastFailure);
  }
}
