/** How an access unit may be used by a reader that starts or is dropped in the middle of a stream. */
export interface AccessUnitInfo {
  /** RTP timestamp of the picture, 90 kHz, unwrapped to a growing number (RFC 3550 §5.1). */
  readonly pts90k: number;
  /** An IDR (H.264 §7.4.1.2.4) or IRAP (H.265 §7.4.2.2) picture: decoding can start here. */
  readonly isKey: boolean;
  /** Arrival of its last packet, monotonic milliseconds of the relay. */
  readonly arrivedMs: number;
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
 * One owner (the camera's pull); never shared between cameras.
 */
export class Assembly {
  buffer: Buffer;
  unitStart = 0;
  writeAt = 0;
  private nalStart = -1;

  constructor(
    initialBytes: number,
    /** Hard bound of one run. A write that would pass it is refused and the access unit is lost, not the stream. */
    readonly maxBytes: number,
  ) {
    this.buffer = Buffer.allocUnsafeSlow(initialBytes);
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
    source.copy(this.buffer, this.writeAt, from, to);
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

  /** Forgets the first `bytes` of the committed run; the rest of it and the unit being written move to the front. */
  release(bytes: number): void {
    if (bytes < 0 || bytes > this.unitStart) throw new RangeError(`release ${bytes} of a run of ${this.unitStart}`);
    if (bytes === 0) return;
    if (this.writeAt > bytes) this.buffer.copyWithin(0, bytes, this.writeAt);
    if (this.nalStart >= 0) this.nalStart -= bytes;
    this.unitStart -= bytes;
    this.writeAt -= bytes;
  }

  private reserve(bytes: number): boolean {
    const needed = this.writeAt + bytes;
    if (needed <= this.buffer.length) return true;
    if (needed > this.maxBytes) return false;
    const grown = Buffer.allocUnsafeSlow(Math.min(this.maxBytes, Math.max(needed, this.buffer.length * 2)));
    this.buffer.copy(grown, 0, 0, this.writeAt);
    this.buffer = grown;
    return true;
  }
}
