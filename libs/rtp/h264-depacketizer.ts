import type { AccessUnitBuilder } from './access-unit-builder.ts';
import type { Depacketizer } from './depacketizer.ts';

/** Payload structures of RFC 6184 §5.2, in the place of the NAL type. */
const STAP_A = 24;
const FU_A = 28;
const SINGLE_NAL_MAX = 23;
const TYPE_MASK = 0x1f;
const F_NRI_MASK = 0xe0;

/** H.264 payloads of packetization modes 0 and 1 (RFC 6184 §5.6-5.8). Interleaved mode (STAP-B, MTAP, FU-B) is refused. */
export class H264Depacketizer implements Depacketizer {
  constructor(private readonly units: AccessUnitBuilder) {}

  payload(buffer: Buffer, from: number, to: number): void {
    const type = buffer[from]! & TYPE_MASK;
    if (type >= 1 && type <= SINGLE_NAL_MAX) this.units.nal(buffer, from, to);
    else if (type === FU_A) this.fragment(buffer, from, to);
    else if (type === STAP_A) this.aggregate(buffer, from, to);
    else this.units.malformed();
  }

  /** `| STAP-A header | size 16 | NAL unit | size 16 | NAL unit | …` (§5.7.1) */
  private aggregate(buffer: Buffer, from: number, to: number): void {
    for (let at = from + 1; at < to;) {
      const end = at + 2 <= to ? at + 2 + buffer.readUInt16BE(at) : to + 1;
      if (end > to) return this.units.malformed();
      this.units.nal(buffer, at + 2, end);
      at = end;
    }
  }

  /**
   * ```
   * |F|NRI|  28     |S|E|R|  Type   |  fragment …     (§5.8)
   * ```
   * Start and end in one packet is forbidden, yet sent by cameras whose slices happen to fit.
   */
  private fragment(buffer: Buffer, from: number, to: number): void {
    if (to - from < 2) return this.units.malformed();
    const flags = buffer[from + 1]!;
    const isStart = (flags & 0x80) !== 0;
    if (isStart) {
      const header = (buffer[from]! & F_NRI_MASK) | (flags & TYPE_MASK);
      this.units.fragmentStart(header, 0, buffer, from + 2, to);
    } else {
      this.units.fragment(buffer, from + 2, to);
    }
    if ((flags & 0x40) !== 0) this.units.fragmentEnd();
  }
}
