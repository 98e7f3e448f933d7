export { readDecoderConfiguration, type DecoderConfiguration } from './decoder-configuration.ts';
export { FlvVideo, type FlvVideoOptions } from './flv-video.ts';
export { MAX_VIDEO_TAG_BYTES } from './limits.ts';
export { readVideoTag, type VideoTag } from './video-tag.ts';
