import type { Clock, Refusal } from '#libs/base';
import type { AudioFormat, StreamCodec } from '#libs/codec';

/** Login of a camera. Held in memory only; no message, state or refusal ever contains it. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** The video that will come, told after SETUP and before the first packet. Feed it to a `VideoReceiver` of libs/rtp. */
export interface VideoTrack {
  readonly codec: StreamCodec;
  readonly payloadType: number;
  /** RTP timestamp ticks a second. */
  readonly clockRate: number;
  /** NAL units out of `sprop-parameter-sets` or `sprop-vps`, `-sps`, `-pps`; empty when the SDP has none. */
  readonly parameterSets: readonly Buffer[];
  readonly delivery: Delivery;
}

/** The audio that will come beside the video. Feed it to an `AudioReceiver` of libs/rtp. */
export interface AudioTrack {
  readonly format: AudioFormat;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly delivery: Delivery;
}

/** A port and, for RTCP, the next one (RFC 3550 §11: even and odd). */
export interface PortPair {
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** How the packets of a track come, as the server settled it. */
export type Delivery =
  /** On the control connection (RFC 2326 §10.12). */
  | { readonly kind: 'interleaved'; readonly rtpChannel: number; readonly rtcpChannel: number }
  /** As datagrams to the ports asked for; `from`: the camera's own, undefined when it names none (§12.39 server_port). */
  | { readonly kind: 'udp'; readonly from: PortPair | undefined };

export interface RtspSessionOptions {
  /** `rtsp://host[:port]/path` without user information. */
  readonly url: string;
  readonly credential?: Credential;
  readonly clock: Clock;
  /** Ask for datagrams to these ports of ours, which the caller has opened. Absent: interleaved TCP. */
  readonly udpPorts?: PortPair;
  /** Set the audio up too, where there is AAC. Without it (the rule) no voice ever leaves the camera. */
  readonly withAudio?: boolean;
  /** As {@link udpPorts}, for the audio. */
  readonly audioUdpPorts?: PortPair;
  /** Limits that differ from {@link DEFAULT_TIMING}. */
  readonly timing?: Partial<RtspTiming>;
  /** Client nonce of digest logins, 16 hex digits at least; tests fix it. */
  readonly clientNonce?: () => string;
  /** Bytes for the socket. The buffer is fresh and belongs to the receiver. */
  send(bytes: Buffer): void;
  onTrack(track: VideoTrack): void;
  /** After {@link onTrack} and before PLAY, where the camera granted the audio. */
  onAudioTrack?(track: AudioTrack): void;
  /**
   * One interleaved RTP or RTCP packet, `buffer[from..to)`. A view into the shared read buffer or into the session's own
   * rest of a cut packet: valid only during the call. `channel` is one of the track's delivery. Never called for UDP.
   */
  onPacket(buffer: Buffer, from: number, to: number, channel: number): void;
  /** PLAY was granted. */
  onPlaying?(): void;
  /** Given: only asks. The session ends with a description that offers video which we take; nothing is set up. Once. */
  onDescribed?(): void;
  /** The session ended by itself; once. The caller closes the socket. Not called after {@link RtspSession.close}. */
  onFail(reason: Refusal): void;
}

export interface RtspTiming {
  /** A response has to be complete this long after its request was sent, however slowly it drips. */
  readonly responseMs: number;
  /** While playing: this long without one complete packet ends the session with `rtsp-timeout`. */
  readonly silenceMs: number;
  /** Session timeout to assume when the server names none (RFC 2326 §12.37). */
  readonly sessionTimeoutMs: number;
}

export type RtspStep = 'options' | 'describe' | 'setup' | 'play';

/** What ends each state is said behind it. */
export type RtspState =
  /** `start()` */
  | { readonly name: 'idle' }
  /** the response, its deadline, or a refusal */
  | { readonly name: 'asking'; readonly step: RtspStep; readonly deadlineMs: number }
  /** `close()`, silence, or the server ending it */
  | { readonly name: 'playing'; readonly sinceMs: number; readonly track: VideoTrack }
  /** nothing */
  | { readonly name: 'failed'; readonly reason: Refusal }
  /** nothing */
  | { readonly name: 'closed' };
