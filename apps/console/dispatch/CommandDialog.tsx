import { useState, type ReactNode } from 'react';
import { useWords } from '../i18n/language.tsx';
import { codeOf } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';

export interface CommandDialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly danger?: boolean;
  readonly ready?: boolean;
  readonly onClose: () => void;
  /** Does it; what it throws is told in the dialog, and what was typed stays. */
  readonly run: () => Promise<void>;
  readonly children: ReactNode;
}

/** A question with one answer: it closes when the server has done it. */
export function CommandDialog({
  title,
  confirm,
  danger = false,
  ready = true,
  onClose,
  run,
  children,
}: CommandDialogProps) {
  const { sayError } = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (): Promise<void> => {
    if (busy || !ready) return;
    setBusy(true);
    setProblem(null);
    try {
      await run();
      onClose();
    } catch (thrown) {
      setProblem(sayError(codeOf(thrown)));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => void submit()}
      actions={
        <button
          type="submit"
          className={danger ? 'button button--danger' : 'button button--main'}
          disabled={busy || !ready}
        >
          {confirm}
        </button>
      }
    >
      {children}
      {problem && (
        <p className="notice notice--bad" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
