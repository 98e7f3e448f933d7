import { useEffect, useRef } from 'react';
import { SPEEDS, type Speed } from './playhead.ts';

export interface ReplayActs {
  readonly toggle: () => void;
  readonly move: (byMs: number) => void;
  readonly step: (by: 1 | -1) => void;
  readonly edge: (end: 'start' | 'end') => void;
  readonly setSpeed: (speed: Speed) => void;
  readonly clear: () => void;
}

const STEP_MS = 10_000;
const BIG_STEP_MS = 60_000;

/** Keys of the whole page. What is typed into a field, and what the map or a dialog takes, is theirs. */
export function useReplayKeys(acts: ReplayActs): void {
  const last = useRef(acts);
  last.current = acts;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isTaken(event)) return;
      const act = actOf(event, last.current);
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, select, textarea, dialog')) return true;
  if (target.closest('.map__canvas') && key.startsWith('Arrow')) return true;
  return key === ' ' && target.closest('button, a') !== null;
}

function actOf({ key, shiftKey }: KeyboardEvent, acts: ReplayActs): (() => void) | undefined {
  const stepMs = shiftKey ? BIG_STEP_MS : STEP_MS;
  const speed = SPEEDS[Number(key) - 1];
  if (speed !== undefined) return () => acts.setSpeed(speed);
  const byKey: Readonly<Record<string, () => void>> = {
    ' ': acts.toggle,
    k: acts.toggle,
    ArrowLeft: () => acts.move(-stepMs),
    ArrowRight: () => acts.move(stepMs),
    ',': () => acts.step(-1),
    '.': () => acts.step(1),
    Home: () => acts.edge('start'),
    End: () => acts.edge('end'),
    Escape: acts.clear,
  };
  return Object.hasOwn(byKey, key) ? byKey[key] : undefined;
}
