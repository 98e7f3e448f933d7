import { ok, refused, type Result } from '#libs/base';
import { MAX_PARAMETER_SET_BYTES, NalRole, nalSyntaxOf, type StreamCodec } from '#libs/codec';
import { MAX_SDP_PARAMETER_SETS } from './limits.ts';
import { quoted } from './message.ts';
import { rtspRefusal } from './reasons.ts';
import type { MediaDescription, SessionDescription } from './sdp.ts';

/** The stream of an SDP that the relay takes. */
export interface VideoOffer {
  readonly codec: StreamCodec;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly parameterSets: readonly Buffer[];
  readonly control: string;
}

const CODECS: Readonly<Record<string, StreamCodec>> = { H264: 'h264', H265: 'h265', HEVC: 'h265', JPEG: 'mjpeg' };
/** Payload types that need no rtpmap (RFC 3551 §6), for the refusal's words. */
const STATIC_ENCODINGS: Readonly<Record<number, string>> = {
  26: 'JPEG',
  31: 'H261',
  32: 'MPV',
  33: 'MP2T',
  34: 'H263',
};
/** Far from 90,000 in both directions; anything else is no clock. */
const MIN_CLOCK_RATE = 1_000;
const MAX_CLOCK_RATE = 10_000_000;
const JPEG_CLOCK_RATE = 90_000;
const SPROPS: Readonly<Record<StreamCodec, readonly string[]>> = {
  h264: ['sprop-parameter-sets'],
  h265: ['sprop-vps', 'sprop-sps', 'sprop-pps'],
  mjpeg: [],
};

/** The first video format that the relay carries, or why there is none: `sdp-no-video`, `codec-unsupported`. */
export function chooseVideo(sdp: SessionDescription): Result<VideoOffer> {
  const videos = sdp.media.filter((one) => one.type === 'video');
  if (videos.length === 0) return refused(rtspRefusal('sdp-no-video', `None of ${sdp.media.length} media is video`));
  const problems: string[] = [];
  for (const media of videos) {
    for (const payloadType of media.payloadTypes) {
      const offer = offerOf(media, payloadType);
      if (typeof offer !== 'string') return ok(offer);
      problems.push(offer);
    }
  }
  const encoding = quoted(problems.join(', ') || 'nothing');
  return refused(
    rtspRefusal('codec-unsupported', `Video is offered as ${encoding}; H.264, H.265 and JPEG are carried`, {
      encoding,
    }),
  );
}

/** An offer, or what is wrong with it in a few words. */
function offerOf(media: MediaDescription, payloadType: number): VideoOffer | string {
  const map = media.rtpMaps.get(payloadType);
  const encoding = map?.encoding ?? STATIC_ENCODINGS[payloadType] ?? `payload type ${payloadType}`;
  const codec = CODECS[encoding];
  // JPEG has a payload type of its own, at 90 kHz (RFC 3551 §6): it needs no rtpmap.
  const clockRate = map?.clockRate ?? (codec === 'mjpeg' ? JPEG_CLOCK_RATE : undefined);
  if (!codec || clockRate === undefined) return encoding;
  if (!/^RTP\/AVPF?(\/TCP)?$/.test(media.protocol)) return `${encoding} over ${media.protocol}`;
  if (clockRate < MIN_CLOCK_RATE || clockRate > MAX_CLOCK_RATE) return `${encoding} at ${clockRate} Hz`;
  const parameters = media.formatParameters.get(payloadType) ?? new Map<string, string>();
  const interleaving = interleavingOf(codec, parameters);
  if (interleaving) return `${encoding} with ${interleaving}`;
  const parameterSets = parameterSetsOf(codec, parameters);
  return { codec, payloadType, clockRate, parameterSets, control: media.control };
}

/** Decoding order numbers in the packets: RFC 6184 §6.4 interleaved mode, RFC 7798 §7.1 sprop-max-don-diff and tx-mode. */
function interleavingOf(codec: StreamCodec, parameters: ReadonlyMap<string, string>): string | undefined {
  if (codec === 'h264') return parameters.get('packetization-mode') === '2' ? 'packetization-mode=2' : undefined;
  if (codec === 'mjpeg') return undefined;
  if (Number(parameters.get('sprop-max-don-diff') ?? 0) > 0) return 'sprop-max-don-diff';
  const mode = parameters.get('tx-mode')?.toUpperCase();
  return mode !== undefined && mode !== 'SRST' ? 'tx-mode' : undefined;
}

function parameterSetsOf(codec: StreamCodec, parameters: ReadonlyMap<string, string>): readonly Buffer[] {
  const texts = SPROPS[codec].flatMap((name) => parameters.get(name)?.split(',', MAX_SDP_PARAMETER_SETS) ?? []);
  const sets = texts.map(decodeNal).filter((nal) => isParameterSet(codec, nal));
  return sets.slice(0, MAX_SDP_PARAMETER_SETS);
}

/** Base64 (RFC 6184 §8.1). Some cameras leave the start code of their byte stream in front. */
function decodeNal(text: string): Buffer {
  const nal = Buffer.from(text.trim(), 'base64');
  const startCode = nal.subarray(0, 4).indexOf(1);
  const isStartCode = (startCode === 2 || startCode === 3) && nal.subarray(0, startCode).every((byte) => byte === 0);
  return isStartCode ? nal.subarray(startCode + 1) : nal;
}

function isParameterSet(codec: StreamCodec, nal: Buffer): boolean {
  if (codec === 'mjpeg') return false;
  if (nal.length < 4 || nal.length > MAX_PARAMETER_SET_BYTES) return false;
  return nalSyntaxOf(codec).role(nal[0]!, nal[1]!) === NalRole.parameterSet;
}
