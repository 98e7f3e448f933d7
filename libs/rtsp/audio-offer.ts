import { parseAudioConfig, type AudioFormat } from '#libs/codec';
import type { MediaDescription, SessionDescription } from './sdp.ts';

/** The audio of an SDP that the relay can carry: AAC as RFC 3640 packs it at high bit rates. */
export interface AudioOffer {
  readonly format: AudioFormat;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly control: string;
}

/** RFC 3640 §3.3.6, mode AAC-hbr: these lengths and no others. */
const HIGH_BIT_RATE: Readonly<Record<string, string>> = {
  mode: 'aac-hbr',
  sizelength: '13',
  indexlength: '3',
  indexdeltalength: '3',
};

/** The first AAC track, or undefined: video is carried without it. */
export function chooseAudio(sdp: SessionDescription): AudioOffer | undefined {
  for (const media of sdp.media.filter((one) => one.type === 'audio')) {
    for (const payloadType of media.payloadTypes) {
      const offer = offerOf(media, payloadType);
      if (offer) return offer;
    }
  }
  return undefined;
}

function offerOf(media: MediaDescription, payloadType: number): AudioOffer | undefined {
  const map = media.rtpMaps.get(payloadType);
  const parameters = media.formatParameters.get(payloadType);
  if (map?.encoding !== 'MPEG4-GENERIC' || !parameters || !/^RTP\/AVPF?(\/TCP)?$/.test(media.protocol))
    return undefined;
  const isKnownMode = Object.entries(HIGH_BIT_RATE).every(
    ([name, value]) => parameters.get(name)?.toLowerCase() === value,
  );
  const config = parameters.get('config') ?? '';
  if (!isKnownMode || !/^([0-9a-f]{2}){2,32}$/i.test(config)) return undefined;
  const format = parseAudioConfig(Buffer.from(config, 'hex'));
  // §4.1: the RTP clock is the sampling rate. Another one would be HE-AAC, or a mistake.
  if (!format || format.sampleRate !== map.clockRate) return undefined;
  return { format, payloadType, clockRate: map.clockRate, control: media.control };
}
