import { useId } from 'react';
import type { UnitView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';

export interface UnitChoiceProps {
  readonly units: readonly UnitView[];
  readonly unitId: string | null;
  readonly onUnit: (id: string | null) => void;
}

/** Which unit a page is about. */
export function UnitChoice({ units, unitId, onUnit }: UnitChoiceProps) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{say('units.unit')}</label>
      <select id={id} value={unitId ?? ''} onChange={(event) => onUnit(event.target.value || null)}>
        <option value="">{say('units.choose')}</option>
        {units.map((unit) => (
          <option key={unit.id} value={unit.id}>
            {unit.callSign} · {say(`unitKind.${unit.kind}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
