import { useId, useLayoutEffect, useRef, type FormEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useWords } from '../i18n/language.tsx';
import { Icon } from './Icon.tsx';

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly onSubmit?: () => void;
  readonly children: ReactNode;
  /** Buttons beside "Cancel". */
  readonly actions?: ReactNode;
  /** What was asked for is done: the way out is then called "Close". */
  readonly done?: boolean;
}

/** A modal question over the page. The browser's own dialog keeps the focus inside; it begins at the first field and goes back to who opened it. */
export function Dialog({ title, onClose, onSubmit, children, actions, done = false }: DialogProps) {
  const { say } = useWords();
  const host = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const dialog = host.current;
    if (dialog && !dialog.open) dialog.showModal();
    dialog?.querySelector<HTMLElement>('.dialog__body :is(input, select, textarea)')?.focus();
    // Taken out of the page while open, it would keep the rest of the page out of reach and the focus nowhere.
    return () => {
      dialog?.close();
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  // What React has already opened again was closed by its own doing.
  const leave = (): void => {
    if (!host.current?.open) onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // React lets events of a portal rise to the form that opened it.
    event.stopPropagation();
    onSubmit?.();
  };
  return createPortal(
    <dialog ref={host} className="dialog" aria-labelledby={titleId} onCancel={onClose} onClose={leave}>
      <form onSubmit={submit} noValidate>
        <header className="dialog__head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="button button--bare" onClick={onClose} aria-label={say('close')}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog__body">{children}</div>
        <footer className="dialog__foot">
          <button type="button" className="button" onClick={onClose}>
            {say(done ? 'close' : 'cancel')}
          </button>
          {actions}
        </footer>
      </form>
    </dialog>,
    document.body,
  );
}
