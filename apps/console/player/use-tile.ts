import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react';
import { useServices } from '../live/services.tsx';
import type { Picture } from './honesty.ts';
import type { LineKind, Wanted } from './line.ts';
import { TilePlayer } from './tile-player.ts';
import { watchVisibility } from './visibility.ts';

export interface TileRefs {
  readonly video: RefObject<HTMLVideoElement | null>;
  /** Where single pictures are shown. */
  readonly shot: RefObject<HTMLCanvasElement | null>;
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

/** Plays a stream while the component lives. `wanted` null plays nothing (a camera without a stream that can be shown). */
export function useTile(cameraId: string, wanted: Wanted | null, cameraOffline: boolean, refs: TileRefs): TileState {
  const { clock, tickets, sockets, lines, live, halfSeconds } = useServices();
  const [player, setPlayer] = useState<TilePlayer | null>(null);
  const latest = useRef({ cameraOffline, wanted });
  latest.current = { cameraOffline, wanted };
  const isPlayable = wanted !== null;

  useEffect(() => {
    const video = refs.video.current;
    const shot = refs.shot.current;
    const first = latest.current.wanted;
    if (!video || !shot || first === null) return undefined;
    const surroundings = { clock, tickets, sockets, lines, serverNowMs: () => live.serverClock.nowMs() };
    const freeze = (seen: HTMLVideoElement | HTMLCanvasElement): void => keepStill(seen, refs.still.current);
    const made = new TilePlayer(surroundings, { video, shot, freeze }, cameraId, first);
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
  }, [cameraId, isPlayable, clock, tickets, sockets, lines, live, halfSeconds, refs.video, refs.shot, refs.still]);

  useEffect(() => player?.setCameraOffline(cameraOffline), [player, cameraOffline]);
  useEffect(() => (wanted === null ? undefined : player?.setWanted(wanted)), [player, wanted]);

  const picture = useSyncExternalStore(player?.subscribe ?? nothing, player?.getPicture ?? (() => IDLE));
  // Counting needs the ticks; a live tile does not draw itself anew for them.
  const counting = picture.kind !== 'live' && picture.kind !== 'late' && player !== null;
  useSyncExternalStore(counting ? halfSeconds.subscribe : nothing, counting ? halfSeconds.getNowMs : () => 0);
  return { picture, ageMs: player?.ageMs() ?? 0, line: player?.getLine() };
}

/** Small: it is shown greyed and dim, and there may be many. */
const STILL_WIDTH_PX = 480;

function keepStill(seen: HTMLVideoElement | HTMLCanvasElement, canvas: HTMLCanvasElement | null): void {
  const [width, height] =
    seen instanceof HTMLVideoElement ? [seen.videoWidth, seen.videoHeight] : [seen.width, seen.height];
  if (!canvas || width === 0) return;
  canvas.width = STILL_WIDTH_PX;
  canvas.height = Math.round((STILL_WIDTH_PX * height) / width);
  canvas.getContext('2d')?.drawImage(seen, 0, 0, canvas.width, canvas.height);
}
