import type { BitReader } from './bit-reader.ts';

/** scaling_list_data() (H.265 §7.3.4). Of the six 32x32 lists only two are written. */
export function skipScalingListData(bits: BitReader): void {
  for (let sizeId = 0; sizeId < 4; sizeId++) {
    const step = sizeId === 3 ? 3 : 1;
    for (let matrixId = 0; matrixId < 6; matrixId += step) skipScalingList(bits, sizeId);
  }
}

function skipScalingList(bits: BitReader, sizeId: number): void {
  const isWritten = bits.flag();
  if (!isWritten) {
    bits.unsigned(); // scaling_list_pred_matrix_id_delta
    return;
  }
  if (sizeId > 1) bits.signed(); // scaling_list_dc_coef_minus8
  const coefficients = Math.min(64, 1 << (4 + (sizeId << 1)));
  for (let at = 0; at < coefficients; at++) bits.signed();
}

/** Negative or positive pictures of one set (§7.4.8: at most sps_max_dec_pic_buffering_minus1, which is at most 15). */
const MAX_PICTURES_PER_SIDE = 16;

/** num_short_term_ref_pic_sets and each st_ref_pic_set() (H.265 §7.3.7). */
export function skipShortTermRefPicSets(bits: BitReader): void {
  const sets = bits.unsignedUpTo(64);
  let previousPictures = 0;
  for (let index = 0; index < sets && !bits.overrun; index++) {
    const isPredicted = index > 0 && bits.flag();
    previousPictures = isPredicted ? skipPredictedSet(bits, previousPictures) : skipWrittenSet(bits);
  }
}

/** Written as a difference to the set before it. Returns how many pictures the set has (equations 7-61, 7-62). */
function skipPredictedSet(bits: BitReader, previousPictures: number): number {
  bits.skip(1); // delta_rps_sign
  bits.unsigned(); // abs_delta_rps_minus1
  let pictures = 0;
  for (let at = 0; at <= previousPictures; at++) {
    const isUsed = bits.flag();
    const isKept = isUsed || bits.flag();
    if (isKept) pictures++;
  }
  return Math.min(pictures, 2 * MAX_PICTURES_PER_SIDE);
}

function skipWrittenSet(bits: BitReader): number {
  const pictures = bits.unsignedUpTo(MAX_PICTURES_PER_SIDE) + bits.unsignedUpTo(MAX_PICTURES_PER_SIDE);
  for (let at = 0; at < pictures; at++) {
    bits.unsigned(); // delta_poc_minus1
    bits.skip(1); // used_by_curr_pic_flag
  }
  return pictures;
}
