import type { BitReader } from './bit-reader.ts';

/** profile_tier_level() (H.265 §7.3.3), its general part. */
export interface ProfileTierLevel {
  readonly profileSpace: number;
  readonly isHighTier: boolean;
  readonly profileIdc: number;
  /** Flag 0 in the most significant of 32 bits. */
  readonly profileCompatibility: number;
  /** Six bytes: progressive, interlaced, non-packed, frame-only flags and 44 more bits. */
  readonly constraintFlags: Buffer;
  readonly levelIdc: number;
}

const CONSTRAINT_BYTES = 6;
/** Bits of sub_layer_profile_space … sub_layer_reserved_zero_bit. */
const SUB_LAYER_PROFILE_BITS = 88;
const SUB_LAYER_LEVEL_BITS = 8;

export function readProfileTierLevel(bits: BitReader, temporalLayers: number): ProfileTierLevel {
  const profileSpace = bits.bits(2);
  const isHighTier = bits.flag();
  const profileIdc = bits.bits(5);
  const profileCompatibility = bits.bits(32);
  const constraintFlags = Buffer.alloc(CONSTRAINT_BYTES);
  for (let at = 0; at < CONSTRAINT_BYTES; at++) constraintFlags[at] = bits.bits(8);
  const levelIdc = bits.bits(8);
  skipSubLayers(bits, temporalLayers - 1);
  return { profileSpace, isHighTier, profileIdc, profileCompatibility, constraintFlags, levelIdc };
}

function skipSubLayers(bits: BitReader, subLayers: number): void {
  if (subLayers === 0) return;
  let skipped = 0;
  for (let layer = 0; layer < subLayers; layer++) {
    if (bits.flag()) skipped += SUB_LAYER_PROFILE_BITS;
    if (bits.flag()) skipped += SUB_LAYER_LEVEL_BITS;
  }
  bits.skip((8 - subLayers) * 2 + skipped);
}
