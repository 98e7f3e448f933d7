import type { SimCamera } from './model.ts';

/**
 * Path (and query) of a profile's RTSP stream, as the pretended maker writes it. The ONVIF services hand it out, the RTSP
 * server answers to it: both read this one rule.
 *
 * @param profileToken token of one of the camera's profiles; anything that is not the main profile is taken as the sub.
 * @returns a path that starts with `/`, already fit for a URI: `rtsp://<host>:<rtspPort><path>`.
 */
export function streamPathOf(camera: SimCamera, profileToken: string): string {
  const isMain = profileToken === camera.spec.main.token;
  switch (camera.spec.vendor) {
    case 'plain':
      return isMain ? '/live/main' : '/live/sub';
    case 'northgate':
      return isMain ? '/Streaming/Channels/101' : '/Streaming/Channels/102';
    case 'halcon':
      return `/cam/realmonitor?channel=1&subtype=${isMain ? 0 : 1}`;
    case 'bluecape':
      return isMain ? '/profile1/media.smp' : '/profile2/media.smp';
  }
}
