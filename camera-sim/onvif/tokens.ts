/** Tokens that the services of every camera share: one sensor, one head, one of each configuration. */
export const VIDEO_SOURCE_TOKEN = 'VideoSource_1';
export const VIDEO_SOURCE_CONFIGURATION_TOKEN = 'VideoSourceConfig_1';
export const PTZ_NODE_TOKEN = 'PTZNode_1';
export const PTZ_CONFIGURATION_TOKEN = 'PTZConfig_1';
