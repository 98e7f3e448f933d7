import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { ptzTourBody, ptzTourView, type PtzPreset, type PtzTourView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { NumberField } from '../ui/NumberField.tsx';

export interface TourFormProps {
  readonly cameraId: string;
  /** `null`: a new one. */
  readonly tour: PtzTourView | null;
  readonly presets: readonly PtzPreset[];
  readonly onDone: () => void;
}

/** Steps need a name of their own while they are moved about. */
interface Row {
  readonly key: number;
  readonly preset: string;
  readonly dwellSeconds: number;
}

const DWELL_SECONDS = 15;
const MAX_STEPS = 64;

/** Name, presets and dwell times of a tour, in order. */
export function TourForm({ cameraId, tour, presets, onDone }: TourFormProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [name, setName] = useState(tour?.name ?? '');
  const [rows, setRows] = useState<readonly Row[]>(() => firstRows(tour, presets));
  const steps = rows.map(({ preset, dwellSeconds }) => ({ preset, dwellSeconds }));
  const body = ptzTourBody.safeParse({ name, steps });
  const save = useMutation({
    mutationFn: () =>
      tour
        ? http.ask('PATCH', `/api/ptz/tours/${tour.id}`, ptzTourView, body.data)
        : http.ask('POST', `/api/cameras/${cameraId}/ptz/tours`, ptzTourView, body.data),
    onSuccess: onDone,
  });
  const change = (key: number, by: Partial<Row>): void =>
    setRows((all) => all.map((row) => (row.key === key ? { ...row, ...by } : row)));
  const add = (): void => {
    const key = Math.max(0, ...rows.map((row) => row.key)) + 1;
    const next = presets[rows.length % Math.max(1, presets.length)]?.token ?? '';
    setRows([...rows, { key, preset: next, dwellSeconds: rows.at(-1)?.dwellSeconds ?? DWELL_SECONDS }]);
  };
  return (
    <form
      className="tour-form"
      noValidate
      aria-label={tour ? tour.name : say('tours.new')}
      onSubmit={(event) => {
        event.preventDefault();
        if (body.success) save.mutate();
      }}
    >
      <Field label={say('tours.name')} value={name} onChange={setName} maxLength={80} required />
      <ol>
        {rows.map((row, index) => (
          <Step
            key={row.key}
            row={row}
            index={index}
            presets={presets}
            removable={rows.length > 2}
            onChange={(by) => change(row.key, by)}
            onUp={() => setRows((all) => swapped(all, index - 1, index))}
            onRemove={() => setRows((all) => all.filter(({ key }) => key !== row.key))}
          />
        ))}
      </ol>
      <button type="button" className="button button--start" disabled={rows.length >= MAX_STEPS} onClick={add}>
        <Icon name="plus" />
        {say('tours.addStep')}
      </button>
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
      <footer className="tour-form__foot">
        <button type="submit" className="button button--main" disabled={!body.success || save.isPending}>
          {say('save')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {say('cancel')}
        </button>
      </footer>
    </form>
  );
}

interface StepProps {
  readonly row: Row;
  readonly index: number;
  readonly presets: readonly PtzPreset[];
  readonly removable: boolean;
  readonly onChange: (by: Partial<Row>) => void;
  readonly onUp: () => void;
  readonly onRemove: () => void;
}

function Step({ row, index, presets, removable, onChange, onUp, onRemove }: StepProps) {
  const { say } = useWords();
  const known = presets.some(({ token }) => token === row.preset);
  const step = index + 1;
  return (
    <li>
      <span>{step}</span>
      <div className="field">
        <label htmlFor={`step-${row.key}`}>{say('tours.preset')}</label>
        <select
          id={`step-${row.key}`}
          value={row.preset}
          onChange={(event) => onChange({ preset: event.target.value })}
        >
          {!known && <option value={row.preset}>{say('tours.presetGone', { preset: row.preset })}</option>}
          {presets.map(({ token, name }) => (
            <option key={token} value={token}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <NumberField
        label={say('tours.dwell')}
        value={row.dwellSeconds}
        digits={0}
        min={3}
        max={3_600}
        step={1}
        unit="s"
        onChange={(dwellSeconds) => onChange({ dwellSeconds })}
      />
      <span className="buttons">
        <button
          type="button"
          className="button button--bare"
          disabled={index === 0}
          onClick={onUp}
          aria-label={say('tours.stepUp', { step })}
        >
          <Icon name="arrow" />
        </button>
        <button
          type="button"
          className="button button--bare"
          disabled={!removable}
          onClick={onRemove}
          aria-label={say('tours.stepRemove', { step })}
        >
          <Icon name="trash" />
        </button>
      </span>
    </li>
  );
}

function firstRows(tour: PtzTourView | null, presets: readonly PtzPreset[]): readonly Row[] {
  const steps = tour?.steps ?? [0, 1].map((at) => ({ preset: presets[at]?.token ?? '', dwellSeconds: DWELL_SECONDS }));
  return steps.map((step, key) => ({ key, ...step }));
}

function swapped(rows: readonly Row[], one: number, other: number): readonly Row[] {
  const [first, second] = [rows[one], rows[other]];
  return first && second ? rows.with(one, second).with(other, first) : rows;
}
