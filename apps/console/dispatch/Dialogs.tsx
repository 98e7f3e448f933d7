import { useState } from 'react';
import {
  DISMISSAL_CAUSES,
  DISPOSITIONS,
  PRIORITIES,
  type DismissalCause,
  type Disposition,
  type Priority,
} from '#libs/dispatch';
import { incidentDetail } from '#libs/wire';
import { useQueryClient } from '@tanstack/react-query';
import { useWords } from '../i18n/language.tsx';
import { useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Choice } from './Choice.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { useDesk, type DeskDialog } from './desk.ts';
import { KeysDialog } from './KeysDialog.tsx';
import type { About, Of } from './dialog-about.ts';
import { ReferDialog, ReferralDialog } from './ReferDialogs.tsx';
import { LinkDialog, MergeDialog } from './RelationDialogs.tsx';
import { preemption } from './reason-words.ts';

interface DialogsProps {
  readonly dialog: DeskDialog | null;
  readonly letters: boolean;
  readonly onLetters: (on: boolean) => void;
  readonly onClose: () => void;
}

/** The question that is open, if any. */
export function Dialogs({ dialog, letters, onLetters, onClose }: DialogsProps) {
  const { selectedId } = useDesk();
  if (!dialog) return null;
  if (dialog.kind === 'keys') return <KeysDialog letters={letters} onLetters={onLetters} onClose={onClose} />;
  if (dialog.kind === 'resolveSos') return <ResolveSos {...dialog} onClose={onClose} />;
  if (selectedId === null) return null;
  const about = { id: selectedId, onClose };
  switch (dialog.kind) {
    case 'assign':
      return <AssignDialog {...about} dialog={dialog} />;
    case 'withdraw':
      return <WithdrawDialog {...about} dialog={dialog} />;
    case 'referral':
      return <ReferralDialog {...about} dialog={dialog} />;
    case 'refer':
      return <ReferDialog {...about} />;
    case 'close':
      return <CloseDialog {...about} />;
    case 'dismiss':
      return <DismissDialog {...about} />;
    case 'merge':
      return <MergeDialog {...about} />;
    case 'link':
      return <LinkDialog {...about} />;
    case 'classify':
      return <ClassifyDialog {...about} />;
    case 'unmask':
      return <UnmaskDialog {...about} />;
    default:
      return <ReasonDialog {...about} kind={dialog.kind} />;
  }
}

function AssignDialog({ id, onClose, dialog }: About & Of<'assign'>) {
  const { say, sayError } = useWords();
  const desk = useDesk();
  const [reason, setReason] = useState('');
  const { unit, code } = dialog;
  const taken = preemption(unit);
  const needsReason = unit.needsOverride || code !== null;
  return (
    <CommandDialog
      title={say('assign.title', { unit: unit.callSign })}
      confirm={say('assign.confirm')}
      ready={!needsReason || reason.trim().length > 2}
      onClose={onClose}
      run={() =>
        desk.dispatch(id, {
          kind: 'assign',
          unitId: unit.unitId,
          assignmentId: desk.makeId(),
          ...(taken ? { preempt: true } : {}),
          ...(needsReason ? { overrideReason: reason.trim() } : {}),
        })
      }
    >
      {taken && (
        <p className="notice notice--warn">
          {say('assign.preempt', { code: desk.incidentCode(taken.incidentId), priority: taken.priority })}
        </p>
      )}
      {needsReason && <p>{code ? sayError(code) : say('assign.override')}</p>}
      {needsReason && <Field label={say('assign.reason')} value={reason} onChange={setReason} maxLength={300} />}
    </CommandDialog>
  );
}

function WithdrawDialog({ id, onClose, dialog }: About & Of<'withdraw'>) {
  const { say } = useWords();
  const desk = useDesk();
  const [reason, setReason] = useState('');
  return (
    <CommandDialog
      title={say('withdraw.title', { unit: dialog.callSign })}
      confirm={say('withdraw.confirm')}
      danger
      ready={reason.trim() !== ''}
      onClose={onClose}
      run={() => desk.dispatch(id, { kind: 'withdraw', unitId: dialog.unitId, reason: reason.trim() })}
    >
      <Field label={say('reason.label')} value={reason} onChange={setReason} maxLength={300} />
    </CommandDialog>
  );
}

function CloseDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const [disposition, setDisposition] = useState<Disposition>('attended');
  const [note, setNote] = useState('');
  return (
    <CommandDialog
      title={say('close.title', { code: desk.incidentCode(id) })}
      confirm={say('close.confirm')}
      onClose={onClose}
      run={() => desk.dispatch(id, { kind: 'close', disposition, note: note.trim() })}
    >
      <Choice
        label={say('close.disposition')}
        value={disposition}
        onChange={setDisposition}
        options={DISPOSITIONS.map((code) => [code, say(`disposition.${code}`)])}
      />
      <Field label={say('close.note')} value={note} onChange={setNote} maxLength={4_000} />
    </CommandDialog>
  );
}

function DismissDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const [cause, setCause] = useState<DismissalCause>('false-call');
  const [note, setNote] = useState('');
  return (
    <CommandDialog
      title={say('dismiss.title', { code: desk.incidentCode(id) })}
      confirm={say('dismiss.confirm')}
      danger
      onClose={onClose}
      run={() => desk.dispatch(id, { kind: 'dismiss', cause, note: note.trim() })}
    >
      <Choice
        label={say('dismiss.cause')}
        value={cause}
        onChange={setCause}
        options={DISMISSAL_CAUSES.map((code) => [code, say(`dismissal.${code}`)])}
      />
      <Field label={say('close.note')} value={note} onChange={setNote} maxLength={4_000} />
    </CommandDialog>
  );
}

function ClassifyDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const types = desk.board.types.filter(({ enabled }) => enabled).toSorted((a, b) => a.code.localeCompare(b.code));
  const [typeCode, setTypeCode] = useState(desk.selected?.classification?.typeCode ?? types[0]?.code ?? '');
  const [priority, setPriority] = useState<Priority | 'own'>('own');
  const [reason, setReason] = useState('');
  const own = priority === 'own';
  return (
    <CommandDialog
      title={say('classify.title', { code: desk.incidentCode(id) })}
      confirm={say('classify.confirm')}
      ready={typeCode !== '' && (own || reason.trim() !== '')}
      onClose={onClose}
      run={() => desk.intake(id, { kind: 'classify', typeCode, ...(own ? {} : { priority, reason: reason.trim() }) })}
    >
      <Choice
        label={say('intake.type')}
        value={typeCode}
        onChange={setTypeCode}
        options={types.map(({ code, name, priority: grave }) => [code, `${code} ${name} · ${grave}`])}
      />
      <Choice<Priority | 'own'>
        label={say('classify.priority')}
        value={priority}
        onChange={setPriority}
        options={[
          ['own', say('classify.priority.own')],
          ...PRIORITIES.map((code) => [code, say(`priority.${code}`)] as const),
        ]}
      />
      {!own && <Field label={say('reason.label')} value={reason} onChange={setReason} maxLength={300} />}
    </CommandDialog>
  );
}

function UnmaskDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const { http, live } = useServices();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const run = async (): Promise<void> => {
    const sentAtMs = Math.round(live.serverClock.nowMs());
    const body = { commandId: desk.makeId(), sentAtMs, reason: reason.trim(), forMs: 600_000 };
    await http.ask('POST', `/api/incidents/${id}/unmask`, incidentDetail, body);
    await queries.invalidateQueries({ queryKey: ['incident', id] });
    await queries.invalidateQueries({ queryKey: ['timeline', id] });
  };
  return (
    <CommandDialog
      title={say('unmask.title', { code: desk.incidentCode(id) })}
      confirm={say('unmask.confirm')}
      ready={reason.trim().length > 2}
      onClose={onClose}
      run={run}
    >
      <p>{say('unmask.text')}</p>
      <Field label={say('reason.label')} value={reason} onChange={setReason} maxLength={300} />
    </CommandDialog>
  );
}

/** Those that need nothing but a reason. */
function ReasonDialog({ id, onClose, kind }: About & { readonly kind: 'reopen' | 'backup' | 'mask' }) {
  const { say } = useWords();
  const desk = useDesk();
  const [text, setText] = useState('');
  const said = text.trim();
  const run = (): Promise<void> => {
    if (kind === 'backup') return desk.dispatch(id, { kind: 'requestBackup', note: said });
    return kind === 'mask'
      ? desk.intake(id, { kind: 'mask', reason: said })
      : desk.dispatch(id, { kind: 'reopen', reason: said });
  };
  return (
    <CommandDialog
      title={say(`${kind}.title`, { code: desk.incidentCode(id) })}
      confirm={say(kind === 'reopen' ? 'reopen.confirm' : kind === 'backup' ? 'do.backup' : 'do.mask')}
      ready={kind === 'backup' || said !== ''}
      onClose={onClose}
      run={run}
    >
      <Field
        label={say(kind === 'backup' ? 'backup.note' : 'reason.label')}
        value={text}
        onChange={setText}
        maxLength={300}
      />
    </CommandDialog>
  );
}

function ResolveSos({
  unitId,
  callSign,
  onClose,
}: {
  readonly unitId: string;
  readonly callSign: string;
  readonly onClose: () => void;
}) {
  const { say } = useWords();
  const desk = useDesk();
  const [outcome, setOutcome] = useState('');
  return (
    <CommandDialog
      title={say('unit.sos.resolve.title', { unit: callSign })}
      confirm={say('unit.sos.resolve')}
      ready={outcome.trim() !== ''}
      onClose={onClose}
      run={() => desk.duty(unitId, { kind: 'resolveSos', outcome: outcome.trim() })}
    >
      <Field label={say('unit.sos.outcome')} value={outcome} onChange={setOutcome} maxLength={300} />
    </CommandDialog>
  );
}
