import type { Refusal } from '#libs/base';
import type { AudioFormat, TrackFormat } from '#libs/codec';
import type { Sink, StreamCounters, StreamStats } from '#libs/relay';

/** How packets come: RTP within the RTSP connection, RTP in datagrams, or a device that publishes. */
export type PacketTransport = 'tcp' | 'udp' | 'rtmp';

/**
 * Where a stream's access units come from: fetched (`Pull`) or sent to us (`Push`). Whichever it is, it fills the window
 * and the hub that it was made with.
 */
export interface StreamInput {
  readonly isRunning: boolean;
  /** Why nothing comes; undefined while frames do. */
  readonly failure: Refusal | undefined;
  /** Of the connection that is open; undefined when none is. */
  readonly counters: Readonly<StreamCounters> | undefined;
  /** Interarrival jitter (RFC 3550 §6.4.1) of what comes now; undefined where nothing tells it. */
  readonly jitterMs: number | undefined;
  readonly format: TrackFormat | undefined;
  /** Of the audio that comes; undefined: none does. */
  readonly audioFormat: AudioFormat | undefined;
  /** Undefined while no pictures come. */
  readonly transport: PacketTransport | undefined;
  readonly stats: StreamStats;
  /** Connections that carried frames, without the first. */
  readonly reconnects: number;
  start(nowMs: number): void;
  /** Somebody looks from now on: what waits to be read is read at once. */
  hurry(): void;
  stop(): void;
  tick(nowMs: number): void;
  /** What was received is old by now: it is not listed any more, and what follows does not continue it. */
  expire(): void;
  /** Unix milliseconds of the camera's own clock at `pts90k`; undefined where it does not tell. */
  wallClockOf(pts90k: number): number | undefined;
  /** Tells a sink that is about to join the format and every unit since the last key unit, as if it had been there. */
  prime(sink: Sink, maxBytes: number): boolean;
}
