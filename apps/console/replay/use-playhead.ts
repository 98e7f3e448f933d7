import { useEffect, useRef, useState } from 'react';
import { useServices } from '../live/services.tsx';
import { advance, seek, toggle, type Playhead, type Span, type Speed } from './playhead.ts';

const TICK_MS = 100;

export interface PlayheadHand {
  readonly head: Playhead;
  seek(atMs: number): void;
  toggle(): void;
  pause(): void;
  setSpeed(speed: Speed): void;
}

/** A playhead that runs by the clock of this machine. `isReady` says whether what it would show is here. */
export function usePlayhead(span: Span, startMs: number, isReady: (atMs: number) => boolean): PlayheadHand {
  const { clock } = useServices();
  const [head, setHead] = useState<Playhead>(() => seek({ atMs: startMs, playing: false, speed: 5 }, startMs, span));
  const ready = useRef(isReady);
  ready.current = isReady;
  const { playing } = head;
  useEffect(() => {
    if (!playing) return undefined;
    let lastMs = clock.monotonicMs();
    const timer = clock.every(TICK_MS, () => {
      const nowMs = clock.monotonicMs();
      const passedMs = nowMs - lastMs;
      lastMs = nowMs;
      setHead((old) => advance(old, passedMs, span, ready.current(old.atMs)));
    });
    return () => timer.cancel();
  }, [playing, clock, span]);
  return {
    head,
    seek: (atMs) => setHead((old) => seek(old, atMs, span)),
    toggle: () => setHead((old) => toggle(old, span)),
    pause: () => setHead((old) => ({ ...old, playing: false })),
    setSpeed: (speed) => setHead((old) => ({ ...old, speed })),
  };
}
