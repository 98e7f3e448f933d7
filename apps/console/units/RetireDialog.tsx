import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { uuidV7 } from '#libs/base';
import { commandAnswer, type UnitView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

/** Takes a unit out of service for good. Its past stays, and its devices are refused from now on. */
export function RetireDialog({ unit, onClose }: { readonly unit: UnitView; readonly onClose: () => void }) {
  const { say, sayError } = useWords();
  const { http, live, clock } = useServices();
  const [reason, setReason] = useState('');
  const retire = useMutation({
    mutationFn: () =>
      http.ask('POST', `/api/units/${unit.id}/retire`, commandAnswer, {
        commandId: uuidV7(clock.nowMs()),
        sentAtMs: Math.round(live.serverClock.nowMs()),
        reason,
      }),
    onSuccess: onClose,
  });
  const action = (
    <button type="submit" className="button button--danger" disabled={reason.trim().length < 3 || retire.isPending}>
      {say('units.retire')}
    </button>
  );
  return (
    <Dialog title={say('units.retire')} onClose={onClose} onSubmit={() => retire.mutate()} actions={action}>
      <p>
        <b>{unit.callSign}</b>
      </p>
      <ul className="effects">
        <li>{say('units.retire.effect.board')}</li>
        <li>{say('units.retire.effect.devices')}</li>
        <li>{say('units.retire.effect.history')}</li>
      </ul>
      <Field label={say('remove.reason')} value={reason} onChange={setReason} maxLength={300} required />
      <div aria-live="polite">
        {retire.error && <p className="notice notice--bad">{sayError(codeOf(retire.error))}</p>}
      </div>
    </Dialog>
  );
}
