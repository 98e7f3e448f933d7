/** A box or a part of one, not yet laid out. Only init segments are built this way; fragments are written in place. */
export type BoxContent = Buffer | readonly BoxContent[];

const HEADER_BYTES = 8;

/** `size(32) type(32) content` (ISO/IEC 14496-12 §4.2). */
export function box(type: string, ...content: readonly BoxContent[]): Buffer {
  const parts = flatten(content);
  const size = parts.reduce((sum, part) => sum + part.length, HEADER_BYTES);
  return Buffer.concat([u32(size), ascii(type), ...parts], size);
}

/** A box whose content begins with `version(8) flags(24)` (ISO/IEC 14496-12 §4.2). */
export function fullBox(type: string, version: number, flags: number, ...content: readonly BoxContent[]): Buffer {
  return box(type, u32(((version << 24) | flags) >>> 0), content);
}

function flatten(content: readonly BoxContent[]): Buffer[] {
  return content.flatMap((item) => (Buffer.isBuffer(item) ? [item] : flatten(item)));
}

export function u8(...values: readonly number[]): Buffer {
  return Buffer.from(values);
}

export function u16(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => out.writeUInt16BE(value, index * 2));
  return out;
}

export function u32(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => out.writeUInt32BE(value, index * 4));
  return out;
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export function zeros(bytes: number): Buffer {
  return Buffer.alloc(bytes);
}
