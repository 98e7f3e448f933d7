export { CameraRtspServer, SESSION_TIMEOUT_MS } from './camera-server.ts';
export { openStudio, type Studio } from './studio.ts';
export type { SentFrame } from './sent-ring.ts';
export type { ReaderCounts } from './reader.ts';
