import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { changeOwnPasswordBody } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from './Dialog.tsx';
import { Field } from './Field.tsx';

/** The own password: the present one proves who sits here. */
export function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => http.tell('POST', '/api/session/password', { currentPassword: current, newPassword: next }),
  });
  const valid = changeOwnPasswordBody.safeParse({ currentPassword: current, newPassword: next }).success;
  const action = (
    <button type="submit" className="button button--main" disabled={!valid || change.isPending}>
      {say('password.change')}
    </button>
  );
  return (
    <Dialog
      title={say('password.change')}
      onClose={onClose}
      onSubmit={() => valid && !change.isSuccess && change.mutate()}
      actions={change.isSuccess ? undefined : action}
      done={change.isSuccess}
    >
      <Field
        label={say('password.current')}
        type="password"
        value={current}
        onChange={setCurrent}
        autoComplete="current-password"
      />
      <Field
        label={say('password.next')}
        hint={say('password.rule')}
        type="password"
        value={next}
        onChange={setNext}
        autoComplete="new-password"
      />
      <div aria-live="polite">
        {change.isSuccess && <p className="notice notice--good">{say('password.changed')}</p>}
        {change.error && <p className="notice notice--bad">{sayError(codeOf(change.error))}</p>}
      </div>
    </Dialog>
  );
}
