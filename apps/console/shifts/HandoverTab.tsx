import { useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { handoverPage, handoverView, type HandoverView, type SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { RequestError } from '../live/http.ts';
import { codeOf, useServices, useTopic } from '../live/services.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { HandoverBook } from './HandoverBook.tsx';

/** Books of shifts: the list of them, and the one that is open. */
export function HandoverTab({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const live = useTopic('shifts');
  const running = live.kind === 'ready' ? live.items.find((one) => one.running) : undefined;
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useQuery({
    queryKey: ['handovers', 'list'],
    queryFn: () => http.ask('GET', '/api/handovers?limit=60', handoverPage),
    refetchInterval: 30_000,
  });
  const shiftId = chosen ?? running?.id ?? list.data?.items[0]?.shift.id ?? null;
  const key = ['handovers', shiftId];
  const book = useQuery({
    queryKey: key,
    queryFn: () => http.ask('GET', `/api/handovers/${shiftId}`, handoverView),
    enabled: shiftId !== null,
    retry: (count, error) => !(error instanceof RequestError && error.status === 404) && count < 2,
    // What somebody else wrote is seen while one writes.
    refetchInterval: 5_000,
  });
  const show = (view: HandoverView): void => void queries.setQueryData(['handovers', view.shift.id], view);
  const begin = async (): Promise<void> => {
    show(await http.ask('POST', `/api/handovers/${shiftId}`, handoverView));
    await queries.invalidateQueries({ queryKey: ['handovers'] });
  };
  if (list.error && !list.data) return <Failed code={codeOf(list.error)} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Loading />;
  return (
    <div className="books">
      <nav className="books__list" aria-label={say('handover.list')}>
        {running && !list.data.items.some(({ shift }) => shift.id === running.id) && (
          <button
            type="button"
            className="shift-card"
            aria-pressed={shiftId === running.id}
            onClick={() => setChosen(running.id)}
          >
            <b>
              {running.name} · {running.date}
            </b>
            <span className="chip">{say('shifts.running')}</span>
          </button>
        )}
        {list.data.items.map(({ shift, state, signedBy, countersignedBy }) => (
          <button
            key={shift.id}
            type="button"
            className="shift-card"
            aria-pressed={shiftId === shift.id}
            onClick={() => setChosen(shift.id)}
          >
            <b>
              {shift.name} · {shift.date}
            </b>
            <span className="chip">{say(`handover.state.${state}`)}</span>
            <span>{[signedBy, countersignedBy].filter((one) => one !== null).join(' → ')}</span>
          </button>
        ))}
      </nav>
      {book.data ? (
        <HandoverBook key={book.data.shift.id} view={book.data} session={session} onView={show} />
      ) : book.isLoading ? (
        <Loading />
      ) : shiftId !== null && may(session, 'handover:write') ? (
        <Begin onBegin={begin} />
      ) : (
        <Empty icon="eye" title={say('handover.none')} />
      )}
    </div>
  );
}

function Begin({ onBegin }: { readonly onBegin: () => Promise<void> }) {
  const { say, sayError } = useWords();
  const [error, setError] = useState<string | null>(null);
  const begin = (): void => {
    setError(null);
    onBegin().catch((thrown: unknown) => setError(codeOf(thrown)));
  };
  return (
    <Empty icon="plus" title={say('handover.begin.title')}>
      <p>{say('handover.begin.text')}</p>
      <button type="button" className="button button--main" onClick={begin}>
        {say('handover.begin')}
      </button>
      {error !== null && <p className="notice notice--bad">{sayError(error)}</p>}
    </Empty>
  );
}
