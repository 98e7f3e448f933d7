import type { Clip } from '../clip/clip.ts';
import { VIDEO_CLOCK_HZ, VIDEO_PAYLOAD_TYPE } from './prepare.ts';
import type { RtspFlavour } from './flavour.ts';

export interface SdpSource {
  readonly clip: Clip;
  readonly flavour: RtspFlavour;
  readonly host: string;
  /** Whole URI of the stream as the client asked for it, without a slash at its end. */
  readonly streamUri: string;
  readonly bitrateKbps: number;
  readonly sessionId: number;
}

/** Session description (RFC 8866) of one stream with one video track. */
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
  ];
  return `${lines.join('\r\n')}\r\n`;
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
