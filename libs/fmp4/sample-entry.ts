import type { H264Format, H265Format, TrackFormat } from '#libs/codec';
import { box, u16, u32, u8 } from './box.ts';
import { pasp, visualSampleEntry } from './movie-boxes.ts';

/** Lengths in front of NAL units have 4 bytes, as `Assembly` writes them: `lengthSizeMinusOne` is 3. */
const LENGTH_SIZE_MINUS_ONE = 3;

/** The sample entry of a track: how its samples are coded and how large a picture is. */
export function sampleEntry(format: TrackFormat): Buffer {
  const aspect = format.sampleAspect ? [pasp(format.sampleAspect.width, format.sampleAspect.height)] : [];
  // QuickTime's name (Photo JPEG): ffmpeg reads it, no browser does.
  if (format.codec === 'mjpeg') return visualSampleEntry('jpeg', format.widthPx, format.heightPx);
  return format.codec === 'h264'
    ? visualSampleEntry('avc1', format.widthPx, format.heightPx, avcC(format), aspect)
    : visualSampleEntry('hvc1', format.widthPx, format.heightPx, hvcC(format), aspect);
}

/** Profiles whose record has the four bytes of chroma format and depth behind it (ISO/IEC 14496-15 §5.3.3.1.2). */
const HIGH_PROFILES = new Set([100, 110, 122, 144, 244, 44]);

const MAX_AVC_SPS = 31;
const MAX_AVC_PPS = 255;

/** AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1.2. */
export function avcC(format: H264Format): Buffer {
  const sps = format.sps.slice(0, MAX_AVC_SPS);
  const pps = format.pps.slice(0, MAX_AVC_PPS);
  return box(
    'avcC',
    u8(1, format.profileIdc, format.constraintFlags, format.levelIdc, 0xfc | LENGTH_SIZE_MINUS_ONE),
    u8(0xe0 | sps.length),
    sps.map(sized),
    u8(pps.length),
    pps.map(sized),
    HIGH_PROFILES.has(format.profileIdc) ? highProfileTail(format) : [],
  );
}

function highProfileTail(format: H264Format): Buffer {
  const noSpsExtension = 0;
  return u8(
    0xfc | format.chromaFormatIdc,
    0xf8 | (format.bitDepthLuma - 8),
    0xf8 | (format.bitDepthChroma - 8),
    noSpsExtension,
  );
}

/** NAL unit types of the parameter sets (H.265 table 7-1). */
const NAL_VPS = 32;
const NAL_SPS = 33;
const NAL_PPS = 34;

/** HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1.2. */
export function hvcC(format: H265Format): Buffer {
  return box(
    'hvcC',
    u8(1, (format.profileSpace << 6) | (format.isHighTier ? 0x20 : 0) | format.profileIdc),
    u32(format.profileCompatibility >>> 0),
    format.constraintFlags.subarray(0, 6),
    u8(format.levelIdc),
    u16(0xf000),
    u8(0xfc, 0xfc | format.chromaFormatIdc, 0xf8 | (format.bitDepthLuma - 8), 0xf8 | (format.bitDepthChroma - 8)),
    u16(0),
    u8((format.temporalLayers << 3) | (format.isTemporalIdNested ? 0x4 : 0) | LENGTH_SIZE_MINUS_ONE),
    u8(3),
    parameterSets(NAL_VPS, format.vps),
    parameterSets(NAL_SPS, format.sps),
    parameterSets(NAL_PPS, format.pps),
  );
}

/** `hvc1` wants every parameter set in the record: array_completeness is 1. */
function parameterSets(nalType: number, units: readonly Buffer[]): Buffer[] {
  return [u8(0x80 | nalType), u16(units.length), ...units.flatMap(sized)];
}

function sized(unit: Buffer): Buffer[] {
  return [u16(unit.length), unit];
}
