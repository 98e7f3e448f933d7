import { useMutation } from '@tanstack/react-query';
import type { DiscoveryRunView } from '#libs/wire';
import { age } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices, useTopic } from '../live/services.tsx';

const SHOWN = 4;

/** Searches under way with their progress and a way to stop them, then the last ones done with what went wrong. */
export function DiscoveryRuns() {
  const { say } = useWords();
  const state = useTopic('discoveryRuns');
  if (state.kind !== 'ready' || state.items.length === 0) return null;
  const runs = state.items.toSorted((a, b) => b.startedAtMs - a.startedAtMs).slice(0, SHOWN);
  return (
    <section aria-label={say('runs.title')}>
      <header className="section-head">
        <h2>{say('runs.title')}</h2>
      </header>
      <ul className="runs">
        {runs.map((run) => (
          <Run key={run.id} run={run} />
        ))}
      </ul>
    </section>
  );
}

function Run({ run }: { readonly run: DiscoveryRunView }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const nowMs = useServerNowMs();
  const cancel = useMutation({ mutationFn: () => http.tell('POST', `/api/discovery/runs/${run.id}/cancel`) });
  const title = `${say(`discovery.${run.kind}`)}${run.target ? ` · ${run.target}` : ''}`;
  return (
    <li className={`run run--${run.state}`}>
      <div className="run__line">
        <b>{title}</b>
        <span>{say(`run.${run.state}`)}</span>
        <span className="run__counts">
          {say('run.counts', { probed: run.probed, total: run.total, found: run.found })}
        </span>
        {run.state === 'running' ? (
          <button
            type="button"
            className="button button--small"
            onClick={() => cancel.mutate()}
            disabled={cancel.isPending}
          >
            {say('cancel')}
          </button>
        ) : (
          <span className="run__age">{say('ago', { age: age(nowMs - (run.finishedAtMs ?? run.startedAtMs)) })}</span>
        )}
      </div>
      {run.state === 'running' && (
        <progress max={Math.max(1, run.total)} value={run.total > 0 ? run.probed : undefined} aria-label={title} />
      )}
      {cancel.error && <p className="notice notice--bad">{sayError(codeOf(cancel.error))}</p>}
      <Advice run={run} />
      {run.problems.length > 0 && (
        <details open={run.kind === 'address'}>
          <summary>{say('run.problems', { count: run.problems.length })}</summary>
          <ul className="run__problems">
            {run.problems.map((problem) => (
              <li key={`${problem.address}/${problem.code}`}>
                <code>{problem.address}</code> {sayError(problem.code)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** A search that found nobody is where people give up: the usual causes, and what to try next. */
function Advice({ run }: { readonly run: DiscoveryRunView }) {
  const { say } = useWords();
  if (run.state !== 'finished' || run.found > 0 || run.problems.length > 0) return null;
  const noNetwork = run.kind === 'multicast' && run.target === '';
  return <p className="run__advice">{say(noNetwork ? 'run.noNetwork' : `run.nobody.${run.kind}`)}</p>;
}
