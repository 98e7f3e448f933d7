import { useState } from 'react';
import { clockTime, dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useTimeline } from '../live/dispatch-queries.ts';
import { codeOf } from '../live/services.tsx';
import { useDesk } from './desk.ts';
import { storyOf } from './story.ts';

const SHOWN = 40;

/** Who did what when, the last first: what is new is where the eye is. */
export function Timeline({ incidentId, revision }: { readonly incidentId: string; readonly revision: number }) {
  const { say, sayError } = useWords();
  const desk = useDesk();
  const [all, setAll] = useState(false);
  const asked = useTimeline(incidentId, revision);
  const entries = (asked.data ?? []).toReversed();
  const shown = all ? entries : entries.slice(0, SHOWN);
  return (
    <section className="part" aria-label={say('detail.timeline')}>
      <h3>{say('detail.timeline')}</h3>
      {asked.isPending && <p className="part__note">{say('loading')}</p>}
      {asked.isError && <p className="part__note">{sayError(codeOf(asked.error))}</p>}
      <ol className="story">
        {shown.map((entry) => {
          const { text, note } = storyOf(entry, say, desk);
          return (
            <li key={entry.seq}>
              <time title={dateTime(entry.atMs)}>{clockTime(entry.atMs)}</time>
              <span>
                <b>{text}</b> <small>{entry.byName}</small>
                {note && <q>{note}</q>}
              </span>
            </li>
          );
        })}
      </ol>
      {entries.length > shown.length && (
        <button type="button" className="button button--small" onClick={() => setAll(true)}>
          {say('detail.timeline.older', { count: entries.length - shown.length })}
        </button>
      )}
    </section>
  );
}
