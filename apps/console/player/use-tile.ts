import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react';
import type { StreamRole } from '#libs/wire';
import { useServices } from '../live/services.tsx';
import type { Picture } from './honesty.ts';
import type { LineKind } from './line.ts';
import { TilePlayer } from './tile-player.ts';
import { watchVisibility } from './visibility.ts';

export interface TileRefs {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly still: RefObject<HTMLCanvasElement | null>;
}

export interface TileState {
  readonly picture: Picture;
  readonly ageMs: number;
  /** How pictures come at present. */
  readonly line: LineKind | undefined;
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
  const { clock, tickets, sockets, lines, live, halfSeconds } = useServices();
  const [player, setPlayer] = useState<TilePlayer | null>(null);
  const latest = useRef({ cameraOffline, stream });
  latest.current = { cameraOffline, stream };
  const isPlayable = stream !== null;

  useEffect(() => {
    const video = refs.video.current;
    const first = latest.current.stream;
    if (!video || first === null) return undefined;
    const surroundings = { clock, tickets, sockets, lines, serverNowMs: () => live.serverClock.nowMs() };
    const made = new TilePlayer(surroundings, video, cameraId, first, (from) => keepStill(from, refs.still.current));
    made.setCameraOffline(latest.current.cameraOffline);
    const stopWatching = watchVisibility(video, (isVisible) => made.setHidden(!isVisible));
    const stopTicks = halfSeconds.subscribe(() => made.tick());
    setPlayer(made);
    return () => {
      stopTicks();
      stopWatching();
      made.stop();
      setPlayer(null);
    };
  }, [cameraId, isPlayable, clock, tickets, sockets, lines, live, halfSeconds, refs.video, refs.still]);

  useEffect(() => player?.setCameraOffline(cameraOffline), [player, cameraOffline]);
  useEffect(() => (stream === null ? undefined : player?.setStream(stream)), [player, stream]);

  const picture = useSyncExternalStore(player?.subscribe ?? nothing, player?.getPicture ?? (() => IDLE));
  // Counting needs the ticks; a live tile does not draw itself anew for them.
  const counting = picture.kind !== 'live' && picture.kind !== 'late' && player !== null;
  useSyncExternalStore(counting ? halfSeconds.subscribe : nothing, counting ? halfSeconds.getNowMs : () => 0);
  return { picture, ageMs: player?.ageMs() ?? 0, line: player?.getLine() };
}

/** Small: it is shown greyed and dim, and there may be many. */
const STILL_WIDTH_PX = 480;

function keepStill(video: HTMLVideoElement, canvas: HTMLCanvasElement | null): void {
  if (!canvas || video.videoWidth === 0) return;
  canvas.width = STILL_WIDTH_PX;
  canvas.height = Math.round((STILL_WIDTH_PX * video.videoHeight) / video.videoWidth);
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
}
