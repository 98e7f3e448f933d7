export { Assembly, type AccessUnitInfo, type AssemblyMemory } from './assembly.ts';
export type {
  H264Format,
  H265Format,
  JpegFormat,
  PictureFormat,
  StreamCodec,
  TrackFormat,
  VideoCodec,
} from './track-format.ts';
export { JPEG_TABLE_BYTES, jpegHead, jpegTablesOf, type JpegHead, type JpegTables } from './jpeg-head.ts';
export { parseAudioConfig, type AudioFormat } from './aac.ts';
export { BitReader, rbspOf } from './bit-reader.ts';
export { parseH264Sps, type H264Sps } from './h264-sps.ts';
export { parseH265Sps, type H265Sps } from './h265-sps.ts';
export { parseH264Pps, parseH265Pps, parseH265VpsId, type PpsIds } from './parameter-set-ids.ts';
export { h264CodecString, h265CodecString } from './codec-string.ts';
export { NalRole, h264Nal, h265Nal, nalSyntaxOf, type NalSyntax } from './nal.ts';
export {
  H264ParameterSets,
  H265ParameterSets,
  parameterSetsOf,
  type OfferVerdict,
  type ParameterSets,
} from './parameter-sets.ts';
export { codecEvidence } from './codec-evidence.ts';
export { MAX_PARAMETER_SET_BYTES, MAX_PARAMETER_SETS_PER_KIND, MAX_PICTURE_SIDE_PX } from './limits.ts';
