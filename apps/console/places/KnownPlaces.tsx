import { useMemo, useState } from 'react';
import { isInRing } from '#libs/geo';
import type { Place, PlaceView, SectorView } from '#libs/wire';
import { findPlaces } from '../dispatch/places.ts';
import { useWords } from '../i18n/language.tsx';
import type { TownMap } from '../map/town-map.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty } from '../ui/States.tsx';
import { PlaceForm } from './PlaceForm.tsx';
import { shortNameOf } from './sector-words.ts';

export interface KnownPlacesProps {
  readonly places: readonly PlaceView[];
  readonly sectors: readonly SectorView[];
  readonly map: TownMap | null;
  readonly manages: boolean;
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
  /** Takes presses on the map as places while it is set. */
  readonly onMarking: (take: ((place: Place) => void) | null) => void;
}

const NEW = 'new';
/** Rows that are drawn; the rest is found by its name. */
const MAX_ROWS = 200;

/** Places that callers name, found as the intake finds them. */
export function KnownPlaces(props: KnownPlacesProps) {
  const { places, sectors, map, manages, selectedId, onSelect, onMarking } = props;
  const { say } = useWords();
  const [typed, setTyped] = useState('');
  const shown = useMemo(() => found(places, typed), [places, typed]);
  const selected = places.find(({ id }) => id === selectedId) ?? null;
  if (manages && (selected || selectedId === NEW))
    return (
      <PlaceForm key={selectedId} place={selected} map={map} onMarking={onMarking} onClose={() => onSelect(null)} />
    );
  return (
    <div className="stack">
      <p className="places__text">{say('places.intro.places')}</p>
      <div className="places__tools">
        <Field label={say('places.find')} type="search" value={typed} onChange={setTyped} maxLength={80} />
        {manages && (
          <button type="button" className="button button--main" onClick={() => onSelect(NEW)}>
            <Icon name="plus" />
            {say('places.new')}
          </button>
        )}
      </div>
      {shown.length === 0 && <Empty icon="pin" title={say(typed === '' ? 'places.none.places' : 'places.notFound')} />}
      <ul className="list__rows">
        {shown.slice(0, MAX_ROWS).map((place) => (
          <li key={place.id}>
            <button
              type="button"
              className="place-row"
              onClick={() => {
                map?.goTo(place.point);
                onSelect(place.id);
              }}
            >
              <span className="place-row__code">{say(`placeCategory.${place.category}`)}</span>
              <span className="place-row__name">{place.name}</span>
              <span className="place-row__note">{factsOf(place, sectors).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ul>
      {shown.length > MAX_ROWS && (
        <p className="places__text">{say('places.more', { count: shown.length - MAX_ROWS })}</p>
      )}
    </div>
  );
}

function found(places: readonly PlaceView[], typed: string): readonly PlaceView[] {
  if (typed.trim() === '') return places;
  const known = places.map((place) => ({ ...place, kind: 'known' as const, sectorId: null }));
  const ids = findPlaces(known, typed, MAX_ROWS).map(({ id }) => id);
  return ids.flatMap((id) => places.filter((place) => place.id === id));
}

function factsOf({ aliases, address, point, notes }: PlaceView, sectors: readonly SectorView[]): string[] {
  const sector = sectors.find(({ kind, ring }) => kind === 'patrol' && isInRing(point, ring));
  return [aliases.join(', '), address, sector ? shortNameOf(sector) : '', notes].filter((text) => text !== '');
}
