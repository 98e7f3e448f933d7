/** First byte: version 2 in the top two bits. */
const VERSION_MASK = 0xc0;
const VERSION_2 = 0x80;
const PADDING_BIT = 0x20;
const EXTENSION_BIT = 0x10;
const CSRC_COUNT_MASK = 0x0f;
const FIXED_HEADER_BYTES = 12;
const EXTENSION_HEADER_BYTES = 4;

/**
 * One RTP header, read in place (RFC 3550 §5.1). One instance is read into again and again.
 *
 * ```
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 * |                           timestamp                           |
 * |           synchronization source (SSRC) identifier            |
 * |            contributing sources (CSRC), 4 bytes each          |
 * |      defined by profile       |   length in 32-bit words      |  when X
 * ```
 */
export class RtpPacket {
  payloadType = 0;
  marker = false;
  sequence = 0;
  timestamp = 0;
  ssrc = 0;
  payloadFrom = 0;
  /** Behind the last payload byte, padding left out. */
  payloadTo = 0;

  /** `false`: not RTP version 2, or lengths that do not fit; the fields then mean nothing. */
  parse(buffer: Buffer, from: number, to: number): boolean {
    if (to - from < FIXED_HEADER_BYTES || to > buffer.length) return false;
    const first = buffer[from]!;
    if ((first & VERSION_MASK) !== VERSION_2) return false;
    const second = buffer[from + 1]!;
    this.marker = second >= 0x80;
    this.payloadType = second & 0x7f;
    this.sequence = (buffer[from + 2]! << 8) | buffer[from + 3]!;
    this.timestamp = buffer.readUInt32BE(from + 4);
    this.ssrc = buffer.readUInt32BE(from + 8);
    return this.findPayload(buffer, from, to, first);
  }

  private findPayload(buffer: Buffer, from: number, to: number, first: number): boolean {
    let start = from + FIXED_HEADER_BYTES + (first & CSRC_COUNT_MASK) * 4;
    if ((first & EXTENSION_BIT) !== 0) {
      if (start + EXTENSION_HEADER_BYTES > to) return false;
      start += EXTENSION_HEADER_BYTES + buffer.readUInt16BE(start + 2) * 4;
    }
    let end = to;
    if ((first & PADDING_BIT) !== 0) {
      const padding = buffer[to - 1]!;
      if (padding === 0) return false;
      end -= padding;
    }
    this.payloadFrom = start;
    this.payloadTo = end;
    return start <= end;
  }
}
