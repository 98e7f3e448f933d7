import type { ReplayChangeView } from '#libs/wire';
import type { StoryNames } from '../dispatch/story.ts';
import { clockTime, dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { shortCode } from '../live/board-order.ts';
import { lineOf } from './log-line.ts';

interface ReplayLogProps {
  /** The last first. */
  readonly changes: readonly ReplayChangeView[];
  readonly names: StoryNames;
  readonly incidentId: string | null;
  readonly csv: string;
  readonly onGo: (atMs: number) => void;
}

/** What had happened by then. A line is a way back to its moment; those of the chosen incident stand out. */
export function ReplayLog({ changes, names, incidentId, csv, onGo }: ReplayLogProps) {
  const { say } = useWords();
  return (
    <section className="panel replay__log" aria-label={say('replay.log')}>
      <header className="panel__head">
        <h2>{say('replay.log')}</h2>
        <a className="button button--small" href={csv} download>
          {say('replay.log.csv')}
        </a>
      </header>
      {changes.length === 0 && <p className="then__none">{say('replay.log.none')}</p>}
      <ol className="replay__lines">
        {changes.map((change) => {
          const { text, note } = lineOf(change, say, names);
          const about = change.line?.event['incidentId'];
          const chosen = incidentId !== null && about === incidentId;
          return (
            <li key={change.seq} className={chosen ? 'replay__line replay__line--chosen' : 'replay__line'}>
              <button
                type="button"
                title={say('replay.log.go', { time: dateTime(change.atMs) })}
                onClick={() => onGo(change.atMs)}
              >
                <time>{clockTime(change.atMs)}</time>
                <span>
                  <b>{text}</b>
                  <small>
                    {[typeof about === 'string' ? shortCode(names.incidentCode(about)) : '', change.line?.byName]
                      .filter(Boolean)
                      .join(' · ')}
                  </small>
                  {note && <q>{note}</q>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
