export type { ReceiverStats, VideoReceiverOptions } from './receiver-types.ts';
