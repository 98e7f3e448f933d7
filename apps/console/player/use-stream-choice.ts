import { useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import type { CameraView, StreamRole } from '#libs/wire';
import { useServices } from '../live/services.tsx';
import { browserPlays } from './browser-video.ts';
import { chooseStream, firstChoice, type StreamChoice } from './choice.ts';
import { streamBySize } from './stream-by-size.ts';

/** A pointer that crosses a tile on its way is not attention. */
const ATTENTION_MS = 400;
/** The other way it is not hurried: whoever looks away looks back. */
const INATTENTION_MS = 4_000;

/**
 * Which stream a tile shows: what the page wants, raised to main where the tile is large or somebody attends to it.
 * @param hasBegun it shows pictures, or has waited long enough for them. Before, main waits for sub, which is there at once
 *   where main has to be fetched first: the change from one to the other leaves no gap.
 */
export function useStreamChoice(
  camera: CameraView,
  wanted: StreamRole,
  tile: RefObject<HTMLElement | null>,
  hasBegun: boolean,
): StreamChoice | null {
  const { mains } = useServices();
  const widthPx = useWidthPx(tile);
  const isFocused = useAttention(tile);
  const holder = useRef({});
  const [current, setCurrent] = useState<StreamRole>(wanted);
  const subWidthPx = camera.streams.find((stream) => stream.role === 'sub')?.widthPx ?? 0;
  const wish = streamBySize({ wanted, current, widthPx, subWidthPx, isFocused });

  useEffect(() => {
    const isForSize = wish === 'main' && wanted !== 'main' && !isFocused;
    if (!isForSize) mains.free(holder.current);
    setCurrent(isForSize && !mains.take(holder.current) ? 'sub' : wish);
  }, [wish, wanted, isFocused, mains]);
  useEffect(() => {
    const held = holder.current;
    return () => mains.free(held);
  }, [mains]);

  return useMemo(() => {
    const first = hasBegun ? null : firstChoice(camera, current, browserPlays);
    if (first) return first;
    const raised = chooseStream(camera, current, browserPlays);
    // Raising is our own idea: where it cannot be, nothing need be said about it.
    return raised?.insteadOf && current !== wanted ? chooseStream(camera, wanted, browserPlays) : raised;
  }, [camera, current, wanted, hasBegun]);
}

/** Width on the screen in device pixels; 0 until it was measured. */
function useWidthPx(tile: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0);
  useEffect(() => {
    if (!tile.current) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidthPx(Math.round(entry.contentRect.width * window.devicePixelRatio));
    });
    observer.observe(tile.current);
    return () => observer.disconnect();
  }, [tile]);
  return widthPx;
}

function useAttention(tile: RefObject<HTMLElement | null>): boolean {
  const { clock } = useServices();
  const [attended, setAttended] = useState(false);
  useEffect(() => {
    const element = tile.current;
    if (!element) return undefined;
    let timer = clock.after(0, () => undefined);
    const become = (value: boolean, delayMs: number) => (): void => {
      timer.cancel();
      timer = clock.after(delayMs, () => setAttended(value));
    };
    const [come, go] = [become(true, ATTENTION_MS), become(false, INATTENTION_MS)];
    for (const name of ['pointerenter', 'focusin']) element.addEventListener(name, come);
    for (const name of ['pointerleave', 'focusout']) element.addEventListener(name, go);
    return () => {
      timer.cancel();
      for (const name of ['pointerenter', 'focusin']) element.removeEventListener(name, come);
      for (const name of ['pointerleave', 'focusout']) element.removeEventListener(name, go);
    };
  }, [clock, tile]);
  return attended;
}
