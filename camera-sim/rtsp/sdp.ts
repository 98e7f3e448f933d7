import type { AudioClip } from '../clip/adts.ts';
import type { Clip } from '../clip/clip.ts';
import { AUDIO_PAYLOAD_TYPE } from './audio-stream.ts';
import { VIDEO_CLOCK_HZ, VIDEO_PAYLOAD_TYPE } from './prepare.ts';
import type { RtspFlavour } from './flavour.ts';

export interface SdpSource {
  readonly clip: Clip;
  readonly audio: AudioClip | undefined;
  readonly flavour: RtspFlavour;
  readonly host: string;
  /** Whole URI of the stream as the client asked for it, without a slash at its end. */
  readonly streamUri: string;
  readonly bitrateKbps: number;
  readonly sessionId: number;
}

/** Control of the audio track; the video's differs by maker. */
export const AUDIO_TRACK = 'audio';

/** Session description (RFC 8866) of one stream: its video and, where the camera has a microphone, its sound. */
export function describeStream(source: SdpSource): string {
  const { clip, flavour, host, streamUri } = source;
  const control = flavour.absoluteControl ? `${streamUri}/${flavour.track}` : flavour.track;
  const lines = [
    'v=0',
    `o=- ${source.sessionId} 1 IN IP4 ${host}`,
    `s=${flavour.sessionName}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    `a=control:${flavour.absoluteControl ? `${streamUri}/` : '*'}`,
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${VIDEO_PAYLOAD_TYPE}`,
    `b=AS:${source.bitrateKbps}`,
    `a=rtpmap:${VIDEO_PAYLOAD_TYPE} ${clip.codec === 'h264' ? 'H264' : 'H265'}/${VIDEO_CLOCK_HZ}`,
    ...formatLines(clip, flavour),
    `a=framerate:${clip.framesPerSecond}`,
    `a=control:${control}`,
    ...flavour.extraSdpLines,
    ...(source.audio
      ? audioLines(source.audio, flavour.absoluteControl ? `${streamUri}/${AUDIO_TRACK}` : AUDIO_TRACK)
      : []),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** RFC 3640 §4.1, mode AAC-hbr. */
function audioLines({ sampleRate, channels, config }: AudioClip, control: string): string[] {
  const type = AUDIO_PAYLOAD_TYPE;
  const lengths = 'mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3';
  return [
    `m=audio 0 RTP/AVP ${type}`,
    `a=rtpmap:${type} MPEG4-GENERIC/${sampleRate}/${channels}`,
    `a=fmtp:${type} streamtype=5;profile-level-id=1;${lengths};config=${config.toString('hex')}`,
    `a=control:${control}`,
  ];
}

function formatLines(clip: Clip, flavour: RtspFlavour): string[] {
  const parameters = clip.codec === 'h264' ? h264Parameters(clip, flavour) : h265Parameters(clip, flavour);
  return parameters.length === 0 ? [] : [`a=fmtp:${VIDEO_PAYLOAD_TYPE} ${parameters.join(';')}`];
}

/** RFC 6184 §8.1. profile-level-id is the three bytes behind the header of the SPS. */
function h264Parameters(clip: Clip, flavour: RtspFlavour): string[] {
  const sps = clip.parameterSets[0]!;
  const sets = clip.parameterSets.map((set) => set.toString('base64')).join(',');
  return [
    'packetization-mode=1',
    `profile-level-id=${sps.toString('hex', 1, 4)}`,
    ...(flavour.setsInSdp ? [`sprop-parameter-sets=${sets}`] : []),
  ];
}

/** RFC 7798 §7.1. */
function h265Parameters(clip: Clip, flavour: RtspFlavour): string[] {
  if (!flavour.setsInSdp) return [];
  const names = ['sprop-vps', 'sprop-sps', 'sprop-pps'];
  return clip.parameterSets.map((set, position) => `${names[position]}=${set.toString('base64')}`);
}
