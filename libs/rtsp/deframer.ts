import { MAX_GARBAGE_BYTES, MAX_HEAD_BYTES } from './limits.ts';
import { isStartLine, parseHead, withBody, type RtspHead, type RtspMessage } from './message.ts';

export interface DeframerSink {
  /** `buffer[from..to)` is valid only during the call. */
  onPacket(buffer: Buffer, from: number, to: number, channel: number): void;
  onMessage(message: RtspMessage): void;
  /** Whether packets come on this channel: how the stream is found again after garbage. */
  isChannel(channel: number): boolean;
}

const DOLLAR = 0x24;
const CR = 0x0d;
const LF = 0x0a;
const INTERLEAVED_HEADER_BYTES = 4;
/** Enough for one packet of a network that carries 1,500 bytes; grown when a camera sends larger ones. */
const FIRST_REST_BYTES = 2_048;
/** A larger rest than this is given back once it is used up: it was a message body, or an exception. */
const KEPT_REST_BYTES = 8_192;
const NOTHING = Buffer.alloc(0);

/** `text`: a message whose head is not complete. `body`: its head is in {@link Deframer.head}. `lost`: looking for a frame. */
type Mode = 'frame' | 'text' | 'body' | 'lost';

/**
 * Cuts the bytes of a control connection into interleaved packets (RFC 2326 §10.12) and messages.
 *
 * ```
 * |  '$'  | channel |  length 16  | packet … |  '$' … |  RTSP/1.0 200 OK CR LF … CR LF CR LF body |  '$' …
 * ```
 *
 * All connections share one read buffer: whole packets are handed on where they lie, and only one that the end of a read
 * cuts is set aside here, with exactly the bytes that complete it. Messages are rare and always set aside.
 */
export class Deframer {
  private mode: Mode = 'frame';
  private rest: Buffer = NOTHING;
  private restBytes = 0;
  private head: RtspHead | undefined;
  private lineFrom = 0;
  private garbageBytes = 0;
  private losses = 0;
  private isStopped = false;

  constructor(private readonly sink: DeframerSink) {}

  /** Whether the stream was lost at least once. Where it is found again may depend on how the network cut it. */
  get wasLost(): boolean {
    return this.losses > 0;
  }

  /** Hands nothing more on, not even from the read at hand. */
  stop(): void {
    this.isStopped = true;
    this.rest = NOTHING;
    this.restBytes = 0;
  }

  /** Takes `buffer[0..bytes)`. Returns what is wrong, once and for all, or undefined. */
  push(buffer: Buffer, bytes: number): string | undefined {
    let at = 0;
    while (at < bytes && !this.isStopped) {
      if (this.mode === 'frame')
        at = this.restBytes > 0 ? this.completePacket(buffer, at, bytes) : this.frames(buffer, at, bytes);
      else if (this.mode === 'text') at = this.textLine(buffer, at, bytes);
      else if (this.mode === 'body') at = this.bodyBytes(buffer, at, bytes);
      else at = this.search(buffer, at, bytes);
      if (this.garbageBytes > MAX_GARBAGE_BYTES) return `${this.garbageBytes} bytes that are neither RTSP nor packets`;
      if (at < 0) return 'a message past the caps of its head or body';
    }
    return undefined;
  }

  /** Whole packets in place, up to the first thing that is none. */
  private frames(buffer: Buffer, from: number, bytes: number): number {
    let at = from;
    while (at < bytes && !this.isStopped) {
      const first = buffer[at]!;
      if (first !== DOLLAR) return this.otherThanPacket(first, at);
      const bodyFrom = at + INTERLEAVED_HEADER_BYTES;
      const end = bodyFrom <= bytes ? bodyFrom + ((buffer[at + 2]! << 8) | buffer[at + 3]!) : bytes + 1;
      if (end > bytes) return this.setAside(buffer, at, bytes);
      this.garbageBytes = 0;
      this.sink.onPacket(buffer, bodyFrom, end, buffer[at + 1]!);
      at = end;
    }
    return at;
  }

  private otherThanPacket(first: number, at: number): number {
    // Empty lines between messages: RFC 2326 §4.1 bids to pass over them.
    if (first === CR || first === LF) {
      this.garbageBytes++;
      return at + 1;
    }
    const isCapital = first >= 0x41 && first <= 0x5a;
    if (!isCapital) this.losses++;
    this.mode = isCapital ? 'text' : 'lost';
    this.lineFrom = 0;
    return at;
  }

  private setAside(buffer: Buffer, from: number, to: number): number {
    this.reserve(to - from);
    buffer.copy(this.rest, this.restBytes, from, to);
    this.restBytes += to - from;
    return to;
  }

  /** The set-aside beginning of a packet gets its missing bytes: first those of its header, then the rest. */
  private completePacket(buffer: Buffer, from: number, bytes: number): number {
    const isHeaderKnown = this.restBytes >= INTERLEAVED_HEADER_BYTES;
    const needed = isHeaderKnown ? INTERLEAVED_HEADER_BYTES + this.rest.readUInt16BE(2) : INTERLEAVED_HEADER_BYTES;
    const at = this.setAside(buffer, from, Math.min(bytes, from + needed - this.restBytes));
    if (this.restBytes < needed) return at;
    if (isHeaderKnown) this.handOnPacket();
    else if (this.rest.readUInt16BE(2) === 0) this.handOnPacket();
    return at;
  }

  private handOnPacket(): void {
    const end = this.restBytes;
    this.garbageBytes = 0;
    this.restBytes = 0;
    this.sink.onPacket(this.rest, INTERLEAVED_HEADER_BYTES, end, this.rest[1]!);
    this.release();
  }

  /** One more line, or what has come of it, of a head. */
  private textLine(buffer: Buffer, from: number, bytes: number): number {
    const feed = buffer.subarray(from, bytes).indexOf(LF);
    const to = feed < 0 ? bytes : from + feed + 1;
    if (this.restBytes + to - from > MAX_HEAD_BYTES) return -1;
    this.setAside(buffer, from, to);
    if (feed < 0) return to;
    const line = this.rest.toString('latin1', this.lineFrom, this.restBytes).trimEnd();
    const isFirst = this.lineFrom === 0;
    this.lineFrom = this.restBytes;
    if (isFirst && !isStartLine(line)) this.loseRest();
    else if (line === '' && !this.endHead()) return -1;
    return to;
  }

  private endHead(): boolean {
    this.head = parseHead(this.rest.toString('latin1', 0, this.restBytes));
    this.restBytes = 0;
    if (!this.head) return false;
    if (this.head.bodyBytes > 0) this.mode = 'body';
    else this.handOnMessage('');
    return true;
  }

  private bodyBytes(buffer: Buffer, from: number, bytes: number): number {
    const missing = this.head!.bodyBytes - this.restBytes;
    const at = this.setAside(buffer, from, Math.min(bytes, from + missing));
    if (this.restBytes === this.head!.bodyBytes) this.handOnMessage(this.rest.toString('utf8', 0, this.restBytes));
    return at;
  }

  private handOnMessage(body: string): void {
    const { message } = this.head!;
    this.mode = 'frame';
    this.head = undefined;
    this.restBytes = 0;
    this.garbageBytes = 0;
    this.release();
    this.sink.onMessage(withBody(message, body));
  }

  private loseRest(): void {
    this.garbageBytes += this.restBytes;
    this.losses++;
    this.restBytes = 0;
    this.mode = 'lost';
  }

  /** Looks for a packet of a known channel that holds RTP or RTCP (version 2), or the beginning of a response. */
  private search(buffer: Buffer, from: number, bytes: number): number {
    for (let at = from; at < bytes; at++) {
      if (!this.isFrameAt(buffer, at, bytes)) continue;
      this.garbageBytes += at - from;
      this.mode = 'frame';
      return at;
    }
    this.garbageBytes += bytes - from;
    return bytes;
  }

  private isFrameAt(buffer: Buffer, at: number, bytes: number): boolean {
    const versionAt = at + INTERLEAVED_HEADER_BYTES;
    if (versionAt >= bytes) return false;
    if (buffer[at] === DOLLAR) return this.sink.isChannel(buffer[at + 1]!) && buffer[versionAt]! >>> 6 === 2;
    return buffer[at] === 0x52 && buffer.toString('latin1', at, at + 5) === 'RTSP/';
  }

  private reserve(bytes: number): void {
    const needed = this.restBytes + bytes;
    if (needed <= this.rest.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, FIRST_REST_BYTES, this.rest.length * 2));
    this.rest.copy(grown, 0, 0, this.restBytes);
    this.rest = grown;
  }

  private release(): void {
    if (this.restBytes === 0 && this.rest.length > KEPT_REST_BYTES) this.rest = NOTHING;
  }
}
