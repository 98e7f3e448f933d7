/**
 * Body of a video tag that carries H.264 (E.4.3.1, E.4.3.2).
 *
 * ```
 * | frame type 4 bits, codec 4 bits | packet type 1 | composition time 3, signed | data … |
 * ```
 */
export type AvcVideo =
  /** Parameter sets, out of the AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1.2). */
  | { readonly kind: 'config'; readonly parameterSets: readonly Buffer[] }
  /** NAL units of one picture, each `body[from..to)`. */
  | {
      readonly kind: 'picture';
      readonly isKey: boolean;
      /** How much later than its tag's timestamp it is shown. */
      readonly compositionMs: number;
      readonly nals: readonly NalPlace[];
    }
  /** The sequence is over. */
  | { readonly kind: 'end' };

export interface NalPlace {
  readonly from: number;
  readonly to: number;
}

const CODEC_AVC = 7;
const KEY_FRAME = 1;
const HEAD_BYTES = 5;
const CONFIG_HEAD_BYTES = 6;
/** The lengths before NAL units of a stream whose record says so; all writers known to us say four. */
const LENGTH_BYTES = 4;
/** A picture of more slices than macroblock rows (4,320 lines) is none. */
const MAX_NALS = 1_024;

/** `undefined`: not H.264, or its lengths do not fit. Parameter sets are views of `body`. */
export function readAvcVideo(body: Buffer): AvcVideo | undefined {
  if (body.length < HEAD_BYTES || (body[0]! & 0x0f) !== CODEC_AVC) return undefined;
  const packetType = body[1]!;
  if (packetType === 0) return readConfig(body);
  if (packetType === 2) return { kind: 'end' };
  const nals = packetType === 1 ? nalsOf(body) : undefined;
  return nals && { kind: 'picture', isKey: body[0]! >> 4 === KEY_FRAME, compositionMs: body.readIntBE(2, 3), nals };
}

function readConfig(body: Buffer): AvcVideo | undefined {
  const at = HEAD_BYTES + CONFIG_HEAD_BYTES;
  if (body.length < at || (body[HEAD_BYTES + 4]! & 0x03) !== LENGTH_BYTES - 1) return undefined;
  const sps = setsOf(body, at, body[at - 1]! & 0x1f);
  if (!sps || sps.end >= body.length) return undefined;
  const pps = setsOf(body, sps.end + 1, body[sps.end]!);
  return pps && { kind: 'config', parameterSets: [...sps.sets, ...pps.sets] };
}

function setsOf(
  body: Buffer,
  from: number,
  count: number,
): { readonly sets: Buffer[]; readonly end: number } | undefined {
  const sets: Buffer[] = [];
  let at = from;
  for (let left = count; left > 0; left--) {
    const end = at + 2 <= body.length ? at + 2 + body.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > body.length) return undefined;
    sets.push(body.subarray(at + 2, end));
    at = end;
  }
  return { sets, end: at };
}

function nalsOf(body: Buffer): NalPlace[] | undefined {
  const nals: NalPlace[] = [];
  let at = HEAD_BYTES;
  while (at < body.length) {
    const from = at + LENGTH_BYTES;
    const to = from <= body.length ? from + body.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (to > body.length || nals.length >= MAX_NALS) return undefined;
    if (to > from) nals.push({ from, to });
    at = to;
  }
  return nals;
}
