import { useCallback, useId, useMemo, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { checkRing, overlapM2, ringAreaM2 } from '#libs/geo';
import {
  SECTOR_CAPS,
  SECTOR_COLOURS,
  createSectorBody,
  sectorView,
  type AreaHours,
  type Ring,
  type SectorColour,
  type SectorKind,
  type SectorView,
} from '#libs/wire';
import { DAYS, DayHours } from '../alarms/DayHours.tsx';
import { CornersField } from '../cameras/CornersField.tsx';
import { ReasonDialog } from '../cameras/ReasonDialog.tsx';
import { area } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { sectorColours, sectorStyle } from '../map/sectors-layer.ts';
import type { TownMap } from '../map/town-map.ts';
import { useOutline } from '../map/use-outline.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { neighboursOf, shortNameOf } from './sector-words.ts';

export interface SectorFormProps {
  readonly kind: SectorKind;
  /** Null draws a new one. */
  readonly sector: SectorView | null;
  readonly sectors: readonly SectorView[];
  readonly map: TownMap | null;
  readonly onEditing: (id: string | null) => void;
  readonly onClose: () => void;
}

const NIGHT: AreaHours = { days: [...DAYS], fromMinute: 22 * 60, toMinute: 5 * 60 };

/** One sector: its outline on the map, its code, name and colour, and whom it lies beside. */
export function SectorForm({ kind, sector, sectors, map, onEditing, onClose }: SectorFormProps) {
  const { say, sayError, language } = useWords();
  const { http } = useServices();
  const [code, setCode] = useState(sector?.code ?? '');
  const [name, setName] = useState(sector?.name ?? '');
  const [colour, setColour] = useState<SectorColour>(sector?.colour ?? 'blue');
  const [minUnits, setMinUnits] = useState(sector?.minUnits ?? 0);
  const [hours, setHours] = useState<readonly AreaHours[]>(sector?.hours ?? []);
  const [notes, setNotes] = useState(sector?.notes ?? '');
  const [allowOverlap, setAllowOverlap] = useState(false);
  const [removing, setRemoving] = useState(false);
  const look = useMemo(() => (map ? sectorStyle({ kind, colour }, sectorColours(), map) : null), [map, kind, colour]);
  const tell = useCallback(({ zoneId }: { zoneId?: string }) => onEditing(zoneId ?? null), [onEditing]);
  const { ring, restart, write } = useOutline(map, sector, look, tell);
  const outline = ring && checkRing(ring);
  const body = createSectorBody.safeParse({ kind, code, name, colour, minUnits, hours, notes, ring, allowOverlap });
  const save = useMutation({
    mutationFn: () =>
      sector
        ? http.ask('PATCH', `/api/sectors/${sector.id}`, sectorView, changeOf(sector, body.data))
        : http.ask('POST', '/api/sectors', sectorView, body.data),
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
        <h2>{sector ? sector.name : say(`places.draw.${kind}`)}</h2>
      </header>
      <p className="notice notice--hint" aria-live="polite">
        {ring ? say('zones.edit.hint', { area: area(ringAreaM2(ring), language) }) : say('zones.draw.hint')}
      </p>
      {outline && !outline.ok && <p className="notice notice--bad">{sayError(outline.refusal.code)}</p>}
      <div className="places__names">
        <Field label={say('places.code')} value={code} onChange={setCode} maxLength={SECTOR_CAPS.codeChars} />
        <Field label={say('places.name')} value={name} onChange={setName} maxLength={SECTOR_CAPS.nameChars} required />
      </div>
      {kind === 'patrol' ? (
        <>
          <Colours colour={colour} onColour={setColour} />
          <NumberField
            label={say('places.minUnits')}
            value={minUnits}
            digits={0}
            min={0}
            max={50}
            step={1}
            unit={say('places.minUnits.unit')}
            onChange={setMinUnits}
          />
          {ring && outline?.ok && (
            <Beside
              id={sector?.id ?? ''}
              ring={ring}
              sectors={sectors}
              allow={allowOverlap}
              onAllow={setAllowOverlap}
            />
          )}
        </>
      ) : (
        <Hours hours={hours} onHours={setHours} />
      )}
      <Field label={say('places.notes')} value={notes} onChange={setNotes} maxLength={SECTOR_CAPS.notesChars} />
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
        {sector && (
          <button type="button" className="button button--danger" onClick={() => setRemoving(true)}>
            <Icon name="trash" />
            {say('places.remove')}
          </button>
        )}
      </footer>
      {removing && sector && (
        <ReasonDialog
          title={say('places.remove')}
          what={sector.name}
          effects={[say(`places.remove.effect.${kind}`), say('places.remove.effect.history')]}
          confirm={say('places.remove')}
          path={`/api/sectors/${sector.id}`}
          onClose={() => setRemoving(false)}
          onRemoved={onClose}
        />
      )}
    </form>
  );
}

/** The outline goes along only when it is another: what overlaps since long is not asked about again. */
function changeOf(sector: SectorView, body: object | undefined) {
  const { ring, ...rest } = (body ?? {}) as { ring?: Ring };
  return JSON.stringify(ring) === JSON.stringify(sector.ring) ? rest : { ...rest, ring };
}

interface BesideProps {
  readonly id: string;
  readonly ring: Ring;
  readonly sectors: readonly SectorView[];
  readonly allow: boolean;
  readonly onAllow: (allow: boolean) => void;
}

/** Whom the outline touches, and whom it overlaps, while it is drawn. */
function Beside({ id, ring, sectors, allow, onAllow }: BesideProps) {
  const { say, language } = useWords();
  const beside = neighboursOf({ id, ring }, sectors);
  const overlaps = beside
    .map((sector) => ({ sector, areaM2: overlapM2(ring, sector.ring) }))
    .filter(({ areaM2 }) => areaM2 > 0);
  return (
    <div className="stack stack--tight" aria-live="polite">
      <p className="places__text">
        {beside.length === 0
          ? say('places.neighbours.none')
          : say('places.neighbours.fact', { names: beside.map(shortNameOf).join(', ') })}
      </p>
      {overlaps.length > 0 && (
        <div className="notice notice--warn">
          {overlaps.map(({ sector, areaM2 }) => (
            <p key={sector.id}>{say('places.overlap', { name: shortNameOf(sector), area: area(areaM2, language) })}</p>
          ))}
          <label className="places__allow">
            <input type="checkbox" checked={allow} onChange={(event) => onAllow(event.target.checked)} />
            {say('places.overlap.allow')}
          </label>
        </div>
      )}
    </div>
  );
}

function Colours({
  colour,
  onColour,
}: {
  readonly colour: SectorColour;
  readonly onColour: (c: SectorColour) => void;
}) {
  const { say } = useWords();
  const group = useId();
  return (
    <fieldset className="levels places__colours">
      <legend>{say('places.colour')}</legend>
      {SECTOR_COLOURS.map((one) => (
        <label key={one}>
          <input type="radio" name={group} checked={one === colour} onChange={() => onColour(one)} />
          <span className={`swatch swatch--${one}`} aria-hidden="true" />
          {say(`colour.${one}`)}
        </label>
      ))}
    </fieldset>
  );
}

interface HoursProps {
  readonly hours: readonly AreaHours[];
  readonly onHours: (hours: readonly AreaHours[]) => void;
}

function Hours({ hours, onHours }: HoursProps) {
  const { say } = useWords();
  return (
    <fieldset className="schedules">
      <legend>{say('places.hours')}</legend>
      <p className="schedules__hint">{hours.length === 0 ? say('places.hours.always') : say('places.hours.hint')}</p>
      {hours.map((one, index) => (
        <div key={index} className="schedule" role="group" aria-label={say('schedules.one', { number: index + 1 })}>
          <div className="schedule__line">
            <DayHours hours={one} onChange={(next) => onHours(hours.map((old, at) => (at === index ? next : old)))} />
            <button
              type="button"
              className="button button--bare"
              onClick={() => onHours(hours.filter((_, at) => at !== index))}
              aria-label={say('schedules.remove', { number: index + 1 })}
            >
              <Icon name="trash" />
            </button>
          </div>
        </div>
      ))}
      <div className="schedules__acts">
        <button
          type="button"
          className="button button--small"
          onClick={() => onHours([...hours, NIGHT])}
          disabled={hours.length >= SECTOR_CAPS.hours}
        >
          <Icon name="plus" />
          {say('schedules.add')}
        </button>
      </div>
    </fieldset>
  );
}
