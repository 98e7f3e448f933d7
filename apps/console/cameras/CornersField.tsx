import { useEffect, useId, useRef, useState } from 'react';
import type { Ring } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { cornersText, ringOf } from './corners.ts';

/** The corners of a zone in writing: for the keyboard, for readers, and for pasting from a survey. */
export function CornersField({ ring, onRing }: { readonly ring: Ring | null; readonly onRing: (ring: Ring) => void }) {
  const { say } = useWords();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(cornersText(ring));
  // What is drawn is written here, but not over what is being typed.
  useEffect(() => {
    if (document.activeElement !== area.current) setText(cornersText(ring));
  }, [ring]);
  const take = (typed: string): void => {
    setText(typed);
    const next = ringOf(typed);
    if (next) onRing(next);
  };
  return (
    <details className="device">
      <summary>{say('zones.corners')}</summary>
      <div className="field">
        <label htmlFor={id}>{say('zones.corners.label')}</label>
        <textarea
          ref={area}
          id={id}
          rows={6}
          value={text}
          onChange={(event) => take(event.target.value)}
          spellCheck={false}
          maxLength={20_000}
        />
      </div>
    </details>
  );
}
