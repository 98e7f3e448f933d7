import { parseH264Sps } from './h264-sps.ts';
import { parseH265Sps } from './h265-sps.ts';
import type { VideoCodec } from './track-format.ts';

/** First byte of an H.264 SPS: nal_ref_idc 1..3, type 7. */
const isH264SpsByte = (byte: number): boolean => byte === 0x67 || byte === 0x47 || byte === 0x27;
/** First two bytes of an H.265 SPS of the base layer: type 33, temporal id 0. */
const isH265SpsHead = (first: number, second: number): boolean => first === 0x42 && second === 0x01;
/** STAP-A of RFC 6184 §5.7.1 with its F and NRI bits, AP of RFC 7798 §4.4.2. */
const H264_STAP_A = 24;
const H265_AP = 48;

/**
 * Which codec an RTP payload proves to be of, by an SPS that lies in it: alone, or first or second in an aggregation.
 * A camera whose SDP lies is found out by this; `undefined` is the usual answer and says nothing.
 */
export function codecEvidence(buffer: Buffer, from: number, to: number): VideoCodec | undefined {
  if (to - from < 4) return undefined;
  const alone = provenBy(buffer, from, to);
  if (alone) return alone;
  const first = buffer[from]!;
  if ((first & 0x1f) === H264_STAP_A && provenWithin(buffer, from + 1, to) === 'h264') return 'h264';
  const isAp = first >>> 1 === H265_AP && provenWithin(buffer, from + 2, to) === 'h265';
  return isAp ? 'h265' : undefined;
}

/** The first two units of an aggregation, each behind its 16-bit size. */
function provenWithin(buffer: Buffer, from: number, to: number): VideoCodec | undefined {
  let at = from;
  for (let unit = 0; unit < 2 && at + 4 < to; unit++) {
    const end = at + 2 + buffer.readUInt16BE(at);
    if (end > to) return undefined;
    const proven = provenBy(buffer, at + 2, end);
    if (proven) return proven;
    at = end;
  }
  return undefined;
}

function provenBy(buffer: Buffer, from: number, to: number): VideoCodec | undefined {
  if (to - from < 4) return undefined;
  if (isH264SpsByte(buffer[from]!) && parseH264Sps(buffer.subarray(from, to))) return 'h264';
  if (isH265SpsHead(buffer[from]!, buffer[from + 1]!) && parseH265Sps(buffer.subarray(from, to))) return 'h265';
  return undefined;
}
