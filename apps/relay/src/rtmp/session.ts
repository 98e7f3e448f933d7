import type { Socket } from 'node:net';
import { refusal, type Clock, type Refusal } from '#libs/base';
import {
  FAREWELL_MS,
  HANDSHAKE_MS,
  IDLE_MS,
  MAX_BYTES_A_SECOND,
  MAX_OPENING_BYTES,
  MAX_UNSENT_BYTES,
  OPENING_MS,
  RATE_SPAN_MS,
} from './limits.ts';
import { RtmpProtocol } from './protocol.ts';
import type { PublishRequest } from './publish-request.ts';
import type { Publisher, Push } from './push.ts';

/** C0 and C1 (Adobe RTMP 1.0 §5.2): the version and 1,536 bytes of noise. */
const GREETING_BYTES = 1 + 1_536;
/** C2 follows, 1,536 bytes. */
const HANDSHAKE_BYTES = GREETING_BYTES + 1_536;
const RTMP_VERSION = 3;

export interface SessionOptions {
  readonly socket: Socket;
  readonly address: string;
  readonly clock: Clock;
  /** Whose stream has this name. */
  pushOf(streamName: string): Push | undefined;
  /** This device was refused too often of late. `undefined`: one that names no stream of ours. */
  isTooOften(streamName: string | undefined): boolean;
  onPublish(session: RtmpSession): void;
  /** Something of ours threw. */
  onDefect(error: unknown): void;
  /** Once. `undefined`: the publisher left by itself. */
  onEnd(session: RtmpSession, reason: Refusal | undefined): void;
}

/** Times are monotonic. Any state ends with the socket, with a refusal or with its deadline. */
type SessionState =
  /** Ends: C0 and C1 are there. Nothing of the protocol's memory is taken before. */
  | { readonly name: 'greeting'; readonly held: Buffer[] }
  /** Ends: an admitted `publish`. */
  | { readonly name: 'opening'; readonly protocol: RtmpProtocol }
  /** Ends: {@link IDLE_MS} without a picture; the publisher's farewell; `dismiss`. */
  | { readonly name: 'publishing'; readonly protocol: RtmpProtocol; readonly push: Push; pictureMs: number }
  /** Ends: its last words were sent, or {@link FAREWELL_MS}. */
  | { readonly name: 'ended'; readonly sinceMs: number };

/** One connection of the RTMP port, from its first byte to its last: how long, how much, how fast. */
export class RtmpSession implements Publisher {
  private state: SessionState = { name: 'greeting', held: [] };
  private readonly beganMs: number;
  private receivedBytes = 0;
  private spanStartMs: number;
  private spanBytes = 0;
  /** When what is being parsed was read. */
  private nowMs: number;
  private isFarewell = false;

  constructor(private readonly options: SessionOptions) {
    const { socket, clock } = options;
    this.beganMs = this.spanStartMs = this.nowMs = clock.monotonicMs();
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.read(bytes));
    socket.on('error', () => this.leave());
    socket.on('close', () => this.leave());
  }

  get address(): string {
    return this.options.address;
  }

  get isProven(): boolean {
    return this.state.name === 'publishing';
  }

  /** The stream that it publishes or published, for a log line. */
  streamName: string | undefined;

  dismiss(reason: Refusal): void {
    this.end(reason);
  }

  tick(nowMs: number): void {
    const { state } = this;
    if (state.name === 'ended') {
      if (nowMs - state.sinceMs >= FAREWELL_MS) this.options.socket.destroy();
    } else if (state.name === 'publishing') {
      if (nowMs - state.pictureMs >= IDLE_MS) this.end(slow('publisher-idle', `no picture for ${IDLE_MS} ms`));
    } else {
      this.lookAtOpening(nowMs - this.beganMs);
    }
  }

  private lookAtOpening(ageMs: number): void {
    if (this.receivedBytes < HANDSHAKE_BYTES && ageMs >= HANDSHAKE_MS) {
      this.end(slow('rtmp-handshake-late', `no handshake within ${HANDSHAKE_MS} ms`));
    } else if (ageMs >= OPENING_MS) {
      this.end(slow('rtmp-publish-late', `no publish within ${OPENING_MS} ms`));
    }
  }

  private read(bytes: Buffer): void {
    const { state } = this;
    this.nowMs = this.options.clock.monotonicMs();
    this.receivedBytes += bytes.length;
    if (state.name === 'greeting') this.greet(state.held, bytes);
    else if (state.name === 'opening') this.open(state.protocol, bytes);
    else if (state.name === 'publishing') this.receive(state.protocol, bytes);
  }

  /** Strangers are known by their first byte, and cost no more than what they sent. */
  private greet(held: Buffer[], bytes: Buffer): void {
    const isFirst = this.receivedBytes === bytes.length;
    if (isFirst && bytes[0] !== RTMP_VERSION) {
      return this.end(refusal('bad-input', 'rtmp-not-spoken', 'the first byte is not that of RTMP version 3'));
    }
    held.push(bytes);
    if (this.receivedBytes < GREETING_BYTES) return;
    const protocol: RtmpProtocol = new RtmpProtocol({
      send: (out) => this.send(out),
      publish: (request) => this.publish(protocol, request),
      video: (body, timestampMs) => this.video(body, timestampMs),
      finished: () => this.finished(),
    });
    this.state = { name: 'opening', protocol };
    this.open(protocol, Buffer.concat(held));
  }

  private open(protocol: RtmpProtocol, bytes: Buffer): void {
    this.receive(protocol, bytes);
    if (this.state.name !== 'opening' || this.receivedBytes <= MAX_OPENING_BYTES) return;
    this.end(refusal('too-large', 'rtmp-opening-too-long', `more than ${MAX_OPENING_BYTES} bytes before a publish`));
  }

  private receive(protocol: RtmpProtocol, bytes: Buffer): void {
    if (!this.isWithinRate(bytes.length)) {
      const limit = (MAX_BYTES_A_SECOND * 8) / 1e6;
      return this.end(refusal('too-many', 'publisher-too-fast', `more than ${limit} Mbit/s`));
    }
    try {
      const reason = protocol.receive(bytes);
      if (reason) this.end(reason);
      else if (this.isFarewell) this.end(undefined);
    } catch (error) {
      // A defect of ours costs one publisher its connection, not every camera.
      this.options.onDefect(error);
      this.end(refusal('unavailable', 'relay-defect', 'the relay failed on this publisher; the log says where'));
    }
  }

  private isWithinRate(bytes: number): boolean {
    if (this.nowMs - this.spanStartMs >= RATE_SPAN_MS) {
      this.spanStartMs = this.nowMs;
      this.spanBytes = 0;
    }
    this.spanBytes += bytes;
    return this.spanBytes <= (MAX_BYTES_A_SECOND * RATE_SPAN_MS) / 1_000;
  }

  private publish(protocol: RtmpProtocol, request: PublishRequest | undefined): Refusal | undefined {
    const push = request && this.options.pushOf(request.streamName);
    this.streamName = push?.streamName;
    if (this.options.isTooOften(this.streamName)) {
      return refusal('too-many', 'publish-too-often', 'this device was refused too often, it has to wait');
    }
    if (!push) return refusal('not-found', 'publisher-unknown', 'no publisher has this address');
    const reason = push.admit(request.key, this.nowMs);
    if (reason) return reason;
    this.state = { name: 'publishing', protocol, push, pictureMs: this.nowMs };
    push.begin(this, this.nowMs);
    this.options.onPublish(this);
    return undefined;
  }

  /** Hot path: one call a picture. */
  private video(body: Buffer, timestampMs: number): void {
    const { state } = this;
    if (state.name !== 'publishing') return;
    state.pictureMs = this.nowMs;
    state.push.video(this, body, timestampMs, this.nowMs);
  }

  /** Not at once: the parser is still at work. */
  private finished(): void {
    this.isFarewell = true;
  }

  private send(bytes: Buffer): void {
    const { socket } = this.options;
    if (socket.destroyed || this.state.name === 'ended') return;
    socket.write(bytes);
    if (socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
  }

  /** The other side is gone. */
  private leave(): void {
    if (this.state.name !== 'ended') this.end(undefined);
  }

  private end(reason: Refusal | undefined): void {
    const { state } = this;
    if (state.name === 'ended') return;
    const nowMs = this.options.clock.monotonicMs();
    this.state = { name: 'ended', sinceMs: nowMs };
    const { socket } = this.options;
    socket.removeAllListeners('data');
    // What still comes is thrown away until the other side has taken our last words.
    socket.resume();
    if (!socket.destroyed) socket.end(() => socket.destroy());
    if (state.name === 'publishing') state.push.ended(this, this.isFarewell, nowMs);
    this.options.onEnd(this, reason);
  }
}

function slow(code: 'publisher-idle' | 'rtmp-handshake-late' | 'rtmp-publish-late', message: string): Refusal {
  return refusal('peer-failed', code, message);
}
