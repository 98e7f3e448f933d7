/**
 * Bits of a parameter set, most significant first (H.264 §7.2, H.265 §7.2), with emulation prevention taken out.
 *
 * Reading past the end, or an Exp-Golomb code longer than 32 bits, yields 0 and sets {@link overrun} for good: a parser
 * reads straight on, bounds its loops by the ranges of the specification, and asks once at its end.
 */
export class BitReader {
  private at = 0;
  private ranOut = false;

  /** `rbsp`: raw byte sequence payload, see {@link rbspOf}. */
  constructor(private readonly rbsp: Uint8Array) {}

  get overrun(): boolean {
    return this.ranOut;
  }

  /** `u(n)`, 1 <= n <= 32. */
  bits(count: number): number {
    let value = 0;
    for (let left = count; left > 0; left--) value = value * 2 + this.bit();
    return value;
  }

  flag(): boolean {
    return this.bit() === 1;
  }

  skip(count: number): void {
    this.at += count;
    if (this.at > this.rbsp.length * 8) this.ranOut = true;
  }

  /** `ue(v)`, 0..2^32-2 (H.264 §9.1, H.265 §9.2). */
  unsigned(): number {
    let zeros = 0;
    while (this.bit() === 0) {
      zeros++;
      if (this.ranOut || zeros > 31) {
        this.ranOut = true;
        return 0;
      }
    }
    return zeros === 0 ? 0 : 2 ** zeros - 1 + this.bits(zeros);
  }

  /** `se(v)` (H.264 §9.1.1). */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 1 ? (code + 1) / 2 : -(code / 2);
  }

  /** `ue(v)` that the specification limits to `max`: more than that spoils the whole parameter set. */
  unsignedUpTo(max: number): number {
    const value = this.unsigned();
    if (value <= max) return value;
    this.ranOut = true;
    return 0;
  }

  private bit(): number {
    const byte = this.rbsp[this.at >>> 3];
    if (byte === undefined) {
      this.ranOut = true;
      return 0;
    }
    const bit = (byte >>> (7 - (this.at & 7))) & 1;
    this.at++;
    return bit;
  }
}

/**
 * The payload of a NAL unit behind its header: each `00 00 03` loses its 03 (emulation_prevention_three_byte, H.264
 * §7.4.1, H.265 §7.4.2).
 */
export function rbspOf(nal: Uint8Array, headerBytes: number): Uint8Array {
  const rbsp = new Uint8Array(Math.max(0, nal.length - headerBytes));
  let zeros = 0;
  let length = 0;
  for (let at = headerBytes; at < nal.length; at++) {
    const byte = nal[at]!;
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    rbsp[length++] = byte;
  }
  return rbsp.subarray(0, length);
}
