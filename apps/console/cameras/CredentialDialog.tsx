import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { credentialBody, type CameraView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

export interface CredentialDialogProps {
  readonly camera: CameraView;
  readonly onClose: () => void;
  /** The device took the new login and it is stored. */
  readonly onChanged: () => void;
}

/** The login was changed on the device. What is stored is never shown: it is only written over. */
export function CredentialDialog({ camera, onClose, onChanged }: CredentialDialogProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => http.tell('POST', `/api/cameras/${camera.id}/credential`, { username, password }),
    onSuccess: onChanged,
  });
  const valid = username !== '' && credentialBody.safeParse({ username, password }).success;
  const action = (
    <button type="submit" className="button button--main" disabled={!valid || change.isPending}>
      {change.isPending ? say('credential.testing') : say('save')}
    </button>
  );
  return (
    <Dialog
      title={`${say('credential.change')} · ${camera.code}`}
      onClose={onClose}
      onSubmit={() => valid && change.mutate()}
      actions={action}
    >
      <p>{say('credential.text')}</p>
      <Field
        label={say('credential.username')}
        value={username}
        onChange={setUsername}
        autoComplete="off"
        maxLength={64}
      />
      <Field
        label={say('credential.password')}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
        maxLength={128}
      />
      <div aria-live="polite">
        {change.error && <p className="notice notice--bad">{sayError(codeOf(change.error))}</p>}
      </div>
    </Dialog>
  );
}
