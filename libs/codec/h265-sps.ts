import { BitReader, rbspOf } from './bit-reader.ts';
import { readProfileTierLevel, type ProfileTierLevel } from './h265-profile.ts';
import { skipScalingListData, skipShortTermRefPicSets } from './h265-sps-lists.ts';
import { MAX_PICTURE_SIDE_PX } from './limits.ts';
import { readAspectRatio, readVideoSignal, type SampleAspect } from './vui.ts';

/** Sequence parameter set (H.265 §7.3.2.2), as far as a relay needs it. */
export interface H265Sps extends ProfileTierLevel {
  readonly id: number;
  readonly vpsId: number;
  readonly temporalLayers: number;
  readonly isTemporalIdNested: boolean;
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sampleAspect: SampleAspect | undefined;
  readonly framesPerSecond: number | undefined;
  /** `sps_max_num_reorder_pics` of the highest layer. */
  readonly reorderFrames: number;
}

/** `nal` with its two header bytes. `undefined` when it ends early or leaves the ranges of the specification. */
export function parseH265Sps(nal: Uint8Array): H265Sps | undefined {
  const bits = new BitReader(rbspOf(nal, 2));
  const vpsId = bits.bits(4);
  const temporalLayers = bits.bits(3) + 1;
  const isTemporalIdNested = bits.flag();
  if (temporalLayers > 7) return undefined;
  const profile = readProfileTierLevel(bits, temporalLayers);
  const id = bits.unsignedUpTo(15);
  const size = readSize(bits);
  const bitDepthLuma = 8 + bits.unsignedUpTo(8);
  const bitDepthChroma = 8 + bits.unsignedUpTo(8);
  const pocLsbBits = bits.unsignedUpTo(12) + 4;
  const reorderFrames = readOrdering(bits, temporalLayers);
  if (bits.overrun || !size) return undefined;
  skipTools(bits, pocLsbBits);
  const vui = bits.flag() ? readVui(bits) : undefined;
  return {
    ...profile,
    id,
    vpsId,
    temporalLayers,
    isTemporalIdNested,
    ...size,
    bitDepthLuma,
    bitDepthChroma,
    sampleAspect: vui?.sampleAspect,
    framesPerSecond: vui?.framesPerSecond,
    reorderFrames,
  };
}

interface Size {
  chromaFormatIdc: number;
  widthPx: number;
  heightPx: number;
}

/** Coded size less the conformance window, whose unit is a chroma sample (§7.4.3.2.1, Table 6-1). */
function readSize(bits: BitReader): Size | undefined {
  const chromaFormatIdc = bits.unsignedUpTo(3);
  if (chromaFormatIdc === 3) bits.skip(1); // separate_colour_plane_flag
  let widthPx = bits.unsignedUpTo(MAX_PICTURE_SIDE_PX);
  let heightPx = bits.unsignedUpTo(MAX_PICTURE_SIDE_PX);
  if (bits.flag()) {
    const unitX = chromaFormatIdc === 1 || chromaFormatIdc === 2 ? 2 : 1;
    const unitY = chromaFormatIdc === 1 ? 2 : 1;
    widthPx -= (bits.unsigned() + bits.unsigned()) * unitX;
    heightPx -= (bits.unsigned() + bits.unsigned()) * unitY;
  }
  return widthPx > 0 && heightPx > 0 ? { chromaFormatIdc, widthPx, heightPx } : undefined;
}

function readOrdering(bits: BitReader, temporalLayers: number): number {
  const isForEachLayer = bits.flag();
  let reorder = 0;
  for (let layer = isForEachLayer ? 0 : temporalLayers - 1; layer < temporalLayers; layer++) {
    bits.unsigned(); // sps_max_dec_pic_buffering_minus1
    reorder = bits.unsignedUpTo(16);
    bits.unsigned(); // sps_max_latency_increase_plus1
  }
  return reorder;
}

/** From log2_min_luma_coding_block_size_minus3 to strong_intra_smoothing_enabled_flag. */
function skipTools(bits: BitReader, pocLsbBits: number): void {
  for (let field = 0; field < 6; field++) bits.unsigned(); // block sizes, transform hierarchy depths
  if (bits.flag() && bits.flag()) skipScalingListData(bits);
  bits.skip(2); // amp_enabled_flag, sample_adaptive_offset_enabled_flag
  if (bits.flag()) {
    bits.skip(8); // PCM bit depths
    bits.unsigned();
    bits.unsigned();
    bits.skip(1); // pcm_loop_filter_disabled_flag
  }
  skipShortTermRefPicSets(bits);
  if (bits.flag()) {
    const longTerm = bits.unsignedUpTo(32);
    bits.skip(longTerm * (pocLsbBits + 1));
  }
  bits.skip(2); // temporal MVP, strong intra smoothing
}

interface Vui {
  readonly sampleAspect: SampleAspect | undefined;
  readonly framesPerSecond: number | undefined;
}

/** §E.2.1 up to the timing. A VUI that is cut short loses only what was not read. */
function readVui(bits: BitReader): Vui {
  const sampleAspect = readAspectRatio(bits);
  readVideoSignal(bits);
  bits.skip(1); // neutral_chroma_indication_flag
  const isFieldSequence = bits.flag();
  bits.skip(1); // frame_field_info_present_flag
  if (bits.flag()) for (let side = 0; side < 4; side++) bits.unsigned(); // default display window
  const ticks = bits.flag() ? readTiming(bits) : undefined;
  if (bits.overrun || ticks === undefined) return { sampleAspect, framesPerSecond: undefined };
  return { sampleAspect, framesPerSecond: isFieldSequence ? ticks / 2 : ticks };
}

/** Pictures a second: a tick is a picture here, unlike H.264 (§E.3.1). */
function readTiming(bits: BitReader): number | undefined {
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  return unitsInTick > 0 && timeScale > 0 ? timeScale / unitsInTick : undefined;
}
