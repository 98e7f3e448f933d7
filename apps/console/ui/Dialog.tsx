import { useEffect, useId, useRef, type FormEvent, type ReactNode } from 'react';
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
}

/** A modal question over the page. The browser's own dialog keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, onSubmit, children, actions }: DialogProps) {
  const { say } = useWords();
  const host = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    if (!host.current?.open) host.current?.showModal();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // React lets events of a portal rise to the form that opened it.
    event.stopPropagation();
    onSubmit?.();
  };
  return createPortal(
    <dialog ref={host} className="dialog" aria-labelledby={titleId} onCancel={onClose} onClose={onClose}>
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
            {say('cancel')}
          </button>
          {actions}
        </footer>
      </form>
    </dialog>,
    document.body,
  );
}
