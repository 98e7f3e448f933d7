import type { AccessUnitBuilder } from './access-unit-builder.ts';
import type { Depacketizer } from './depacketizer.ts';

/** Payload structures of RFC 7798 §4.4, in the place of the NAL type. */
const AGGREGATION = 48;
const FRAGMENTATION = 49;
const TYPE_SHIFT = 1;
/** F and the upper bit of the layer id, which stand left and right of the type. */
const AROUND_TYPE_MASK = 0x81;

/** H.265 payloads without decoding order numbers (RFC 7798 §4.4.1-4.4.3, sprop-max-don-diff = 0). PACI is refused. */
export class H265Depacketizer implements Depacketizer {
  constructor(private readonly units: AccessUnitBuilder) {}

  payload(buffer: Buffer, from: number, to: number): void {
    if (to - from < 3) return this.units.malformed();
    const type = (buffer[from]! >>> TYPE_SHIFT) & 0x3f;
    if (type < AGGREGATION) this.units.nal(buffer, from, to);
    else if (type === FRAGMENTATION) this.fragment(buffer, from, to);
    else if (type === AGGREGATION) this.aggregate(buffer, from, to);
    else this.units.malformed();
  }

  /** `| payload header 16 | size 16 | NAL unit | size 16 | NAL unit | …` (§4.4.2) */
  private aggregate(buffer: Buffer, from: number, to: number): void {
    for (let at = from + 2; at < to;) {
      const end = at + 2 <= to ? at + 2 + buffer.readUInt16BE(at) : to + 1;
      if (end > to) return this.units.malformed();
      this.units.nal(buffer, at + 2, end);
      at = end;
    }
  }

  /**
   * ```
   * |F|  49       |  LayerId  | TID |S|E|  FuType   |  fragment …     (§4.4.3)
   * ```
   */
  private fragment(buffer: Buffer, from: number, to: number): void {
    const flags = buffer[from + 2]!;
    if ((flags & 0x80) !== 0) {
      const first = (buffer[from]! & AROUND_TYPE_MASK) | ((flags & 0x3f) << TYPE_SHIFT);
      this.units.fragmentStart(first, buffer[from + 1]!, buffer, from + 3, to);
    } else {
      this.units.fragment(buffer, from + 3, to);
    }
    if ((flags & 0x40) !== 0) this.units.fragmentEnd();
  }
}
