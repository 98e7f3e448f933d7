import type { Refusal } from '#libs/base';
import type { AccessUnitInfo, Assembly, StreamCodec, TrackFormat } from '#libs/codec';

/**
 * What a {@link VideoReceiver} is told and whom it tells. All callbacks run inside `receiveRtp` or `receiveRtcp`, in this
 * order for one access unit: `onFormat` when its parameter sets differ from those before, then `onAccessUnit`.
 */
export interface VideoReceiverOptions {
  readonly codec: StreamCodec;
  /** Packets of another payload type are dropped and counted (RFC 3550 §5.1). */
  readonly payloadType: number;
  /** Ticks a second of RTP timestamps; both codecs say 90,000 (RFC 6184 §8.2.1, RFC 7798 §7.1). */
  readonly clockRate: number;
  /** Where access units are written. Its owner may {@link Assembly.rewind} it in any callback and between packets. */
  readonly assembly: Assembly;
  /** `sprop-parameter-sets` or `sprop-vps/sps/pps` of the SDP: NAL units. Those in the stream replace them. */
  readonly parameterSets: readonly Buffer[];
  /** Our own SSRC in receiver reports (RFC 3550 §6.4.2): any 32-bit number. */
  readonly reporterSsrc: number;
  /**
   * Before the `onAccessUnit` of the first (key) unit that needs `format`. That unit lies in the assembly but is not yet
   * committed: bytes before `unitStart` are all of the old format, so a consumer can copy them out and rewind here.
   */
  onFormat(format: TrackFormat): void;
  /**
   * A unit was committed: it ends at `assembly.unitStart` and is `info.bytes` long. Units come in decoding order; pts90k
   * goes back within a group of pictures when the stream has B-frames.
   */
  onAccessUnit(info: AccessUnitInfo & { readonly bytes: number }): void;
  /**
   * The stream can never be shown: `codec-mismatch` (it carries another codec than its SDP says) or `codec-unsupported`
   * (parameter sets that cannot be read). At most once; nothing is delivered afterwards.
   */
  onRefusal(reason: Refusal): void;
  /** The camera said goodbye (RTCP BYE, RFC 3550 §6.6). */
  onBye?(): void;
}

/** Counters since the receiver began. One object for its life, changed in place: read it, do not keep it. */
export interface ReceiverStats {
  /** Packets accepted by header and payload type. */
  packets: number;
  /** RTP payload bytes of those. */
  bytes: number;
  /** Not RTP version 2, or lengths that do not fit. */
  malformedPackets: number;
  foreignPackets: number;
  /** Sequence numbers that never came. A late packet takes its loss back. */
  lostPackets: number;
  latePackets: number;
  duplicatePackets: number;
  /** Jumps that mean a restarted source (RFC 3550 §A.1), or a new SSRC. */
  restarts: number;
  /** Timestamps that left the arrival clock by more than ten seconds; the timeline went on from the arrival clock. */
  timestampJumps: number;
  /** Access units handed on. */
  units: number;
  keyUnits: number;
  /** Units lost because packets were lost or damaged within them. */
  damagedUnits: number;
  /** Whole units not handed on because the picture they build on was lost, or decoding has not begun. */
  unitsBeforeKey: number;
  /** Units that outgrew the assembly. */
  oversizeUnits: number;
  /** Key units that came before any usable parameter set. */
  unitsWithoutFormat: number;
  /** NAL units or payload structures that RFC 6184 / RFC 7798 do not allow here. */
  malformedPayloads: number;
  refusedParameterSets: number;
  formatChanges: number;
  senderReports: number;
  malformedRtcp: number;
}
