import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { removeBody } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

export interface ReasonDialogProps {
  readonly title: string;
  /** Name of what goes. */
  readonly what: string;
  /** What will happen, one sentence each. */
  readonly effects: readonly string[];
  readonly confirm: string;
  /** Address that the removal is asked of. */
  readonly path: string;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

/** Says what a removal does, and asks why: the reason stays in the audit. */
export function ReasonDialog({ title, what, effects, confirm, path, onClose, onRemoved }: ReasonDialogProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [reason, setReason] = useState('');
  const body = removeBody.safeParse({ reason });
  const remove = useMutation({ mutationFn: () => http.tell('DELETE', path, body.data), onSuccess: onRemoved });
  const action = (
    <button type="submit" className="button button--danger" disabled={!body.success || remove.isPending}>
      {confirm}
    </button>
  );
  return (
    <Dialog title={title} onClose={onClose} onSubmit={() => body.success && remove.mutate()} actions={action}>
      <p>
        <b>{what}</b>
      </p>
      <ul className="effects">
        {effects.map((effect) => (
          <li key={effect}>{effect}</li>
        ))}
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
