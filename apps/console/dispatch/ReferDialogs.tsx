import { useState } from 'react';
import { AGENCY_CODES, type Agency } from '#libs/dispatch';
import { useWords } from '../i18n/language.tsx';
import { Field } from '../ui/Field.tsx';
import { Choice } from './Choice.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { useDesk } from './desk.ts';
import type { About, Of } from './dialog-about.ts';

export function ReferDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const type = desk.board.types.find(({ code }) => code === desk.selected?.classification?.typeCode);
  const order = [...new Set<Agency>([...(type?.agencies ?? []), ...AGENCY_CODES])];
  const [agency, setAgency] = useState<Agency>(order[0] ?? 'PNP');
  const [note, setNote] = useState('');
  return (
    <CommandDialog
      title={say('refer.title')}
      confirm={say('refer.confirm')}
      onClose={onClose}
      run={() => desk.dispatch(id, { kind: 'refer', referralId: desk.makeId(), agency, note: note.trim() })}
    >
      <Choice
        label={say('refer.agency')}
        value={agency}
        onChange={setAgency}
        options={order.map((code) => [code, say(`agency.${code}`)])}
      />
      <Field label={say('refer.note')} value={note} onChange={setNote} maxLength={300} />
    </CommandDialog>
  );
}

export function ReferralDialog({ id, onClose, dialog }: About & Of<'referral'>) {
  const { say } = useWords();
  const desk = useDesk();
  const { id: referralId, agency } = dialog.referral;
  const [how, setHow] = useState<'taken' | 'declined'>('taken');
  const [who, setWho] = useState('');
  const [text, setText] = useState('');
  const run = (): Promise<void> =>
    how === 'taken'
      ? desk.dispatch(id, { kind: 'referralTaken', referralId, takenBy: who.trim(), reference: text.trim() })
      : desk.dispatch(id, { kind: 'referralDeclined', referralId, takenBy: who.trim(), reason: text.trim() });
  return (
    <CommandDialog
      title={say('refer.answer.title', { agency: say(`agency.${agency}`) })}
      confirm={say('save')}
      ready={who.trim() !== '' && (how === 'taken' || text.trim() !== '')}
      onClose={onClose}
      run={run}
    >
      <Choice
        label={say('refer.answer')}
        value={how}
        onChange={setHow}
        options={[
          ['taken', say('refer.answer.taken')],
          ['declined', say('refer.answer.declined')],
        ]}
      />
      <Field label={say('refer.answer.who')} value={who} onChange={setWho} maxLength={120} />
      <Field
        label={say(how === 'taken' ? 'refer.answer.reference' : 'reason.label')}
        value={text}
        onChange={setText}
        maxLength={120}
      />
    </CommandDialog>
  );
}
