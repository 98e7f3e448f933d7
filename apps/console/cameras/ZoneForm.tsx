import { useId, useMemo, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { checkRing, ringAreaM2 } from '#libs/geo';
import { RISK_LEVELS, createZoneBody, zoneView, type RiskLevel, type ZoneView } from '#libs/wire';
import { area } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import type { TownMap } from '../map/town-map.ts';
import { useOutline } from '../map/use-outline.ts';
import { zoneStyle } from '../map/zones-layer.ts';
import { ZoneSchedules } from '../alarms/ZoneSchedules.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { CornersField } from './CornersField.tsx';
import type { DeskProps } from './desk.ts';
import { RemoveZoneDialog } from './RemoveZoneDialog.tsx';

export interface ZoneFormProps {
  /** Null draws a new one. */
  readonly zone: ZoneView | null;
  readonly map: TownMap | null;
  readonly onEditing: DeskProps['onEditing'];
  readonly onClose: () => void;
}

/** One zone: its outline on the map, its name, its level. */
export function ZoneForm({ zone, map, onEditing, onClose }: ZoneFormProps) {
  const { say, sayError, language } = useWords();
  const { http } = useServices();
  const [name, setName] = useState(zone?.name ?? '');
  const [level, setLevel] = useState<RiskLevel>(zone?.riskLevel ?? 'high');
  const [notes, setNotes] = useState(zone?.notes ?? '');
  const [removing, setRemoving] = useState(false);
  const { ring, restart, write } = useOutline(map, zone, useLook(map, level), onEditing);
  const outline = ring && checkRing(ring);
  const body = createZoneBody.safeParse({ name, riskLevel: level, notes, ring });
  const save = useMutation({
    mutationFn: () =>
      zone
        ? http.ask('PATCH', `/api/zones/${zone.id}`, zoneView, body.data)
        : http.ask('POST', '/api/zones', zoneView, body.data),
    onSuccess: onClose,
  });
  return (
    <form
      noValidate
      className="editor editor__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (body.success) save.mutate();
      }}
    >
      <header className="editor__head">
        <button type="button" className="button button--small" onClick={onClose}>
          ← {say('back')}
        </button>
        <h2>{zone ? zone.name : say('zones.draw')}</h2>
      </header>
      <p className="notice notice--hint" aria-live="polite">
        {ring ? say('zones.edit.hint', { area: area(ringAreaM2(ring), language) }) : say('zones.draw.hint')}
      </p>
      {outline && !outline.ok && <p className="notice notice--bad">{sayError(outline.refusal.code)}</p>}
      <Field label={say('zones.name')} value={name} onChange={setName} maxLength={80} required />
      <LevelChoice level={level} onLevel={setLevel} />
      <Field label={say('zones.notes')} value={notes} onChange={setNotes} maxLength={2000} />
      {zone ? <ZoneSchedules zoneId={zone.id} /> : <p className="schedules__hint">{say('schedules.later')}</p>}
      <CornersField ring={ring} onRing={write} />
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
      <footer className="editor__foot">
        <button
          type="submit"
          className="button button--main"
          disabled={!body.success || !outline?.ok || save.isPending}
        >
          {say('save')}
        </button>
        <button type="button" className="button" onClick={restart} disabled={!ring}>
          <Icon name="undo" />
          {say('zones.redraw')}
        </button>
        {zone && (
          <button type="button" className="button button--danger" onClick={() => setRemoving(true)}>
            <Icon name="trash" />
            {say('zones.remove')}
          </button>
        )}
      </footer>
      {removing && zone && <RemoveZoneDialog zone={zone} onClose={() => setRemoving(false)} onRemoved={onClose} />}
    </form>
  );
}

function LevelChoice({ level, onLevel }: { readonly level: RiskLevel; readonly onLevel: (level: RiskLevel) => void }) {
  const { say } = useWords();
  const group = useId();
  return (
    <fieldset className="levels">
      <legend>{say('zones.level')}</legend>
      {RISK_LEVELS.toReversed().map((one) => (
        <label key={one} className={`level level--${one}`}>
          <input type="radio" name={group} checked={level === one} onChange={() => onLevel(one)} />
          {say(`risk.zone.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}

function useLook(map: TownMap | null, level: RiskLevel) {
  return useMemo(() => (map ? zoneStyle(level, map.palette) : null), [map, level]);
}
