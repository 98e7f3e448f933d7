import { useId, useState } from 'react';
import type { ShiftView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { useCommand } from './use-command.ts';

/** Two people of two shifts of the week change places. */
export function SwapDialog({
  shift,
  entry,
  week,
  onClose,
}: {
  readonly shift: ShiftView;
  readonly entry: ShiftView['entries'][number];
  readonly week: readonly ShiftView[];
  readonly onClose: () => void;
}) {
  const { say, sayError } = useWords();
  const [other, setOther] = useState('');
  const [reason, setReason] = useState('');
  const command = useCommand(onClose);
  const code = command.error ? codeOf(command.error) : null;
  const id = useId();
  const choices = week
    .filter((one) => one.id !== shift.id)
    .flatMap((one) => one.entries.map((person) => ({ shift: one, person })));
  const send = (): void => {
    const [otherShiftId = '', otherStaffId = ''] = other.split('|');
    const body = { shiftId: shift.id, staffId: entry.staffId, otherShiftId, otherStaffId, reason };
    command.mutate({ method: 'POST', path: '/api/shifts/swaps', body });
  };
  const action = (
    <button type="submit" className="button button--main" disabled={other === '' || command.isPending}>
      {say('save')}
    </button>
  );
  return (
    <Dialog title={say('shifts.swap.of', { name: entry.name })} onClose={onClose} onSubmit={send} actions={action}>
      <div className="field">
        <label htmlFor={id}>{say('shifts.swap.with')}</label>
        <select id={id} value={other} onChange={(event) => setOther(event.target.value)}>
          <option value="">{say('shifts.add.choose')}</option>
          {choices.map(({ shift: one, person }) => (
            <option key={`${one.id}|${person.staffId}`} value={`${one.id}|${person.staffId}`}>
              {`${person.name} · ${one.name} ${one.date.slice(8)}/${one.date.slice(5, 7)}`}
            </option>
          ))}
        </select>
      </div>
      {code === 'roster-rest-short' && (
        <Field label={say('shifts.reason')} value={reason} onChange={setReason} maxLength={300} />
      )}
      <div aria-live="polite">{code !== null && <p className="notice notice--bad">{sayError(code)}</p>}</div>
    </Dialog>
  );
}
