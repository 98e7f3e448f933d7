import { MAX_MISORDER } from './sequence-tracker.ts';

/**
 * Datagrams held back at most: 128 are 60 ms of 20 Mbit/s, and half a second of a sub stream. A power of two, so that a
 * sequence number finds its place by its low bits across the wrap.
 */
export const MAX_HELD_PACKETS = 128;
/** All of them as large as a datagram can be would be 8 MB. */
export const MAX_HELD_BYTES = 512 * 1024;
/**
 * How long a hole is waited for. Switches and radio links reorder within a few milliseconds; what takes longer than this
 * costs more in latency than the pictures up to the next key frame are worth.
 */
export const MAX_HOLD_MS = 80;

const SEQUENCE_MASK = 0xffff;
const HALF = 0x8000;
const PLACE_MASK = MAX_HELD_PACKETS - 1;
const FIXED_HEADER_BYTES = 12;
const NONE = -1;

export interface ReorderSink {
  /** In the order of sequence numbers, each once; holes are left where packets never came. */
  onPacket(packet: Buffer, arrivedMs: number): void;
  /** Came twice or after its place was given up, or cannot be placed: to be counted, not decoded. */
  onLeftOver(packet: Buffer, arrivedMs: number): void;
}

/**
 * Puts the datagrams of one RTP source back into the order of their sequence numbers (RFC 3550 §5.1). One that is
 * expected passes straight through; one that came early is held, as the datagram it is and not as a copy, until those
 * before it came, waited {@link MAX_HOLD_MS}, or there is no more room. No timers: {@link push} and {@link tick} look.
 *
 * ```
 * expected 7:   push 7 -> 7        push 9 -> (held)      push 8 -> 8 9        push 7 -> left over
 * ```
 */
export class ReorderBuffer {
  private readonly places: (Buffer | undefined)[] = Array.from({ length: MAX_HELD_PACKETS });
  private readonly arrivals = new Float64Array(MAX_HELD_PACKETS);
  private expected = NONE;
  private ssrc = NONE;
  private held = 0;
  private heldBytes = 0;
  /** When the hole at {@link expected} was first seen. */
  private holeSinceMs = 0;
  /** A far jump that the next packet may confirm (RFC 3550 §A.1). */
  private expectedAfterJump = NONE;

  constructor(private readonly sink: ReorderSink) {}

  get heldPackets(): number {
    return this.held;
  }

  /** `packet` is the buffer's from now on: a datagram of its own, not a shared read buffer. */
  push(packet: Buffer, nowMs: number): void {
    if (packet.length < FIXED_HEADER_BYTES) return this.sink.onLeftOver(packet, nowMs);
    this.tick(nowMs);
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    if (ssrc !== this.ssrc) this.follow(ssrc, sequence);
    const ahead = (sequence - this.expected) & SEQUENCE_MASK;
    if (ahead === 0) this.pass(packet, nowMs);
    else if (ahead < MAX_HELD_PACKETS) this.hold(packet, sequence, nowMs);
    else if (ahead < HALF) this.jump(packet, sequence, nowMs);
    else this.comesLate(packet, sequence, nowMs);
  }

  /** Gives up holes that were waited for long enough. */
  tick(nowMs: number): void {
    while (this.held > 0 && nowMs - this.holeSinceMs >= MAX_HOLD_MS) this.skipHole(nowMs);
  }

  /** Hands on all that is held, holes and all. */
  flush(): void {
    while (this.held > 0) this.skipHole(this.holeSinceMs);
  }

  private pass(packet: Buffer, nowMs: number): void {
    this.expectedAfterJump = NONE;
    this.expected = (this.expected + 1) & SEQUENCE_MASK;
    this.sink.onPacket(packet, nowMs);
    if (this.held > 0) this.drain(nowMs);
  }

  /** What lies next to each other at {@link expected}. */
  private drain(nowMs: number): void {
    for (;;) {
      const at = this.expected & PLACE_MASK;
      const packet = this.places[at];
      if (!packet) break;
      this.places[at] = undefined;
      this.held--;
      this.heldBytes -= packet.length;
      this.expected = (this.expected + 1) & SEQUENCE_MASK;
      this.sink.onPacket(packet, this.arrivals[at]!);
    }
    this.holeSinceMs = nowMs;
  }

  private hold(packet: Buffer, sequence: number, nowMs: number): void {
    const at = sequence & PLACE_MASK;
    if (this.places[at]) return this.sink.onLeftOver(packet, nowMs);
    if (this.held === 0) this.holeSinceMs = nowMs;
    this.places[at] = packet;
    this.arrivals[at] = nowMs;
    this.held++;
    this.heldBytes += packet.length;
    while (this.heldBytes > MAX_HELD_BYTES) this.skipHole(nowMs);
  }

  /** The next packet that is there becomes the expected one. Only while something is held. */
  private skipHole(nowMs: number): void {
    while (!this.places[this.expected & PLACE_MASK]) this.expected = (this.expected + 1) & SEQUENCE_MASK;
    this.drain(nowMs);
  }

  /** Further ahead than there is room: those before it are given up, one by one, until it fits or nothing is held. */
  private jump(packet: Buffer, sequence: number, nowMs: number): void {
    while (this.held > 0 && ((sequence - this.expected) & SEQUENCE_MASK) >= MAX_HELD_PACKETS) this.skipHole(nowMs);
    const ahead = (sequence - this.expected) & SEQUENCE_MASK;
    if (ahead > 0 && ahead < MAX_HELD_PACKETS) return this.hold(packet, sequence, nowMs);
    this.expected = sequence;
    this.pass(packet, nowMs);
  }

  /** Behind what was handed on: late, or a source that began again elsewhere, which the next packet confirms. */
  private comesLate(packet: Buffer, sequence: number, nowMs: number): void {
    const behind = (this.expected - sequence) & SEQUENCE_MASK;
    const isFar = behind > MAX_MISORDER + 1;
    if (isFar && sequence === this.expectedAfterJump) {
      this.flush();
      this.expected = sequence;
      return this.pass(packet, nowMs);
    }
    if (isFar) this.expectedAfterJump = (sequence + 1) & SEQUENCE_MASK;
    this.sink.onLeftOver(packet, nowMs);
  }

  /** Another source has another count. */
  private follow(ssrc: number, sequence: number): void {
    this.flush();
    this.ssrc = ssrc;
    this.expected = sequence;
    this.expectedAfterJump = NONE;
  }
}
