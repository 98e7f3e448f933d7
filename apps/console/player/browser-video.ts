import type { Codec } from '#libs/wire';

/** One probing codec string for each name of the contract: H.264 High 4.0, H.265 Main 4.0. */
const PROBE: Readonly<Record<Codec, string | null>> = {
  h264: 'video/mp4; codecs="avc1.640028"',
  h265: 'video/mp4; codecs="hvc1.1.6.L120.90"',
  mjpeg: null,
};

/** Whether this browser plays a codec out of fMP4, by MSE or by itself (Safari on phones has no MSE). */
export function browserPlays(codec: Codec): boolean {
  const type = PROBE[codec];
  if (type === null) return false;
  if (typeof MediaSource !== 'undefined') return MediaSource.isTypeSupported(type);
  return document.createElement('video').canPlayType(type) !== '';
}

/**
 * Calls `onFrame` for each frame that really was displayed, with its media time where the browser tells it; answers how to
 * stop. Where the browser cannot say, a moving
 * count of decoded frames is the next best proof.
 */
export function watchFrames(video: HTMLVideoElement, onFrame: (mediaMs?: number) => void): () => void {
  if ('requestVideoFrameCallback' in video) return watchByCallback(video, onFrame);
  return watchByCount(video, onFrame);
}

function watchByCallback(video: HTMLVideoElement, onFrame: (mediaMs?: number) => void): () => void {
  let handle = 0;
  const next = (): void => {
    handle = video.requestVideoFrameCallback((_now, frame) => {
      onFrame(frame.mediaTime * 1_000);
      next();
    });
  };
  next();
  return () => video.cancelVideoFrameCallback(handle);
}

function watchByCount(video: HTMLVideoElement, onFrame: () => void): () => void {
  let seen = 0;
  const look = (): void => {
    const count = video.getVideoPlaybackQuality?.().totalVideoFrames ?? video.currentTime;
    if (count === seen) return;
    seen = count;
    onFrame();
  };
  video.addEventListener('timeupdate', look);
  return () => video.removeEventListener('timeupdate', look);
}
