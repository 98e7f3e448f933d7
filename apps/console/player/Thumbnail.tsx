import { useEffect, useRef, useState } from 'react';
import './thumbnail.css';
import type { CameraView } from '#libs/wire';
import { age } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useNowMs, useServices } from '../live/services.tsx';
import { drawStill, fetchStill } from './snapshot-line.ts';
import type { Leave } from './ticket-desk.ts';
import { watchVisibility } from './visibility.ts';

const WIDTH_PX = 160;
/** A list is looked over, not watched. */
const REFRESH_MS = 60_000;
/** A picture that could not be had is asked for again soon: the relay may just be connecting. */
const RETRY_MS = 10_000;
/** No camera is woken for a list: there is a picture when somebody has watched it. */
const NONE_YET = 'picture-none';
/** Older ones are greyed, as everything old is. */
const OLD_MS = 3 * 60_000;

/** A small picture of a camera, the newest there is without waking it, now and then a new one while it is in sight, with its age. */
export function Thumbnail({ camera }: { readonly camera: CameraView }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [takenAtMs, setTakenAtMs] = useState<number | null>(null);
  const nowMs = useNowMs();
  const { say } = useWords();
  useThumbnail(camera, canvas.current, setTakenAtMs);
  const ageMs = takenAtMs === null ? null : Math.max(0, nowMs - takenAtMs);
  const isOld = ageMs === null || ageMs > OLD_MS || camera.health.state === 'offline';
  return (
    <span className={isOld ? 'thumbnail thumbnail--old' : 'thumbnail'} data-age-ms={ageMs ?? undefined}>
      <canvas ref={canvas} width={WIDTH_PX} height={(WIDTH_PX * 9) / 16} aria-hidden="true" />
      {ageMs !== null && <small title={say('thumbnail.age')}>{age(ageMs)}</small>}
    </span>
  );
}

function useThumbnail(
  camera: CameraView,
  canvas: HTMLCanvasElement | null,
  setTakenAtMs: (atMs: number) => void,
): void {
  const { clock, tickets } = useServices();
  const [, setMounted] = useState(false);
  useEffect(() => setMounted(true), []);
  const stream = camera.streams.some(({ role }) => role === 'sub') ? 'sub' : 'main';
  useEffect(() => {
    if (!canvas) return undefined;
    const over = new AbortController();
    let timer = clock.after(0, () => undefined);
    let held: { leave: () => Leave; release: () => void } | undefined;
    let isAsking = false;
    const ask = async (): Promise<void> => {
      const leave = held?.leave();
      if (isAsking || leave?.kind !== 'granted') return;
      isAsking = true;
      const still = await fetchStill(leave.snapshotUrl, WIDTH_PX, over.signal);
      isAsking = false;
      if (over.signal.aborted) return;
      if (still.kind === 'picture') {
        drawStill(canvas, still.image);
        setTakenAtMs(clock.nowMs() - still.ageMs);
      }
      timer.cancel();
      const isSettled = still.kind === 'picture' || still.code === NONE_YET;
      timer = clock.after(isSettled ? REFRESH_MS : RETRY_MS, () => void ask());
    };
    const show = (isVisible: boolean): void => {
      timer.cancel();
      held?.release();
      // Leave to watch is asked for what is in sight, and so is written down for no more than that.
      held = isVisible ? tickets.hold(camera.id, { stream, use: 'overview' }, () => void ask()) : undefined;
    };
    let isKnown = false;
    const stop = watchVisibility(canvas, (isVisible) => {
      isKnown = true;
      show(isVisible);
    });
    if (!isKnown) show(true);
    return () => {
      over.abort();
      stop();
      timer.cancel();
      held?.release();
    };
  }, [camera.id, stream, canvas, clock, tickets, setTakenAtMs]);
}
