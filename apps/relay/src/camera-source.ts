import type { Result } from '#libs/base';
import type { Credential } from '#libs/rtsp';
import type { RtspTransport, StreamRole } from '#libs/wire';

/** A camera as the relay needs it. */
export interface CameraConfig {
  readonly id: string;
  /** What people call it: `C-07`. Labels its metrics. */
  readonly code: string;
  /** The one host that this camera's streams may be fetched from. */
  readonly host: string;
  /** Refused when it cannot be opened: the camera is then offline and says so. */
  readonly credential: Result<Credential | undefined>;
  readonly transport: RtspTransport;
  /** Voice is personal data (Ley 29733): only where somebody enabled it with a reason. */
  readonly withAudio: boolean;
  readonly streams: readonly StreamConfig[];
  /** Pulled always. Otherwise when somebody watches, and asked from time to time how it is. */
  readonly warm: boolean;
  /** How far its clock was ahead of ours when that was measured; undefined: never measured, so its hours are not used. */
  readonly clockErrorMs: number | undefined;
  /** The truth lies within this of {@link clockErrorMs}. */
  readonly clockUncertaintyMs?: number | undefined;
  /** It sends by itself: its one stream is taken over RTMP, and its host and addresses mean nothing. */
  readonly push?: PushConfig | undefined;
}

/** How a camera that pushes is known at the door. */
export interface PushConfig {
  readonly streamName: string;
  /** See `publishKeyHash`; undefined: the key was revoked. */
  readonly keyHash: Buffer | undefined;
}

export interface StreamConfig {
  readonly role: StreamRole;
  readonly uri: string;
  readonly framesPerSecond: number | undefined;
}

/** Where the list of cameras comes from. */
export interface CameraSource {
  /**
   * Tells the whole list, at once and after each change, until `signal` aborts. While its origin is away it tells
   * nothing: the relay goes on with what it knows.
   */
  run(tell: (cameras: readonly CameraConfig[]) => void, signal: AbortSignal): Promise<void>;
}
