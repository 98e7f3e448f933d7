import { useId, useState } from 'react';
import { useWords } from '../i18n/language.tsx';

export interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

/** What a dialog has room for: all of it is to be seen, for whoever types it into a device by hand. */
const CHARS_A_LINE = 40;

/**
 * A text to take along. Browsers lend their clipboard to pages over HTTPS and on this machine only: elsewhere the
 * text is selected when it is entered, and Ctrl+C does the rest.
 */
export function CopyField({ label, value, hint }: CopyFieldProps) {
  const { say } = useWords();
  const id = useId();
  const [copied, setCopied] = useState(false);
  const clipboard = window.isSecureContext ? navigator.clipboard : undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="field__line">
        <textarea
          id={id}
          className="copy-field__text"
          value={value}
          rows={Math.ceil(value.length / CHARS_A_LINE)}
          readOnly
          spellCheck={false}
          onFocus={(event) => event.target.select()}
          aria-describedby={hint ? `${id}-hint` : undefined}
        />
        {clipboard && (
          <button
            type="button"
            className="button button--small"
            onClick={() =>
              void clipboard.writeText(value).then(
                () => setCopied(true),
                () => setCopied(false),
              )
            }
          >
            <span aria-live="polite">{say(copied ? 'publisherKey.copied' : 'publisherKey.copy')}</span>
            <span className="sr-only"> {label}</span>
          </button>
        )}
      </span>
      {hint && (
        <small id={`${id}-hint`} className="field__hint">
          {hint}
        </small>
      )}
    </div>
  );
}
