import type { BitReader } from './bit-reader.ts';

export interface SampleAspect {
  readonly width: number;
  readonly height: number;
}

/** `Extended_SAR` */
const EXTENDED = 255;

/** Table E-1 of both specifications, aspect_ratio_idc 1..16. */
const ASPECTS: readonly (readonly [number, number])[] = [
  [1, 1],
  [12, 11],
  [10, 11],
  [16, 11],
  [40, 33],
  [24, 11],
  [20, 11],
  [32, 11],
  [80, 33],
  [18, 11],
  [15, 11],
  [64, 33],
  [160, 99],
  [4, 3],
  [3, 2],
  [2, 1],
];

/** aspect_ratio_info_present_flag and what hangs on it: the same in H.264 §E.1.1 and H.265 §E.2.1. */
export function readAspectRatio(bits: BitReader): SampleAspect | undefined {
  if (!bits.flag()) return undefined;
  const idc = bits.bits(8);
  if (idc !== EXTENDED) {
    const known = ASPECTS[idc - 1];
    return known && !bits.overrun ? { width: known[0], height: known[1] } : undefined;
  }
  const width = bits.bits(16);
  const height = bits.bits(16);
  return width > 0 && height > 0 && !bits.overrun ? { width, height } : undefined;
}

/** Overscan, video signal type and chroma location: read past, the same in both specifications. */
export function readVideoSignal(bits: BitReader): void {
  if (bits.flag()) bits.skip(1); // overscan_appropriate_flag
  if (bits.flag()) {
    bits.skip(4); // video_format, video_full_range_flag
    if (bits.flag()) bits.skip(24); // colour primaries, transfer, matrix
  }
  if (bits.flag()) {
    bits.unsigned(); // chroma_sample_loc_type_top_field
    bits.unsigned(); // chroma_sample_loc_type_bottom_field
  }
}
