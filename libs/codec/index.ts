export { Assembly, type AccessUnitInfo } from './assembly.ts';
export type { H264Format, H265Format, PictureFormat, TrackFormat, VideoCodec } from './track-format.ts';
