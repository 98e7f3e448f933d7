import { useEffect, useRef, useState } from 'react';
import { actionOf, type DeskAction } from './desk-keys.ts';

const LETTERS_KEY = 'atalaya.dispatch.letters';

/** Hears keys wherever the focus is; what a key means there is decided in desk-keys.ts. */
export function useDeskKeys(onAction: (action: DeskAction) => void): {
  readonly letters: boolean;
  readonly setLetters: (on: boolean) => void;
} {
  const [letters, setLetters] = useState(remembered);
  const latest = useRef({ onAction, letters });
  latest.current = { onAction, letters };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.repeat) return;
      const target = event.target instanceof Element ? event.target : null;
      const action = actionOf(event, {
        typing: target?.closest('input:not([type="checkbox"]), textarea, select') !== null && target !== null,
        inDialog: document.querySelector('dialog[open]') !== null,
        onControl: target?.closest('button, a, [role="option"], .map__canvas') !== null && target !== null,
        letters: latest.current.letters,
      });
      if (!action) return;
      event.preventDefault();
      latest.current.onAction(action);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return {
    letters,
    setLetters: (on) => {
      setLetters(on);
      remember(on);
    },
  };
}

function remembered(): boolean {
  try {
    return localStorage.getItem(LETTERS_KEY) !== 'no';
  } catch {
    return true;
  }
}

function remember(on: boolean): void {
  try {
    localStorage.setItem(LETTERS_KEY, on ? 'yes' : 'no');
  } catch {
    // The choice lasts as long as the page.
  }
}
