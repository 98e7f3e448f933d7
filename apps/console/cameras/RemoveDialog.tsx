import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { removeBody, type CameraView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

/** Says what removal does, and asks why: the reason stays in the audit. */
export function RemoveDialog({
  camera,
  onClose,
  onRemoved,
}: {
  readonly camera: CameraView;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [reason, setReason] = useState('');
  const remove = useMutation({
    mutationFn: () => http.tell('DELETE', `/api/cameras/${camera.id}`, { reason: reason.trim() }),
    onSuccess: onRemoved,
  });
  const valid = removeBody.safeParse({ reason }).success;
  const action = (
    <button type="submit" className="button button--danger" disabled={!valid || remove.isPending}>
      {say('remove.confirm', { code: camera.code })}
    </button>
  );
  return (
    <Dialog title={say('remove.title')} onClose={onClose} onSubmit={() => valid && remove.mutate()} actions={action}>
      <p>
        <b>
          {camera.code} {camera.name}
        </b>
      </p>
      <ul className="effects">
        <li>{say('remove.effect.picture')}</li>
        <li>{say('remove.effect.coverage')}</li>
        <li>{say('remove.effect.login')}</li>
        <li>{say('remove.effect.back')}</li>
      </ul>
      <Field
        label={say('remove.reason')}
        hint={say('remove.reason.hint')}
        value={reason}
        onChange={setReason}
        maxLength={300}
        required
      />
      <div aria-live="polite">
        {remove.error && <p className="notice notice--bad">{sayError(codeOf(remove.error))}</p>}
      </div>
    </Dialog>
  );
}
