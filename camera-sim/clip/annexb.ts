import type { SimCodec } from '../model.ts';

/** What this simulator wants to know about a NAL unit. */
export type NalRole = 'delimiter' | 'parameter-set' | 'key-slice' | 'slice' | 'other';

/**
 * Cuts an Annex B byte stream into NAL units without start codes (H.264 Annex B §B.1, H.265 Annex B §B.2). Trailing zero
 * bytes belong to the start code that follows and are taken off.
 */
export function splitAnnexB(stream: Buffer): Buffer[] {
  const nalUnits: Buffer[] = [];
  let start = -1;
  for (let at = stream.indexOf('\0\0\x01'); at >= 0; at = stream.indexOf('\0\0\x01', at + 3)) {
    if (start >= 0) nalUnits.push(withoutTrailingZeros(stream.subarray(start, at)));
    start = at + 3;
  }
  if (start >= 0) nalUnits.push(withoutTrailingZeros(stream.subarray(start)));
  return nalUnits.filter((nalUnit) => nalUnit.length > 0);
}

function withoutTrailingZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** H.264 Table 7-1: nal_unit_type is the low 5 bits. H.265 Table 7-1: bits 1..6 of the first byte. */
export function nalTypeOf(codec: SimCodec, nalUnit: Buffer): number {
  const first = nalUnit[0] ?? 0;
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

export function nalRoleOf(codec: SimCodec, nalUnit: Buffer): NalRole {
  const type = nalTypeOf(codec, nalUnit);
  return codec === 'h264' ? h264Role(type) : h265Role(type);
}

function h264Role(type: number): NalRole {
  if (type === 9) return 'delimiter';
  if (type === 7 || type === 8) return 'parameter-set';
  if (type === 5) return 'key-slice';
  return type >= 1 && type <= 4 ? 'slice' : 'other';
}

/** Types 16..23 are IRAP pictures (§7.4.2.2); 0..31 are slices. */
function h265Role(type: number): NalRole {
  if (type === 35) return 'delimiter';
  if (type >= 32 && type <= 34) return 'parameter-set';
  if (type >= 16 && type <= 23) return 'key-slice';
  return type <= 15 ? 'slice' : 'other';
}
