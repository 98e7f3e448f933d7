import type { ReactNode } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Icon, type IconName } from './Icon.tsx';

/** Something is on its way. */
export function Loading({ text }: { readonly text?: string }) {
  const { say } = useWords();
  return (
    <div className="state" role="status">
      <span className="state__spinner" aria-hidden="true" />
      <p>{text ?? say('loading')}</p>
    </div>
  );
}

/** There is nothing, and what to do about it. */
export function Empty({
  icon,
  title,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className="state">
      <Icon name={icon} />
      <p className="state__title">{title}</p>
      {children}
    </div>
  );
}

/** It did not work: the reason by its code, and another try where one makes sense. */
export function Failed({ code, onRetry }: { readonly code: string; readonly onRetry?: () => void }) {
  const { say, sayError } = useWords();
  if (code === 'permission-missing' || code === 'forbidden') return <Forbidden />;
  return (
    <div className="state state--bad" role="alert">
      <Icon name="warning" />
      <p className="state__title">{sayError(code)}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {say('retry')}
        </button>
      )}
    </div>
  );
}

/** Not for this role. */
export function Forbidden() {
  const { say } = useWords();
  return (
    <div className="state">
      <Icon name="shield" />
      <p className="state__title">{say('forbidden.title')}</p>
      <p>{say('forbidden.text')}</p>
    </div>
  );
}
