import { useCallback, useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { AimEditor } from '../map/aim-editor.ts';
import { AimHistory, FIRST_AIM, type Aim } from '../map/aim.ts';
import type { TownMap } from '../map/town-map.ts';

export interface AimHandle {
  readonly aim: Aim | null;
  readonly canUndo: boolean;
  readonly set: (aim: Aim) => void;
  readonly undo: () => void;
  /** Puts a camera that has no place in the middle of what the map shows. */
  readonly begin: () => void;
}

/**
 * One camera's aim while it is edited: handles on the map, fields in a form and undo, all of one state. `start` null means
 * no place yet. Give the owner component a `key` per camera: a new camera is a new history.
 */
export function useAim(map: TownMap | null, start: Aim | null, enabled: boolean): AimHandle {
  const { say } = useWords();
  const [aim, setAim] = useState<Aim | null>(start);
  const [canUndo, setCanUndo] = useState(false);
  const history = useRef<AimHistory | null>(start && new AimHistory(start));
  const editor = useRef<AimEditor | null>(null);
  const placed = aim !== null;

  const record = useCallback((next: Aim): void => {
    if (history.current) history.current.push(next);
    else history.current = new AimHistory(next);
    setCanUndo(history.current.canUndo);
    setAim(next);
  }, []);

  const latest = useRef(aim);
  latest.current = aim;
  useEffect(() => {
    if (!map || !placed || !enabled || !latest.current) return undefined;
    const titles = {
      place: say('aim.handle.place'),
      far: say('aim.handle.far'),
      left: say('aim.handle.side'),
      right: say('aim.handle.side'),
    };
    const made = new AimEditor(map.map, map.palette, latest.current, titles, setAim, record);
    editor.current = made;
    return () => {
      editor.current = null;
      made.destroy();
    };
  }, [map, placed, enabled, record, say]);

  const set = useCallback(
    (next: Aim): void => {
      record(next);
      editor.current?.show(next);
    },
    [record],
  );
  const undo = useCallback((): void => {
    if (!history.current) return;
    const back = history.current.undo();
    setCanUndo(history.current.canUndo);
    setAim(back);
    editor.current?.show(back);
  }, []);
  const begin = useCallback((): void => {
    if (!map) return;
    const { lat, lng } = map.map.getCenter();
    record({ place: { latitudeDeg: lat, longitudeDeg: lng }, ...FIRST_AIM });
    map.goTo({ latitudeDeg: lat, longitudeDeg: lng }, 16.5);
  }, [map, record]);
  return { aim, canUndo, set, undo, begin };
}
