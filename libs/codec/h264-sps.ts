import { BitReader, rbspOf } from './bit-reader.ts';
import { readAspectRatio, readVideoSignal, type SampleAspect } from './vui.ts';
import { MAX_PICTURE_SIDE_PX } from './limits.ts';

/** Sequence parameter set (H.264 §7.3.2.1.1), as far as a relay needs it. */
export interface H264Sps {
  readonly id: number;
  readonly profileIdc: number;
  /** constraint_set0_flag..constraint_set5_flag and two reserved bits, as one byte. */
  readonly constraintFlags: number;
  readonly levelIdc: number;
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  readonly pocType: number;
  readonly maxRefFrames: number;
  readonly isFrameMbsOnly: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sampleAspect: SampleAspect | undefined;
  readonly framesPerSecond: number | undefined;
  readonly reorderFrames: number | undefined;
}

/** Profiles whose SPS carries chroma format and bit depths (§7.3.2.1.1). */
const HIGH_PROFILES: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Profiles in which constraint_set3_flag means intra only (§E.2.1, inference of max_num_reorder_frames). */
const INTRA_PROFILES: ReadonlySet<number> = new Set([44, 86, 100, 110, 122, 244]);
const BASELINE = 66;
const MACROBLOCK_PX = 16;

/** `nal` with its header byte. `undefined` when it ends early or leaves the ranges of the specification. */
export function parseH264Sps(nal: Uint8Array): H264Sps | undefined {
  const bits = new BitReader(rbspOf(nal, 1));
  const profileIdc = bits.bits(8);
  const constraintFlags = bits.bits(8);
  const levelIdc = bits.bits(8);
  const id = bits.unsignedUpTo(31);
  const sampling = readSampling(bits, profileIdc);
  bits.unsignedUpTo(12); // log2_max_frame_num_minus4
  const pocType = readPictureOrder(bits);
  const maxRefFrames = bits.unsignedUpTo(16);
  bits.skip(1); // gaps_in_frame_num_value_allowed_flag
  const size = readSize(bits, sampling.chromaArrayType);
  if (bits.overrun || !size) return undefined;
  const vui = bits.flag() ? readVui(bits) : NO_VUI;
  return {
    id,
    profileIdc,
    constraintFlags,
    levelIdc,
    chromaFormatIdc: sampling.chromaFormatIdc,
    bitDepthLuma: sampling.bitDepthLuma,
    bitDepthChroma: sampling.bitDepthChroma,
    pocType,
    maxRefFrames,
    ...size,
    sampleAspect: vui.sampleAspect,
    framesPerSecond: vui.framesPerSecond,
    reorderFrames: vui.reorderFrames ?? impliedReorder(profileIdc, constraintFlags, pocType),
  };
}

/** What follows about output order when the VUI is silent (§E.2.1, §8.2.1.3). */
function impliedReorder(profileIdc: number, constraintFlags: number, pocType: number): number | undefined {
  const isIntraOnly = (constraintFlags & 0x10) !== 0 && INTRA_PROFILES.has(profileIdc);
  return pocType === 2 || profileIdc === BASELINE || isIntraOnly ? 0 : undefined;
}

interface Sampling {
  chromaFormatIdc: number;
  /** §7.4.2.1.1: 0 when the three planes are coded apart. */
  chromaArrayType: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
}

function readSampling(bits: BitReader, profileIdc: number): Sampling {
  if (!HIGH_PROFILES.has(profileIdc)) {
    return { chromaFormatIdc: 1, chromaArrayType: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
  }
  const chromaFormatIdc = bits.unsignedUpTo(3);
  const isSeparate = chromaFormatIdc === 3 && bits.flag();
  const bitDepthLuma = 8 + bits.unsignedUpTo(6);
  const bitDepthChroma = 8 + bits.unsignedUpTo(6);
  bits.skip(1); // qpprime_y_zero_transform_bypass_flag
  if (bits.flag()) skipScalingMatrix(bits, chromaFormatIdc === 3 ? 12 : 8);
  return { chromaFormatIdc, chromaArrayType: isSeparate ? 0 : chromaFormatIdc, bitDepthLuma, bitDepthChroma };
}

function skipScalingMatrix(bits: BitReader, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (bits.flag()) skipScalingList(bits, list < 6 ? 16 : 64);
  }
}

/** §7.3.2.1.1.1 */
function skipScalingList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let at = 0; at < size; at++) {
    if (next !== 0) next = (last + bits.signed() + 256) & 0xff;
    if (next !== 0) last = next;
  }
}

function readPictureOrder(bits: BitReader): number {
  const pocType = bits.unsignedUpTo(2);
  if (pocType === 0) bits.unsignedUpTo(12); // log2_max_pic_order_cnt_lsb_minus4
  if (pocType !== 1) return pocType;
  bits.skip(1); // delta_pic_order_always_zero_flag
  bits.signed(); // offset_for_non_ref_pic
  bits.signed(); // offset_for_top_to_bottom_field
  const cycle = bits.unsignedUpTo(255);
  for (let at = 0; at < cycle; at++) bits.signed();
  return pocType;
}

interface Size {
  isFrameMbsOnly: boolean;
  widthPx: number;
  heightPx: number;
}

/** Width and height less the cropping rectangle (§7.4.2.1.1, equations 7-18 to 7-22). */
function readSize(bits: BitReader, chromaArrayType: number): Size | undefined {
  const maxMbs = MAX_PICTURE_SIDE_PX / MACROBLOCK_PX;
  const widthMbs = bits.unsignedUpTo(maxMbs - 1) + 1;
  const heightMapUnits = bits.unsignedUpTo(maxMbs - 1) + 1;
  const isFrameMbsOnly = bits.flag();
  if (!isFrameMbsOnly) bits.skip(1); // mb_adaptive_frame_field_flag
  bits.skip(1); // direct_8x8_inference_flag
  const fieldFactor = isFrameMbsOnly ? 1 : 2;
  const cropUnitX = chromaArrayType === 1 || chromaArrayType === 2 ? 2 : 1;
  const cropUnitY = (chromaArrayType === 1 ? 2 : 1) * fieldFactor;
  let widthPx = widthMbs * MACROBLOCK_PX;
  let heightPx = heightMapUnits * MACROBLOCK_PX * fieldFactor;
  if (bits.flag()) {
    widthPx -= (bits.unsigned() + bits.unsigned()) * cropUnitX;
    heightPx -= (bits.unsigned() + bits.unsigned()) * cropUnitY;
  }
  const isShown = widthPx > 0 && heightPx > 0 && heightPx <= MAX_PICTURE_SIDE_PX;
  return isShown ? { isFrameMbsOnly, widthPx, heightPx } : undefined;
}

interface Vui {
  readonly sampleAspect: SampleAspect | undefined;
  readonly framesPerSecond: number | undefined;
  readonly reorderFrames: number | undefined;
}

const NO_VUI: Vui = { sampleAspect: undefined, framesPerSecond: undefined, reorderFrames: undefined };

/** §E.1.1. Cameras that cut their VUI short exist: what was read before the end counts, the rest is unknown. */
function readVui(bits: BitReader): Vui {
  const aspect = readAspectRatio(bits);
  readVideoSignal(bits);
  const fps = bits.flag() ? readTiming(bits) : undefined;
  const framesPerSecond = bits.overrun ? undefined : fps;
  const hasNalHrd = bits.flag();
  if (hasNalHrd) skipHrd(bits);
  const hasVclHrd = bits.flag();
  if (hasVclHrd) skipHrd(bits);
  if (hasNalHrd || hasVclHrd) bits.skip(1); // low_delay_hrd_flag
  bits.skip(1); // pic_struct_present_flag
  const reorder = bits.flag() ? readReorder(bits) : undefined;
  return { sampleAspect: aspect, framesPerSecond, reorderFrames: bits.overrun ? undefined : reorder };
}

/** A tick is a field, so a frame is two of them (§E.2.1, equation E-34). */
function readTiming(bits: BitReader): number | undefined {
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  bits.skip(1); // fixed_frame_rate_flag
  return unitsInTick > 0 && timeScale > 0 ? timeScale / (2 * unitsInTick) : undefined;
}

/** §E.1.2 */
function skipHrd(bits: BitReader): void {
  const buffers = bits.unsignedUpTo(31) + 1;
  bits.skip(8); // bit_rate_scale, cpb_size_scale
  for (let at = 0; at < buffers; at++) {
    bits.unsigned(); // bit_rate_value_minus1
    bits.unsigned(); // cpb_size_value_minus1
    bits.skip(1); // cbr_flag
  }
  bits.skip(20); // delay and time offset lengths
}

function readReorder(bits: BitReader): number {
  bits.skip(1); // motion_vectors_over_pic_boundaries_flag
  for (let field = 0; field < 4; field++) bits.unsigned(); // bytes, bits and vector lengths
  return bits.unsignedUpTo(16);
}
