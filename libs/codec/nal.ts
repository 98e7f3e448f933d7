import type { VideoCodec } from './track-format.ts';

/** What a receiver does with a NAL unit. Numbers, because one is looked up per NAL unit. */
export const NalRole = {
  /** Not allowed here: a forbidden bit, or a type that only RTP payload structures use. */
  invalid: 0,
  /** A slice of a picture that needs earlier ones. */
  slice: 1,
  /** A slice of an IDR (H.264) or IRAP (H.265) picture: decoding can begin here. */
  keySlice: 2,
  /** VPS, SPS, PPS: carried out of band by `avc1` and `hvc1`. */
  parameterSet: 3,
  /** Belongs into the sample although it is no slice: SEI. */
  carried: 4,
  /** Left out of the sample: delimiters, fillers, end marks, layers that we do not decode, reserved types. */
  omitted: 5,
} as const;
export type NalRole = (typeof NalRole)[keyof typeof NalRole];

/** The few bits of NAL and slice headers that a depacketizer looks at. `second` is 0 where there is no second byte. */
export interface NalSyntax {
  readonly codec: VideoCodec;
  readonly headerBytes: 1 | 2;
  role(first: number, second: number): NalRole;
  /** No other picture refers to this slice's picture: losing it harms nothing else. */
  isDisposable(first: number, second: number, temporalLayers: number): boolean;
  /** A leading picture that refers to pictures before its key picture (RASL, H.265 §3.116). */
  isSkippedLeading(first: number): boolean;
  /** Whether leading pictures of the kind above have to go after this key picture. `begins`: decoding begins at it. */
  skipsLeading(first: number, begins: boolean): boolean;
}

/**
 * ```
 * +-+-+-+-+-+-+-+-+   H.264 §7.3.1
 * |F|NRI|  Type   |
 * ```
 */
const H264_ROLES = roles(32, {
  [NalRole.slice]: [1],
  [NalRole.keySlice]: [5],
  [NalRole.parameterSet]: [7, 8],
  [NalRole.carried]: [6],
  // 2..4 are data partitions of the Extended profile, which no player takes from an `avc1` track.
  [NalRole.invalid]: [0, 2, 3, 4, 24, 25, 26, 27, 28, 29, 30, 31],
});

export const H264_SPS = 7;
export const H264_PPS = 8;

export const h264Nal: NalSyntax = {
  codec: 'h264',
  headerBytes: 1,
  role: (first) => ((first & 0x80) !== 0 ? NalRole.invalid : H264_ROLES[first & 0x1f]!),
  isDisposable: (first) => (first & 0x60) === 0,
  isSkippedLeading: () => false,
  skipsLeading: () => false,
};

/**
 * ```
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+   H.265 §7.3.1.2
 * |F|   Type    |  LayerId  | TID |
 * ```
 */
const H265_ROLES = roles(64, {
  [NalRole.slice]: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [NalRole.keySlice]: [16, 17, 18, 19, 20, 21],
  [NalRole.parameterSet]: [32, 33, 34],
  [NalRole.carried]: [39, 40],
  [NalRole.invalid]: [48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63],
});

export const H265_VPS = 32;
export const H265_SPS = 33;
export const H265_PPS = 34;
const H265_RASL_N = 8;
const H265_RASL_R = 9;
const H265_BLA_W_LP = 16;
const H265_BLA_N_LP = 18;
const H265_CRA = 21;
/** Types below 16 with an even number are sub-layer non-reference pictures (Table 7-1). */
const H265_RSV_VCL_R15 = 15;

export const h265Nal: NalSyntax = {
  codec: 'h265',
  headerBytes: 2,
  role: (first, second) => {
    const temporalIdPlus1 = second & 7;
    if ((first & 0x80) !== 0 || temporalIdPlus1 === 0) return NalRole.invalid;
    const layerId = ((first & 1) << 5) | (second >>> 3);
    return layerId === 0 ? H265_ROLES[first >>> 1]! : NalRole.omitted;
  },
  isDisposable: (first, second, temporalLayers) => {
    const type = (first >>> 1) & 0x3f;
    return type < H265_RSV_VCL_R15 && type % 2 === 0 && (second & 7) === temporalLayers;
  },
  isSkippedLeading: (first) => {
    const type = (first >>> 1) & 0x3f;
    return type === H265_RASL_N || type === H265_RASL_R;
  },
  // §8.1.3: NoRaslOutputFlag is 1 for every BLA picture, and for a CRA picture that is the first.
  skipsLeading: (first, begins) => {
    const type = (first >>> 1) & 0x3f;
    return (type >= H265_BLA_W_LP && type <= H265_BLA_N_LP) || (begins && type === H265_CRA);
  },
};

export function nalSyntaxOf(codec: VideoCodec): NalSyntax {
  return codec === 'h264' ? h264Nal : h265Nal;
}

function roles(count: number, typesOf: Partial<Record<NalRole, readonly number[]>>): readonly NalRole[] {
  const table = Array.from({ length: count }, (): NalRole => NalRole.omitted);
  for (const [role, types] of Object.entries(typesOf)) {
    for (const type of types) table[type] = Number(role) as NalRole;
  }
  return table;
}
