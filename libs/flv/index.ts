export { readDecoderConfiguration, type DecoderConfiguration } from './decoder-configuration.ts';
export { FlvVideo, type FlvVideoOptions } from './flv-video.ts';
export { MAX_NALS_PER_TAG, MAX_VIDEO_TAG_BYTES } from './limits.ts';
export { walkNalUnits } from './nal-units.ts';
export { FLV_VIDEO, FlvReader, type FlvProblem, type FlvReaderOptions, type FlvTag } from './tag-reader.ts';
export { readVideoTag, type VideoTag } from './video-tag.ts';
