import { useId, type InputHTMLAttributes } from 'react';

type Passed = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  | 'type'
  | 'autoComplete'
  | 'placeholder'
  | 'maxLength'
  | 'min'
  | 'max'
  | 'step'
  | 'required'
  | 'disabled'
  | 'autoFocus'
  | 'inputMode'
>;

export interface FieldProps extends Passed {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
  readonly unit?: string;
}

/** A labelled line of input. */
export function Field({ label, value, onChange, hint, unit, ...passed }: FieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="field__line">
        <input
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-describedby={hint ? `${id}-hint` : undefined}
          spellCheck={false}
          {...passed}
        />
        {unit && <span className="field__unit">{unit}</span>}
      </span>
      {hint && (
        <small id={`${id}-hint`} className="field__hint">
          {hint}
        </small>
      )}
    </div>
  );
}
