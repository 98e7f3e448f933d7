/** ISO/IEC 14496-3 §4.5.1.1: 6144 bits a channel; eight of them. RFC 3640 §3.3.6 has 13 bits for a size. */
const MAX_UNIT_BYTES = 8_191;
/** 64 frames of 8 kHz are eight seconds: more in one packet is nonsense. */
const MAX_UNITS = 64;
const HEADER_BYTES = 2;
const INDEX_BITS = 3;

export interface AacSink {
  /** One access unit, `buffer[from..to)`, valid only during the call. `place`: from 0 within its packet. */
  onUnit(buffer: Buffer, from: number, to: number, place: number): void;
}

/**
 * AAC access units out of RTP payloads, mode AAC-hbr (RFC 3640 §3.2, §3.3.6).
 *
 * ```
 * | AU-headers-length 16 bits | size 13 | index 3 | size 13 | delta 3 | ... | AU | AU | ...
 * ```
 * A unit that does not fit into a packet comes alone, in fragments whose header says its whole size; the marker is on the
 * last one (§3.1, §3.2.3). Interleaving (an index or delta that is not 0) is not among what AAC-hbr receivers are asked for.
 */
export class AacDepacketizer {
  private readonly rest = Buffer.allocUnsafe(MAX_UNIT_BYTES);
  private restBytes = 0;
  private wantedBytes = 0;

  constructor(private readonly sink: AacSink) {}

  /** Packets are missing: what was begun cannot be completed. */
  loss(): void {
    this.restBytes = 0;
  }

  /** `false`: not what RFC 3640 allows here; nothing of it was handed on. */
  payload(buffer: Buffer, from: number, to: number, marker: boolean): boolean {
    if (to - from < 2 * HEADER_BYTES) return this.fault();
    const headerBits = buffer.readUInt16BE(from);
    const units = headerBits / (HEADER_BYTES * 8);
    if (!Number.isInteger(units) || units < 1 || units > MAX_UNITS) return this.fault();
    const headersFrom = from + 2;
    const dataFrom = headersFrom + units * HEADER_BYTES;
    if (dataFrom >= to) return this.fault();
    const size = buffer.readUInt16BE(headersFrom) >> INDEX_BITS;
    if (units === 1 && size > to - dataFrom) return this.fragment(buffer, dataFrom, to, size, marker);
    if (this.restBytes > 0 && units === 1 && size === this.wantedBytes)
      return this.fragment(buffer, dataFrom, to, size, marker);
    this.restBytes = 0;
    return this.whole(buffer, headersFrom, dataFrom, to, units);
  }

  private whole(buffer: Buffer, headersFrom: number, dataFrom: number, to: number, units: number): boolean {
    let bytes = 0;
    for (let unit = 0; unit < units; unit++) {
      const header = buffer.readUInt16BE(headersFrom + unit * HEADER_BYTES);
      if ((header & ((1 << INDEX_BITS) - 1)) !== 0 || header >> INDEX_BITS === 0) return this.fault();
      bytes += header >> INDEX_BITS;
    }
    if (bytes > to - dataFrom) return this.fault();
    let at = dataFrom;
    for (let unit = 0; unit < units; unit++) {
      const end = at + (buffer.readUInt16BE(headersFrom + unit * HEADER_BYTES) >> INDEX_BITS);
      this.sink.onUnit(buffer, at, end, unit);
      at = end;
    }
    return true;
  }

  private fragment(buffer: Buffer, from: number, to: number, size: number, marker: boolean): boolean {
    if (size !== this.wantedBytes) this.restBytes = 0;
    this.wantedBytes = size;
    if (this.restBytes + to - from > size) return this.fault();
    buffer.copy(this.rest, this.restBytes, from, to);
    this.restBytes += to - from;
    if (this.restBytes < size) return !marker || this.fault();
    this.restBytes = 0;
    this.sink.onUnit(this.rest, 0, size, 0);
    return true;
  }

  private fault(): false {
    this.restBytes = 0;
    return false;
  }
}
