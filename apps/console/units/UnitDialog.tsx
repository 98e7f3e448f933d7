import { useId, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { uuidV7 } from '#libs/base';
import { UNIT_CAPS, UNIT_KIND_CODES, type UnitKind } from '#libs/dispatch';
import { commandAnswer, unitProfileBody, type SectorView, type UnitView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';

const MINUTE_MS = 60_000;

export interface UnitDialogProps {
  /** Null registers a new one. */
  readonly unit: UnitView | null;
  readonly sectors: readonly SectorView[];
  readonly onClose: () => void;
}

/** What a unit is: call sign, kind, vehicle, equipment, its sector. Its crew signs on by shift. */
export function UnitDialog({ unit, sectors, onClose }: UnitDialogProps) {
  const { say, sayError } = useWords();
  const { http, live, clock } = useServices();
  const makeId = (): string => uuidV7(clock.nowMs());
  // Sent again without an answer to the first try, it is registered once.
  const [newId] = useState(() => makeId());
  const [form, setForm] = useState(() => formOf(unit));
  const set = (change: Partial<Form>): void => setForm((old) => ({ ...old, ...change }));
  const profile = unitProfileBody.safeParse(profileOf(form));
  const save = useMutation({
    mutationFn: () => {
      const body = { commandId: makeId(), sentAtMs: Math.round(live.serverClock.nowMs()), profile: profile.data };
      return unit
        ? http.ask('PUT', `/api/units/${unit.id}`, commandAnswer, body)
        : http.ask('POST', '/api/units', commandAnswer, { ...body, unitId: newId });
    },
    onSuccess: onClose,
  });
  const action = (
    <button type="submit" className="button button--main" disabled={!profile.success || save.isPending}>
      {say('save')}
    </button>
  );
  return (
    <Dialog
      title={unit ? unit.callSign : say('units.new')}
      onClose={onClose}
      onSubmit={() => profile.success && save.mutate()}
      actions={action}
    >
      <Field
        label={say('units.callSign')}
        value={form.callSign}
        onChange={(callSign) => set({ callSign })}
        maxLength={UNIT_CAPS.callSign}
        required
      />
      <Select
        label={say('units.kind')}
        value={form.kind}
        options={UNIT_KIND_CODES.map((kind) => ({ value: kind, words: say(`unitKind.${kind}`) }))}
        onValue={(value) => set({ kind: UNIT_KIND_CODES.find((kind) => kind === value) ?? 'MOV' })}
      />
      <Select
        label={say('units.sector')}
        value={form.sectorId}
        options={[
          { value: '', words: say('units.noSector') },
          ...sectors
            .filter(({ kind }) => kind === 'patrol')
            .map(({ id, code, name }) => ({ value: id, words: `${code} ${name}`.trim() })),
        ]}
        onValue={(sectorId) => set({ sectorId })}
      />
      <div className="places__names">
        <Field
          label={say('units.plate')}
          value={form.plate}
          onChange={(plate) => set({ plate })}
          maxLength={UNIT_CAPS.plate}
        />
        <Field label={say('units.model')} value={form.model} onChange={(model) => set({ model })} maxLength={60} />
      </div>
      <Field
        label={say('units.equipment')}
        hint={say('units.equipment.hint')}
        value={form.equipment}
        onChange={(equipment) => set({ equipment })}
        maxLength={1_000}
      />
      <Field
        label={say('units.checkIn')}
        hint={say('units.checkIn.hint')}
        type="number"
        inputMode="numeric"
        min={1}
        max={240}
        unit="min"
        value={form.checkInMinutes}
        onChange={(checkInMinutes) => set({ checkInMinutes })}
      />
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
    </Dialog>
  );
}

interface Form {
  readonly callSign: string;
  readonly kind: UnitKind;
  readonly sectorId: string;
  readonly plate: string;
  readonly model: string;
  readonly equipment: string;
  readonly checkInMinutes: string;
}

function formOf(unit: UnitView | null): Form {
  const checkInEveryMs = unit?.checkInEveryMs ?? null;
  return {
    callSign: unit?.callSign ?? '',
    kind: unit?.kind ?? 'MOV',
    sectorId: unit?.sectorId ?? '',
    plate: unit?.vehicle?.plate ?? '',
    model: unit?.vehicle?.model ?? '',
    equipment: (unit?.equipment ?? []).join('; '),
    checkInMinutes: checkInEveryMs === null ? '' : String(checkInEveryMs / MINUTE_MS),
  };
}

function profileOf({ callSign, kind, sectorId, plate, model, equipment, checkInMinutes }: Form) {
  return {
    callSign,
    kind,
    sectorId: sectorId === '' ? null : sectorId,
    vehicle: plate.trim() === '' ? null : { plate, model },
    equipment: equipment.split(';').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])),
    checkInEveryMs: checkInMinutes.trim() === '' ? null : Number(checkInMinutes) * MINUTE_MS,
  };
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly words: string }[];
  readonly onValue: (value: string) => void;
}

export function Select({ label, value, options, onValue }: SelectProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.words}
          </option>
        ))}
      </select>
    </div>
  );
}
