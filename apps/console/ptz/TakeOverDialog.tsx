import { useWords } from '../i18n/language.tsx';
import { Dialog } from '../ui/Dialog.tsx';

export interface TakeOverDialogProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onTake: () => void;
}

/** Nobody is cut off by accident. */
export function TakeOverDialog({ name, onClose, onTake }: TakeOverDialogProps) {
  const { say } = useWords();
  const take = (
    <button type="submit" className="button button--danger">
      {say('ptz.takeOver')}
    </button>
  );
  return (
    <Dialog title={say('ptz.takeOver.title')} onClose={onClose} onSubmit={onTake} actions={take}>
      <p>{say('ptz.takeOver.text', { name })}</p>
    </Dialog>
  );
}
