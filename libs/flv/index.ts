export { readAvcVideo, type AvcVideo, type NalPlace } from './avc-video.ts';
export { FLV_VIDEO, FlvReader, type FlvProblem, type FlvReaderOptions, type FlvTag } from './tag-reader.ts';
