export type {
  AudioTrack,
  Credential,
  Delivery,
  PortPair,
  RtspSessionOptions,
  RtspState,
  RtspStep,
  RtspTiming,
  VideoTrack,
} from './session-types.ts';
export { RTSP_REASONS, type RtspReason } from './reasons.ts';
export { DEFAULT_TIMING, RtspSession } from './session.ts';
