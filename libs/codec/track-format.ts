/** Codecs of NAL units, which browsers play. */
export type VideoCodec = 'h264' | 'h265';

/** What the relay carries. Other codecs are refused with `codec-unsupported`. */
export type StreamCodec = VideoCodec | 'mjpeg';

/** What both codecs tell about their pictures. */
export interface PictureFormat {
  /** Picture size after cropping (H.264 §7.4.2.1.1) or the conformance window (H.265 §7.4.3.2.1). */
  readonly widthPx: number;
  readonly heightPx: number;
  /** RFC 6381 §3.3 and ISO/IEC 14496-15 annex E: `avc1.64001F`, `hvc1.1.6.L93.B0`. */
  readonly codecString: string;
  /** Sample aspect ratio from the VUI; undefined when it says nothing (square samples then). */
  readonly sampleAspect: { readonly width: number; readonly height: number } | undefined;
  /** From the VUI timing; undefined when absent. A camera's word, not a measurement. */
  readonly framesPerSecond: number | undefined;
  /**
   * How many pictures may precede a picture in decoding order and follow it in output order. 0: pictures leave in the
   * order they come (no B-frames), so the decode time is the presentation time. `undefined`: the stream does not say.
   */
  readonly reorderFrames: number | undefined;
  /** `chroma_format_idc`: 0 monochrome, 1 4:2:0, 2 4:2:2, 3 4:4:4. */
  readonly chromaFormatIdc: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
}

/** Inputs of `avcC` (ISO/IEC 14496-15 §5.3.3.1). NAL units without start code or length, header byte included. */
export interface H264Format extends PictureFormat {
  readonly codec: 'h264';
  /** In order of their ids; at least one. All belong into `avcC`. */
  readonly sps: readonly Buffer[];
  readonly pps: readonly Buffer[];
  /** AVCProfileIndication, profile_compatibility and AVCLevelIndication: bytes 1..3 of the SPS that was read. */
  readonly profileIdc: number;
  readonly constraintFlags: number;
  readonly levelIdc: number;
}

/** Inputs of `hvcC` (ISO/IEC 14496-15 §8.3.3.1). NAL units without start code or length, two header bytes included. */
export interface H265Format extends PictureFormat {
  readonly codec: 'h265';
  readonly vps: readonly Buffer[];
  readonly sps: readonly Buffer[];
  readonly pps: readonly Buffer[];
  /** `general_profile_space`, 0..3. */
  readonly profileSpace: number;
  readonly isHighTier: boolean;
  readonly profileIdc: number;
  /** `general_profile_compatibility_flag[0..31]`, flag 0 in the most significant bit. */
  readonly profileCompatibility: number;
  /** The six bytes `general_progressive_source_flag` … that `hvcC` calls general_constraint_indicator_flags. */
  readonly constraintFlags: Buffer;
  /** 30 times the level: 93 is 3.1. */
  readonly levelIdc: number;
  /** `sps_max_sub_layers_minus1 + 1`, 1..7: numTemporalLayers of `hvcC`. */
  readonly temporalLayers: number;
  readonly isTemporalIdNested: boolean;
}

/** Pictures that are each a whole JPEG (ITU-T T.81). No browser plays them as video: they are converted. */
export interface JpegFormat extends PictureFormat {
  readonly codec: 'mjpeg';
}

/**
 * Everything a sample entry and a player need to know about a track, parsed from its parameter sets. A new value means
 * that the bytes of a parameter set changed: a new initialisation segment is due.
 */
export type TrackFormat = H264Format | H265Format | JpegFormat;
