import { useId, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ROLES, type Role } from '#libs/access';
import { accountView, changeAccountBody, createAccountBody, type AccountView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

/** A new account, or the name, role and password of one. */
export function AccountDialog({
  account,
  onClose,
}: {
  readonly account: AccountView | null;
  readonly onClose: () => void;
}) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [username, setUsername] = useState(account?.username ?? '');
  const [displayName, setDisplayName] = useState(account?.displayName ?? '');
  const [role, setRole] = useState<Role>(account?.role ?? 'operator');
  const [password, setPassword] = useState('');
  const roleId = useId();
  const body = account
    ? changeAccountBody.safeParse({ displayName, role, ...(password ? { password } : {}) })
    : createAccountBody.safeParse({ username, displayName, role, password });
  const save = useMutation({
    mutationFn: () =>
      account
        ? http.ask('PATCH', `/api/accounts/${account.id}`, accountView, body.data)
        : http.ask('POST', '/api/accounts', accountView, body.data),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['accounts'] });
      onClose();
    },
  });
  const action = (
    <button type="submit" className="button button--main" disabled={!body.success || save.isPending}>
      {say('save')}
    </button>
  );
  return (
    <Dialog
      title={account ? account.displayName : say('accounts.new')}
      onClose={onClose}
      onSubmit={() => body.success && save.mutate()}
      actions={action}
    >
      {!account && (
        <Field
          label={say('signIn.username')}
          hint={say('accounts.username.hint')}
          value={username}
          onChange={setUsername}
          maxLength={64}
          autoComplete="off"
        />
      )}
      <Field label={say('accounts.name')} value={displayName} onChange={setDisplayName} maxLength={120} />
      <div className="field">
        <label htmlFor={roleId}>{say('accounts.role')}</label>
        <select
          id={roleId}
          value={role}
          onChange={(event) => setRole(ROLES.find((one) => one === event.target.value) ?? role)}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {say(`role.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Field
        label={account ? say('accounts.password.new') : say('signIn.password')}
        hint={say('password.rule')}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        maxLength={200}
      />
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
    </Dialog>
  );
}
