/** How one codec's NAL units lie in RTP payloads. */
export interface Depacketizer {
  /** One payload, at least one byte, in sequence order. */
  payload(buffer: Buffer, from: number, to: number): void;
}
