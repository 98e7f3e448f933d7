import { useId, useState } from 'react';
import { ABSENCE_CAUSES, type AbsenceCause } from '#libs/shift';
import type { ShiftView, StaffView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { useCommand } from './use-command.ts';

/** Somebody does not come: why, and who stands in. */
export function AbsenceDialog({
  shift,
  entry,
  staff,
  onClose,
}: {
  readonly shift: ShiftView;
  readonly entry: ShiftView['entries'][number];
  readonly staff: readonly StaffView[];
  readonly onClose: () => void;
}) {
  const { say, sayError } = useWords();
  const [cause, setCause] = useState<AbsenceCause>('sick');
  const [note, setNote] = useState('');
  const [standInId, setStandInId] = useState('');
  const [reason, setReason] = useState('');
  const command = useCommand(onClose);
  const code = command.error ? codeOf(command.error) : null;
  const [causeId, standId] = [useId(), useId()];
  const free = staff.filter(({ id, left }) => !left && !shift.entries.some(({ staffId }) => staffId === id));
  const send = (): void => {
    const who = { staffId: entry.staffId, standInId: standInId === '' ? null : standInId };
    command.mutate({ method: 'POST', path: `/api/shifts/${shift.id}/absences`, body: { ...who, cause, note, reason } });
  };
  const action = (
    <button type="submit" className="button button--main" disabled={command.isPending}>
      {say('save')}
    </button>
  );
  return (
    <Dialog title={say('shifts.absence.of', { name: entry.name })} onClose={onClose} onSubmit={send} actions={action}>
      <div className="field">
        <label htmlFor={causeId}>{say('shifts.cause')}</label>
        <select
          id={causeId}
          value={cause}
          onChange={(event) => setCause(ABSENCE_CAUSES.find((one) => one === event.target.value) ?? cause)}
        >
          {ABSENCE_CAUSES.map((one) => (
            <option key={one} value={one}>
              {say(`shifts.cause.${one}`)}
            </option>
          ))}
        </select>
      </div>
      <Field label={say('shifts.note')} value={note} onChange={setNote} maxLength={300} />
      <div className="field">
        <label htmlFor={standId}>{say('shifts.standIn')}</label>
        <select id={standId} value={standInId} onChange={(event) => setStandInId(event.target.value)}>
          <option value="">{say('shifts.standIn.none')}</option>
          {free.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
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
