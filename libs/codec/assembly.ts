/** How an access unit may be used by a reader that starts or is dropped in the middle of a stream. */
export interface AccessUnitInfo {
  /** RTP timestamp of the picture, 90 kHz, unwrapped to a growing number (RFC 3550 §5.1). */
  readonly pts90k: number;
  /** An IDR (H.264 §7.4.1.2.4) or IRAP (H.265 §7.4.2.2) picture: decoding can start here. */
  readonly isKey: boolean;
  /** Arrival of its last packet, monotonic milliseconds of the relay. */
  readonly arrivedMs: number;
}

const NOTHING = Buffer.alloc(0);

/** Memory that an {@link Assembly} writes into and its consumer keeps: {@link Assembly.writeInto}. */
export interface AssemblyMemory {
  /**
   * The unit under way does not fit behind what was written: gives another buffer with room for `bytes` from its start,
   * to which that unit is moved. What was committed, `[..committedTo)` of the buffer before, stays where it is.
   */
  next(bytes: number, committedTo: number): Buffer;
}

/**
 * The bytes of access units, written once. A depacketizer appends NAL units as they arrive, each behind its 4-byte
 * big-endian length (ISO/IEC 14496-15 §5.3.3), directly where the part under construction lies; whoever consumes access
 * units decides when to copy the finished run out and {@link rewind}.
 *
 * ```
 * buffer: | access units already handed on (the consumer's) | access unit being written        | free |
 *         0                                           unitStart                           writeAt
 * ```
 *
 * By default the buffer is the assembly's own and grows. A consumer that wants to keep what it gets without copying it
 * lends its memory instead ({@link writeInto}): committed bytes then stay where they are, for good, and when a buffer is
 * full only the unit under way is moved to the next one.
 *
 * One owner (the camera's pull); never shared between cameras.
 */
export class Assembly {
  buffer: Buffer;
  unitStart = 0;
  writeAt = 0;
  private nalStart = -1;
  private memory: AssemblyMemory | undefined;
  private source: Buffer = NOTHING;
  private sourceMemory: ArrayBufferLike = NOTHING.buffer;

  constructor(
    private readonly initialBytes: number,
    /**
     * Hard bound of one run, or of one unit in lent memory. A write that would pass it is refused and the access unit is
     * lost, not the stream.
     */
    readonly maxBytes: number,
  ) {
    this.buffer = NOTHING;
  }

  /** From now on, until undefined is given: writes into `memory`. A unit under way is lost. */
  writeInto(memory: AssemblyMemory | undefined): void {
    this.memory = memory;
    this.buffer = NOTHING;
    this.unitStart = 0;
    this.writeAt = 0;
    this.nalStart = -1;
  }

  get unitBytes(): number {
    return this.writeAt - this.unitStart;
  }

  /** First byte of the NAL unit being written, behind its length; -1 when none is. */
  get nalFrom(): number {
    return this.nalStart < 0 ? -1 : this.nalStart + 4;
  }

  /** Starts a NAL unit: leaves room for its length. `false` when the bound is reached. */
  beginNal(): boolean {
    if (!this.reserve(4)) return false;
    this.nalStart = this.writeAt;
    this.writeAt += 4;
    return true;
  }

  appendByte(value: number): boolean {
    if (!this.reserve(1)) return false;
    this.buffer[this.writeAt++] = value;
    return true;
  }

  append(source: Buffer, from: number, to: number): boolean {
    const bytes = to - from;
    if (!this.reserve(bytes)) return false;
    if (source !== this.source) this.readFrom(source);
    this.buffer.set(new Uint8Array(this.sourceMemory, source.byteOffset + from, bytes), this.writeAt);
    this.writeAt += bytes;
    return true;
  }

  /** Patches the length of the NAL unit that {@link beginNal} started. */
  endNal(): void {
    if (this.nalStart < 0) return;
    this.buffer.writeUInt32BE(this.writeAt - this.nalStart - 4, this.nalStart);
    this.nalStart = -1;
  }

  /** Forgets the NAL unit being written. */
  dropNal(): void {
    if (this.nalStart < 0) return;
    this.writeAt = this.nalStart;
    this.nalStart = -1;
  }

  /** Forgets the access unit being written. */
  dropUnit(): void {
    this.writeAt = this.unitStart;
    this.nalStart = -1;
  }

  /** The access unit is complete: its bytes now belong to the run, the next one starts behind it. */
  commitUnit(): void {
    this.unitStart = this.writeAt;
  }

  /** Forgets the committed run; bytes of the unit being written are moved to the front. */
  rewind(): void {
    const unfinished = this.writeAt - this.unitStart;
    if (unfinished > 0) this.buffer.copyWithin(0, this.unitStart, this.writeAt);
    if (this.nalStart >= 0) this.nalStart -= this.unitStart;
    this.unitStart = 0;
    this.writeAt = unfinished;
  }

  /**
   * All packets come out of one read buffer. `Buffer.copy` would ask it for its memory each time, by a call into C++ that
   * is a quarter of the cost of copying a packet (172 ns against 130 for 1,400 bytes into cold memory).
   */
  private readFrom(source: Buffer): void {
    this.source = source;
    this.sourceMemory = source.buffer;
  }

  private reserve(bytes: number): boolean {
    if (this.writeAt + bytes <= this.buffer.length) return true;
    return this.memory ? this.moveOn(this.memory, bytes) : this.grow(bytes);
  }

  private grow(bytes: number): boolean {
    const needed = this.writeAt + bytes;
    if (needed > this.maxBytes) return false;
    const room = Math.max(needed, this.initialBytes, this.buffer.length * 2);
    const grown = Buffer.allocUnsafeSlow(Math.min(this.maxBytes, room));
    this.buffer.copy(grown, 0, 0, this.writeAt);
    this.buffer = grown;
    return true;
  }

  private moveOn(memory: AssemblyMemory, bytes: number): boolean {
    const { unitStart, unitBytes } = this;
    if (unitBytes + bytes > this.maxBytes) return false;
    const buffer = memory.next(unitBytes + bytes, unitStart);
    this.buffer.copy(buffer, 0, unitStart, this.writeAt);
    if (this.nalStart >= 0) this.nalStart -= unitStart;
    this.buffer = buffer;
    this.unitStart = 0;
    this.writeAt = unitBytes;
    return true;
  }
}
