import { useEffect } from 'react';
import type { TrackView } from '#libs/wire';
import type { TownMap } from '../map/town-map.ts';
import { piecesOf } from './track-pieces.ts';

/** Draws a track on the map; where nothing is known the line is broken, and says so. */
export function useTrack(map: TownMap | null, track: TrackView | null): void {
  useEffect(() => {
    if (!map || !track || track.fixes.length === 0) return undefined;
    let remove = (): void => undefined;
    let gone = false;
    void import('../map/track-layer.ts').then(({ drawTrack }) => {
      if (gone) return;
      const { pieces, gaps } = piecesOf(track.fixes);
      remove = drawTrack(map, pieces, gaps);
    });
    return () => {
      gone = true;
      remove();
    };
  }, [map, track]);
}
