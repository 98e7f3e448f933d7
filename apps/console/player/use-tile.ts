import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react';
import type { StreamRole } from '#libs/wire';
import { useServices } from '../live/services.tsx';
import type { Picture } from './honesty.ts';
import { TilePlayer } from './tile-player.ts';

export interface TileRefs {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly still: RefObject<HTMLCanvasElement | null>;
}

export interface TileState {
  readonly picture: Picture;
  readonly ageMs: number;
}

const IDLE: Picture = { kind: 'starting', sinceMs: 0 };
const nothing = (): (() => void) => () => undefined;

/** Plays a stream while the component lives. `stream` null plays nothing (a codec this browser cannot show). */
export function useTile(
  cameraId: string,
  stream: StreamRole | null,
  cameraOffline: boolean,
  refs: TileRefs,
): TileState {
  const { clock, tickets, live, halfSeconds } = useServices();
  const [player, setPlayer] = useState<TilePlayer | null>(null);
  const offline = useRef(cameraOffline);
  offline.current = cameraOffline;

  useEffect(() => {
    const video = refs.video.current;
    if (!video || stream === null) return undefined;
    const surroundings = { clock, tickets, serverNowMs: () => live.serverClock.nowMs() };
    const made = new TilePlayer(surroundings, video, cameraId, stream, (from) => keepStill(from, refs.still.current));
    made.setCameraOffline(offline.current);
    const stopTicks = halfSeconds.subscribe(() => made.tick());
    setPlayer(made);
    return () => {
      stopTicks();
      made.stop();
      setPlayer(null);
    };
  }, [cameraId, stream, clock, tickets, live, halfSeconds, refs.video, refs.still]);

  useEffect(() => player?.setCameraOffline(cameraOffline), [player, cameraOffline]);

  const picture = useSyncExternalStore(player?.subscribe ?? nothing, player?.getPicture ?? (() => IDLE));
  // Counting needs the ticks; a live tile does not draw itself anew for them.
  const counting = picture.kind !== 'live' && picture.kind !== 'late' && player !== null;
  useSyncExternalStore(counting ? halfSeconds.subscribe : nothing, counting ? halfSeconds.getNowMs : () => 0);
  return { picture, ageMs: player?.ageMs() ?? 0 };
}

/** Small: it is shown greyed and dim, and there may be many. */
const STILL_WIDTH_PX = 480;

function keepStill(video: HTMLVideoElement, canvas: HTMLCanvasElement | null): void {
  if (!canvas || video.videoWidth === 0) return;
  canvas.width = STILL_WIDTH_PX;
  canvas.height = Math.round((STILL_WIDTH_PX * video.videoHeight) / video.videoWidth);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
}
