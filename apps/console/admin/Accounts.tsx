import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import { accountView, type AccountView, type ChangeAccountBody } from '#libs/wire';
import { date } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { AccountDialog } from './AccountDialog.tsx';

/** Every account. There is no deletion: an account that the audit names is closed instead, and can be opened again. */
export function Accounts({ ownId }: { readonly ownId: string }) {
  const { say } = useWords();
  const { http } = useServices();
  const accounts = useQuery({
    queryKey: ['accounts'],
    queryFn: () => http.ask('GET', '/api/accounts', z.array(accountView)),
  });
  const [edited, setEdited] = useState<AccountView | 'new' | null>(null);
  if (accounts.error) return <Failed code={codeOf(accounts.error)} onRetry={() => void accounts.refetch()} />;
  if (!accounts.data) return <Loading />;
  return (
    <div className="stack">
      <button type="button" className="button button--main button--start" onClick={() => setEdited('new')}>
        <Icon name="plus" />
        {say('accounts.new')}
      </button>
      <div className="table-frame" tabIndex={0} role="region" aria-label={say('admin.tab.accounts')}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{say('accounts.name')}</th>
              <th scope="col">{say('signIn.username')}</th>
              <th scope="col">{say('accounts.role')}</th>
              <th scope="col">{say('accounts.created')}</th>
              <th scope="col">{say('fact.state')}</th>
              <th scope="col">{say('accounts.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {accounts.data.map((account) => (
              <Row key={account.id} account={account} own={account.id === ownId} onEdit={() => setEdited(account)} />
            ))}
          </tbody>
        </table>
      </div>
      {edited && <AccountDialog account={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </div>
  );
}

function Row({
  account,
  own,
  onEdit,
}: {
  readonly account: AccountView;
  readonly own: boolean;
  readonly onEdit: () => void;
}) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: ChangeAccountBody) => http.ask('PATCH', `/api/accounts/${account.id}`, accountView, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['accounts'] }),
  });
  const closed = account.disabledAtMs !== null;
  return (
    <tr className={closed ? 'table__row--dim' : undefined}>
      <th scope="row">{account.displayName}</th>
      <td>
        <code>{account.username}</code>
      </td>
      <td>{say(`role.${account.role}`)}</td>
      <td>{date(account.createdAtMs)}</td>
      <td>{closed ? say('accounts.closed', { date: date(account.disabledAtMs ?? 0) }) : say('accounts.open')}</td>
      <td>
        <span className="buttons">
          <button type="button" className="button button--small" onClick={onEdit}>
            {say('edit')}
            <span className="sr-only"> {account.username}</span>
          </button>
          {!own && (
            <button
              type="button"
              className="button button--small"
              onClick={() => change.mutate({ disabled: !closed })}
              disabled={change.isPending}
            >
              {closed ? say('accounts.reopen') : say('accounts.close')}
              <span className="sr-only"> {account.username}</span>
            </button>
          )}
        </span>
        {change.error && <small className="table__reason">{sayError(codeOf(change.error))}</small>}
      </td>
    </tr>
  );
}
