import { BitReader, rbspOf } from './bit-reader.ts';

/** Enough of a PPS or VPS to say which SPS it belongs to: the Exp-Golomb codes of two ids fit well within this. */
const PPS_HEAD_BYTES = 16;

export interface PpsIds {
  readonly id: number;
  readonly spsId: number;
}

/** pic_parameter_set_id and seq_parameter_set_id (H.264 §7.3.2.2). */
export function parseH264Pps(nal: Uint8Array): PpsIds | undefined {
  return readPpsIds(nal, 1, 255, 31);
}

/** pps_pic_parameter_set_id and pps_seq_parameter_set_id (H.265 §7.3.2.3.1). */
export function parseH265Pps(nal: Uint8Array): PpsIds | undefined {
  return readPpsIds(nal, 2, 63, 15);
}

function readPpsIds(nal: Uint8Array, headerBytes: number, maxId: number, maxSpsId: number): PpsIds | undefined {
  const bits = new BitReader(rbspOf(nal.subarray(0, PPS_HEAD_BYTES), headerBytes));
  const id = bits.unsignedUpTo(maxId);
  const spsId = bits.unsignedUpTo(maxSpsId);
  return bits.overrun ? undefined : { id, spsId };
}

/** vps_video_parameter_set_id (H.265 §7.3.2.1). The shortest VPS has two header bytes, four of flags and a profile. */
export function parseH265VpsId(nal: Uint8Array): number | undefined {
  return nal.length < 6 ? undefined : nal[2]! >>> 4;
}
