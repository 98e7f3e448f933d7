import { useState } from 'react';
import type { AlarmView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { useAcknowledge } from './use-alarms.ts';

/** Acknowledges with a word on what it was. */
export function AcknowledgeDialog({ alarm, onClose }: { readonly alarm: AlarmView; readonly onClose: () => void }) {
  const { say, sayError } = useWords();
  const [note, setNote] = useState('');
  const acknowledge = useAcknowledge(onClose);
  const action = (
    <button type="submit" className="button button--main" disabled={acknowledge.isPending}>
      {say('alarms.acknowledge')}
    </button>
  );
  return (
    <Dialog
      title={say('alarms.note.title')}
      onClose={onClose}
      onSubmit={() => acknowledge.mutate({ id: alarm.id, note: note.trim() })}
      actions={action}
    >
      <p>
        <b>
          {say(`alarm.${alarm.kind}`)} · {alarm.cameraCode}
        </b>{' '}
        {dateTime(alarm.startedAtMs)}
      </p>
      <Field
        label={say('alarms.note')}
        hint={say('alarms.note.hint')}
        value={note}
        onChange={setNote}
        maxLength={500}
      />
      <div aria-live="polite">
        {acknowledge.error && <p className="notice notice--bad">{sayError(codeOf(acknowledge.error))}</p>}
      </div>
    </Dialog>
  );
}
