import { useId, useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ledgerPage, type LedgerEntryView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { MESSAGES, type MessageKey } from '../i18n/messages.ts';
import { codeOf, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';

const PAGE = 50;

interface Filter {
  readonly kind: string;
  readonly subjectId: string;
  readonly from: string;
  readonly to: string;
}
const NO_FILTER: Filter = { kind: '', subjectId: '', from: '', to: '' };

/** Every entry, newest first. */
export function LedgerEntries({ kinds }: { readonly kinds: readonly string[] }) {
  const { say } = useWords();
  const { http } = useServices();
  const [filter, setFilter] = useState(NO_FILTER);
  const found = useInfiniteQuery({
    queryKey: ['ledger', filter],
    queryFn: ({ pageParam }) => http.ask('GET', addressOf(filter, pageParam), ledgerPage),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.nextBefore,
  });
  const entries = found.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <section className="stack">
      <h2>{say('ledger.entries')}</h2>
      <Filters kinds={kinds} filter={filter} onChange={setFilter}>
        <button type="button" className="button" onClick={() => void found.refetch()} disabled={found.isFetching}>
          {say('audit.refresh')}
        </button>
      </Filters>
      {found.error && <Failed code={codeOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.isPending && <Loading />}
      {found.data && entries.length === 0 && <Empty icon="shield" title={say('ledger.none')} />}
      {entries.length > 0 && <Table entries={entries} />}
      {found.hasNextPage && (
        <button
          type="button"
          className="button button--start"
          onClick={() => void found.fetchNextPage()}
          disabled={found.isFetchingNextPage}
        >
          {say('audit.more')}
        </button>
      )}
    </section>
  );
}

interface FiltersProps {
  readonly kinds: readonly string[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
  readonly children: React.ReactNode;
}

function Filters({ kinds, filter, onChange, children }: FiltersProps) {
  const { say } = useWords();
  const sayKind = useKindWords();
  const kindId = useId();
  const set = (change: Partial<Filter>): void => onChange({ ...filter, ...change });
  return (
    <div className="audit__tools">
      <div className="field">
        <label htmlFor={kindId}>{say('ledger.kind')}</label>
        <select id={kindId} value={filter.kind} onChange={(event) => set({ kind: event.target.value })}>
          <option value="">{say('ledger.kind.all')}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {sayKind(kind)}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={say('ledger.subject.id')}
        value={filter.subjectId}
        onChange={(subjectId) => set({ subjectId })}
        maxLength={100}
        autoComplete="off"
      />
      <Day label={say('ledger.from')} value={filter.from} onChange={(from) => set({ from })} />
      <Day label={say('ledger.to')} value={filter.to} onChange={(to) => set({ to })} />
      {Object.values(filter).some((text) => text !== '') && (
        <button type="button" className="button" onClick={() => onChange(NO_FILTER)}>
          {say('ledger.clear')}
        </button>
      )}
      {children}
    </div>
  );
}

function Day(props: { readonly label: string; readonly value: string; readonly onChange: (day: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.label}</label>
      <input id={id} type="date" value={props.value} onChange={(event) => props.onChange(event.target.value)} />
    </div>
  );
}

const DAY_MS = 86_400_000;
/** America/Lima, which keeps one offset all year. */
const OFFSET_MS = 5 * 3_600_000;

function addressOf({ kind, subjectId, from, to }: Filter, before: number | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (kind) query.set('kind', kind);
  if (subjectId.trim()) query.set('subjectId', subjectId.trim());
  if (from) query.set('fromMs', String(Date.parse(from) + OFFSET_MS));
  if (to) query.set('toMs', String(Date.parse(to) + OFFSET_MS + DAY_MS - 1));
  if (before !== null) query.set('before', String(before));
  return `/api/ledger?${query}`;
}

function Table({ entries }: { readonly entries: readonly LedgerEntryView[] }) {
  const { say } = useWords();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={say('ledger.entries')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say('ledger.seq')}</th>
            <th scope="col">{say('audit.when')}</th>
            <th scope="col">{say('ledger.kind')}</th>
            <th scope="col">{say('ledger.subject')}</th>
            <th scope="col">{say('ledger.who')}</th>
            <th scope="col">{say('ledger.content')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Entry key={entry.seq} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry({ entry }: { readonly entry: LedgerEntryView }) {
  const { say } = useWords();
  const sayKind = useKindWords();
  const { actor, subject } = entry;
  return (
    <tr>
      <td>
        <code title={entry.hash}>{entry.seq}</code>
      </td>
      <td>
        <code>{dateTime(entry.atMs)}</code>
      </td>
      <td title={entry.kind}>{sayKind(entry.kind)}</td>
      <td>
        {subject.type} <code>{subject.id}</code>
      </td>
      <td>
        {actor.name ?? actor.id}
        <small className="table__reason">{say(actorKey(actor.type))}</small>
      </td>
      <td>
        <Content entry={entry} />
      </td>
    </tr>
  );
}

function Content({ entry }: { readonly entry: LedgerEntryView }) {
  const { say } = useWords();
  if (entry.redacted.includes('*')) return <small>{say('ledger.redacted.all')}</small>;
  return (
    <>
      <details className="ledger__content">
        <summary>
          {say('ledger.content.show')}
          <span className="sr-only"> {entry.seq}</span>
        </summary>
        <pre tabIndex={0}>{JSON.stringify(entry.payload, null, 2)}</pre>
      </details>
      {entry.redacted.length > 0 && <small>{say('ledger.redacted', { names: entry.redacted.join(', ') })}</small>}
    </>
  );
}

/** The name of a kind of event; one that this console does not know is shown as it is. */
function useKindWords(): (kind: string) => string {
  const { say } = useWords();
  return (kind) => {
    const key = `ledgerKind.${kind}`;
    return Object.hasOwn(MESSAGES.es, key) ? say(key as Extract<MessageKey, `ledgerKind.${string}`>) : kind;
  };
}

const ACTORS = ['account', 'device', 'integration', 'system'] as const;

function actorKey(type: string): `ledger.actor.${(typeof ACTORS)[number] | 'unknown'}` {
  return `ledger.actor.${ACTORS.find((known) => known === type) ?? 'unknown'}`;
}
