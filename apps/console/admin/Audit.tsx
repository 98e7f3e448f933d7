import { useId, useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { auditPage, type AuditEntryView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { ACTIONS, actionName, objectName } from './actions.ts';
import { detailsOf } from './details.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';

const PAGE = 50;

/** Who did what, newest first. Nothing here can be changed. */
export function Audit() {
  const { say } = useWords();
  const { http } = useServices();
  const [action, setAction] = useState('');
  const actionId = useId();
  const audit = useInfiniteQuery({
    queryKey: ['audit', action],
    queryFn: ({ pageParam }) => http.ask('GET', addressOf(action, pageParam), auditPage),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.nextBefore,
  });
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? [];
  return (
    <div className="stack">
      <div className="audit__tools">
        <div className="field">
          <label htmlFor={actionId}>{say('audit.action')}</label>
          <select id={actionId} value={action} onChange={(event) => setAction(event.target.value)}>
            <option value="">{say('audit.all')}</option>
            {ACTIONS.map((one) => (
              <option key={one} value={one}>
                {say(actionName(one))}
              </option>
            ))}
          </select>
        </div>
        <button type="button" className="button" onClick={() => void audit.refetch()} disabled={audit.isFetching}>
          {say('audit.refresh')}
        </button>
      </div>
      {audit.error && <Failed code={codeOf(audit.error)} onRetry={() => void audit.refetch()} />}
      {audit.isPending && <Loading />}
      {audit.data && entries.length === 0 && <Empty icon="shield" title={say('audit.none')} />}
      {entries.length > 0 && <Entries entries={entries} />}
      {audit.hasNextPage && (
        <button
          type="button"
          className="button button--start"
          onClick={() => void audit.fetchNextPage()}
          disabled={audit.isFetchingNextPage}
        >
          {say('audit.more')}
        </button>
      )}
    </div>
  );
}

function addressOf(action: string, before: number | null): string {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (action) query.set('action', action);
  if (before !== null) query.set('before', String(before));
  return `/api/audit?${query}`;
}

function Entries({ entries }: { readonly entries: readonly AuditEntryView[] }) {
  const { say } = useWords();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={say('admin.tab.audit')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{say('audit.when')}</th>
            <th scope="col">{say('audit.who')}</th>
            <th scope="col">{say('audit.action')}</th>
            <th scope="col">{say('audit.outcome')}</th>
            <th scope="col">{say('audit.object')}</th>
            <th scope="col">{say('audit.from')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry({ entry }: { readonly entry: AuditEntryView }) {
  const { say, sayError } = useWords();
  const name = actionName(entry.action);
  return (
    <tr>
      <td>
        <code>{dateTime(entry.atMs)}</code>
      </td>
      <td>{entry.accountName ?? say('audit.nobody')}</td>
      <td>{name ? say(name) : entry.action}</td>
      <td className={`audit__outcome--${entry.outcome}`}>
        {say(`audit.outcome.${entry.outcome}`)}
        {entry.code && <small className="table__reason">{sayError(entry.code)}</small>}
      </td>
      <td>
        <AuditObject entry={entry} />
      </td>
      <td>
        <code>{entry.ip ?? '–'}</code>
      </td>
    </tr>
  );
}

/** What it was done to: its kind in words, then what the entry tells of it; the id is for machines and stays in the title. */
function AuditObject({ entry }: { readonly entry: AuditEntryView }) {
  const { say } = useWords();
  const kind = entry.objectKind === null ? undefined : objectName(entry.objectKind);
  const details = detailsOf(entry.details, entry.objectKind, say);
  return (
    <span title={entry.objectId ?? undefined}>
      {kind ? say(kind) : (entry.objectKind ?? '–')}
      {details.length > 0 && <small className="audit__details">{details.join(' · ')}</small>}
    </span>
  );
}
