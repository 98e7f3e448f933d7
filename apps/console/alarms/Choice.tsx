import { useId } from 'react';
import { useWords } from '../i18n/language.tsx';

export interface ChoiceProps {
  readonly label: string;
  /** '' stands for everything. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Words for everything, where "all" does not fit. */
  readonly all?: string;
  readonly options: readonly { readonly value: string; readonly words: string }[];
}

/** One of a list, or all of it. */
export function Choice({ label, value, onChange, all, options }: ChoiceProps) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all ?? say('alarms.all')}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </div>
  );
}
