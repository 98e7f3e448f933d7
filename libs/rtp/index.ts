export type { ReceiverStats, VideoReceiverOptions } from './receiver-types.ts';
export { MAX_FOREIGN_PACKETS, MAX_KEY_UNITS_WITHOUT_FORMAT, VideoReceiver } from './video-receiver.ts';
export { AudioReceiver, type AudioReceiverOptions, type AudioStats } from './audio-receiver.ts';
export { RtpPacket } from './rtp-packet.ts';
export { Arrival, SequenceTracker } from './sequence-tracker.ts';
export { Timeline } from './timeline.ts';
export { MAX_HELD_PACKETS, MAX_HOLD_MS, ReorderBuffer, type ReorderSink } from './reorder-buffer.ts';
export { Jitter } from './jitter.ts';
export { readRtcp, writeReceiverReport, type ReceptionReport, type RtcpSink } from './rtcp.ts';
