import { useEffect, useRef } from 'react';
import { LAYOUTS, type Layout } from './layout.ts';

export interface WallKeys {
  readonly onLayout: (layout: Layout) => void;
  readonly onTurn: (by: number) => void;
  readonly onIncident: () => void;
}

/** 1, 2, 3 choose a layout, arrows turn the page of cameras, I makes an incident of the alarm that is shown, F goes full screen. */
export function useWallKeys(keys: WallKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const layout = LAYOUTS[Number(event.key) - 1];
      if (layout) latest.current.onLayout(layout);
      if (event.key === 'ArrowRight') latest.current.onTurn(1);
      if (event.key === 'ArrowLeft') latest.current.onTurn(-1);
      if (event.key.toLowerCase() === 'i' && !event.repeat) latest.current.onIncident();
      if (event.key === 'f' || event.key === 'F') toggleFullScreen();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

/** The browser may refuse (policy, no gesture): the wall stays as it is. */
function toggleFullScreen(): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen();
  void change.catch(() => undefined);
}
