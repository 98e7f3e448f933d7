import { useEffect, useId, useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import {
  PLACE_CATEGORIES,
  PLACE_LIST_CAPS,
  createPlaceBody,
  placeView,
  type Place,
  type PlaceCategory,
  type PlaceView,
} from '#libs/wire';
import { ReasonDialog } from '../cameras/ReasonDialog.tsx';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import type { TownMap } from '../map/town-map.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { NumberField } from '../ui/NumberField.tsx';

export interface PlaceFormProps {
  /** Null makes a new one. */
  readonly place: PlaceView | null;
  readonly map: TownMap | null;
  readonly onMarking: (take: ((place: Place) => void) | null) => void;
  readonly onClose: () => void;
}

/** One known place: its names, what it is, and where. A press on the map puts it there. */
export function PlaceForm({ place, map, onMarking, onClose }: PlaceFormProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [name, setName] = useState(place?.name ?? '');
  const [aliases, setAliases] = useState((place?.aliases ?? []).join('; '));
  const [category, setCategory] = useState<PlaceCategory>(place?.category ?? 'landmark');
  const [address, setAddress] = useState(place?.address ?? '');
  const [notes, setNotes] = useState(place?.notes ?? '');
  const [point, setPoint] = useState<Place | null>(place?.point ?? null);
  const [removing, setRemoving] = useState(false);
  useMarker(map, point, onMarking, setPoint);
  const otherNames = aliases.split(';').flatMap((alias) => (alias.trim() === '' ? [] : [alias.trim()]));
  const body = createPlaceBody.safeParse({ name, aliases: otherNames, category, address, notes, point });
  const save = useMutation({
    mutationFn: () =>
      place
        ? http.ask('PATCH', `/api/places/${place.id}`, placeView, body.data)
        : http.ask('POST', '/api/places', placeView, body.data),
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
        <h2>{place ? place.name : say('places.new')}</h2>
      </header>
      <p className="notice notice--hint">{say(point ? 'places.mark.again' : 'places.mark')}</p>
      <Field
        label={say('places.name')}
        value={name}
        onChange={setName}
        maxLength={PLACE_LIST_CAPS.nameChars}
        required
      />
      <Field
        label={say('places.aliases')}
        hint={say('places.aliases.hint')}
        value={aliases}
        onChange={setAliases}
        maxLength={800}
      />
      <Category category={category} onCategory={setCategory} />
      <Field
        label={say('places.address')}
        value={address}
        onChange={setAddress}
        maxLength={PLACE_LIST_CAPS.addressChars}
      />
      <Field label={say('places.notes')} value={notes} onChange={setNotes} maxLength={PLACE_LIST_CAPS.notesChars} />
      <Coordinates point={point} map={map} onPoint={setPoint} />
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
      <footer className="editor__foot">
        <button type="submit" className="button button--main" disabled={!body.success || save.isPending}>
          {say('save')}
        </button>
        {place && (
          <button type="button" className="button button--danger" onClick={() => setRemoving(true)}>
            <Icon name="trash" />
            {say('places.remove')}
          </button>
        )}
      </footer>
      {removing && place && (
        <ReasonDialog
          title={say('places.remove')}
          what={place.name}
          effects={[say('places.remove.effect.places'), say('places.remove.effect.history')]}
          confirm={say('places.remove')}
          path={`/api/places/${place.id}`}
          onClose={() => setRemoving(false)}
          onRemoved={onClose}
        />
      )}
    </form>
  );
}

function Category(props: { readonly category: PlaceCategory; readonly onCategory: (next: PlaceCategory) => void }) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{say('places.category')}</label>
      <select
        id={id}
        value={props.category}
        onChange={(event) => props.onCategory(PLACE_CATEGORIES.find((one) => one === event.target.value) ?? 'landmark')}
      >
        {PLACE_CATEGORIES.map((one) => (
          <option key={one} value={one}>
            {say(`placeCategory.${one}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CoordinatesProps {
  readonly point: Place | null;
  readonly map: TownMap | null;
  readonly onPoint: (point: Place) => void;
}

/** The same in writing: for the keyboard, and for what a survey says. */
function Coordinates({ point, map, onPoint }: CoordinatesProps) {
  const { say } = useWords();
  if (!point)
    return (
      <div>
        <button type="button" className="button button--small" onClick={() => map && onPoint(centreOf(map))}>
          <Icon name="pin" />
          {say('places.mark.middle')}
        </button>
      </div>
    );
  return (
    <div className="places__names">
      <NumberField
        label={say('places.latitude')}
        value={point.latitudeDeg}
        digits={6}
        min={-90}
        max={90}
        step={0.0001}
        unit="°"
        onChange={(latitudeDeg) => onPoint({ ...point, latitudeDeg })}
      />
      <NumberField
        label={say('places.longitude')}
        value={point.longitudeDeg}
        digits={6}
        min={-180}
        max={180}
        step={0.0001}
        unit="°"
        onChange={(longitudeDeg) => onPoint({ ...point, longitudeDeg })}
      />
    </div>
  );
}

function centreOf({ map }: TownMap): Place {
  const { lat, lng } = map.getCenter();
  return { latitudeDeg: lat, longitudeDeg: lng };
}

/** A press on the map moves the place while the form is open, and a mark shows where it is. */
function useMarker(
  map: TownMap | null,
  point: Place | null,
  onMarking: PlaceFormProps['onMarking'],
  onPoint: (point: Place) => void,
): void {
  useEffect(() => {
    onMarking(onPoint);
    return () => onMarking(null);
  }, [onMarking, onPoint]);
  useEffect(() => {
    if (!map || !point) return undefined;
    let remove = (): void => undefined;
    let gone = false;
    void import('../map/place-mark.ts').then(({ placeMark }) => {
      if (!gone) remove = placeMark(map, point);
    });
    return () => {
      gone = true;
      remove();
    };
  }, [map, point]);
}
