import { h264CodecString, h265CodecString } from './codec-string.ts';
import { parseH264Sps, type H264Sps } from './h264-sps.ts';
import { parseH265Sps, type H265Sps } from './h265-sps.ts';
import { MAX_PARAMETER_SET_BYTES } from './limits.ts';
import { H264_PPS, H264_SPS, H265_PPS, H265_SPS, H265_VPS } from './nal.ts';
import { parseH264Pps, parseH265Pps, parseH265VpsId, type PpsIds } from './parameter-set-ids.ts';
import { ParameterSetTable } from './parameter-set-table.ts';
import type { H264Format, H265Format, PictureFormat, TrackFormat, VideoCodec } from './track-format.ts';

/** `same`: known already. `changed`: kept, {@link ParameterSets.format} may differ now. `refused`: unreadable or no room. */
export type OfferVerdict = 'same' | 'changed' | 'refused';

/** The parameter sets of one stream, from its SDP and from within, and the format that they make together. */
export interface ParameterSets {
  readonly codec: VideoCodec;
  /** One parameter set NAL unit `source[from..to)`, header included. Copied when it is new. */
  offer(source: Buffer, from: number, to: number): OfferVerdict;
  /** Undefined while a kind is missing, or the PPS of the latest SPS is. */
  format(): TrackFormat | undefined;
}

export function parameterSetsOf(codec: VideoCodec): ParameterSets {
  return codec === 'h264' ? new H264ParameterSets() : new H265ParameterSets();
}

export class H264ParameterSets implements ParameterSets {
  readonly codec = 'h264';
  private readonly sps = new ParameterSetTable<H264Sps>();
  private readonly pps = new ParameterSetTable<PpsIds>();

  offer(source: Buffer, from: number, to: number): OfferVerdict {
    const type = source[from]! & 0x1f;
    if (type === H264_SPS) return offerTo(this.sps, parseH264Sps, source, from, to);
    return type === H264_PPS ? offerTo(this.pps, parseH264Pps, source, from, to) : 'refused';
  }

  format(): H264Format | undefined {
    const sps = this.sps.latest;
    if (!sps || !this.pps.some((pps) => pps.spsId === sps.id)) return undefined;
    return {
      codec: 'h264',
      sps: this.sps.list(),
      pps: this.pps.list(),
      profileIdc: sps.profileIdc,
      constraintFlags: sps.constraintFlags,
      levelIdc: sps.levelIdc,
      ...pictureFormatOf(sps, h264CodecString(sps.profileIdc, sps.constraintFlags, sps.levelIdc)),
    };
  }
}

export class H265ParameterSets implements ParameterSets {
  readonly codec = 'h265';
  private readonly vps = new ParameterSetTable<{ readonly id: number }>();
  private readonly sps = new ParameterSetTable<H265Sps>();
  private readonly pps = new ParameterSetTable<PpsIds>();

  offer(source: Buffer, from: number, to: number): OfferVerdict {
    const type = (source[from]! >>> 1) & 0x3f;
    if (type === H265_VPS) return offerTo(this.vps, vpsOf, source, from, to);
    if (type === H265_SPS) return offerTo(this.sps, parseH265Sps, source, from, to);
    return type === H265_PPS ? offerTo(this.pps, parseH265Pps, source, from, to) : 'refused';
  }

  format(): H265Format | undefined {
    const sps = this.sps.latest;
    if (!sps || !this.pps.some((pps) => pps.spsId === sps.id)) return undefined;
    if (!this.vps.some((vps) => vps.id === sps.vpsId)) return undefined;
    return {
      codec: 'h265',
      vps: this.vps.list(),
      sps: this.sps.list(),
      pps: this.pps.list(),
      profileSpace: sps.profileSpace,
      isHighTier: sps.isHighTier,
      profileIdc: sps.profileIdc,
      profileCompatibility: sps.profileCompatibility,
      constraintFlags: sps.constraintFlags,
      levelIdc: sps.levelIdc,
      temporalLayers: sps.temporalLayers,
      isTemporalIdNested: sps.isTemporalIdNested,
      ...pictureFormatOf(sps, h265CodecString(sps)),
    };
  }
}

/** The id itself is what is kept of a VPS; wrapped, because 0 is an id too. */
function vpsOf(nal: Uint8Array): { readonly id: number } | undefined {
  const id = parseH265VpsId(nal);
  return id === undefined ? undefined : { id };
}

function offerTo<Parsed extends { readonly id: number }>(
  table: ParameterSetTable<Parsed>,
  parse: (nal: Uint8Array) => Parsed | undefined,
  source: Buffer,
  from: number,
  to: number,
): OfferVerdict {
  const end = withoutTrailingZeros(source, from, to);
  if (table.holds(source, from, end)) return 'same';
  if (end - from > MAX_PARAMETER_SET_BYTES) return 'refused';
  const bytes = Buffer.from(source.subarray(from, end));
  const parsed = parse(bytes);
  return parsed && table.put(parsed.id, bytes, parsed) ? 'changed' : 'refused';
}

/** trailing_zero_8bits belong to the byte stream, not to the NAL unit (H.264 §B.1); some cameras send them along. */
function withoutTrailingZeros(source: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from + 1 && source[end - 1] === 0) end--;
  return end;
}

function pictureFormatOf(sps: H264Sps | H265Sps, codecString: string): PictureFormat {
  return {
    widthPx: sps.widthPx,
    heightPx: sps.heightPx,
    codecString,
    sampleAspect: sps.sampleAspect,
    framesPerSecond: sps.framesPerSecond,
    reorderFrames: sps.reorderFrames,
    chromaFormatIdc: sps.chromaFormatIdc,
    bitDepthLuma: sps.bitDepthLuma,
    bitDepthChroma: sps.bitDepthChroma,
  };
}
