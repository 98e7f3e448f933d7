import { useEffect, useState } from 'react';
import { Field } from './Field.tsx';

export interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly digits: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string;
  readonly onChange: (value: number) => void;
}

/** A number within bounds. What is being typed may be no number yet; it is taken as soon as it is one. */
export function NumberField({ label, value, digits, min, max, step, unit, onChange }: NumberFieldProps) {
  const shown = value.toFixed(digits);
  const [text, setText] = useState(shown);
  useEffect(() => setText((typed) => (Number(typed).toFixed(digits) === shown ? typed : shown)), [shown, digits]);
  const take = (typed: string): void => {
    setText(typed);
    const next = Number(typed);
    if (typed.trim() !== '' && Number.isFinite(next) && next >= min && next <= max) onChange(next);
  };
  return (
    <Field
      label={label}
      type="number"
      inputMode="decimal"
      value={text}
      onChange={take}
      min={min}
      max={max}
      step={step}
      unit={unit}
    />
  );
}
