import { useEffect, useMemo, useRef, useState } from 'react';
import '../cameras/cameras.css';
import './places.css';
import type { Place, SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useMapView } from '../live/queries.ts';
import { useSorted, useTopic } from '../live/services.tsx';
import { MapPane } from '../map/MapPane.tsx';
import { SectorsLayer } from '../map/sectors-layer.ts';
import type { TownMap } from '../map/town-map.ts';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Header } from '../ui/Header.tsx';
import { Failed, Forbidden, Loading } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { may } from '../ui/session.ts';
import { KnownPlaces } from './KnownPlaces.tsx';
import { Sectors } from './Sectors.tsx';

const TABS = ['patrol', 'off-limits', 'places'] as const;
type Tab = (typeof TABS)[number];

/** How the town is divided: patrol sectors, where units have no business, and places by their names. */
export function PlacesPage({ session }: { readonly session: SessionView }) {
  return (
    <div className="page">
      <Header page="places" session={session} />
      {may(session, 'zone:view') ? <Desk manages={may(session, 'zone:manage')} /> : <Forbidden />}
    </div>
  );
}

function Desk({ manages }: { readonly manages: boolean }) {
  const { say } = useWords();
  const view = useMapView();
  const [tab, setTab] = useState<Tab>('patrol');
  const [map, setMap] = useState<TownMap | null>(null);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [editingId, setEditingId] = useState<string | null>(null);
  const marking = useRef<((place: Place) => void) | null>(null);
  const sectorsState = useTopic('sectors');
  const placesState = useTopic('places');
  const sectors = useSorted(sectorsState, ({ code, name }) => `${code} ${name}`);
  const places = useSorted(placesState, ({ name }) => name);
  const select = (id: string | null): void => setSelectedId(id);
  const open = (next: Tab): void => {
    setSelectedId(null);
    setTab(next);
  };
  useAreas(map, sectors, tab === 'places' ? places : NONE, selectedId, editingId, {
    onSector: (id) => {
      const kind = sectors.find((sector) => sector.id === id)?.kind;
      if (marking.current === null && kind !== undefined && (selectedId === null || kind === tab)) {
        setTab(kind);
        setSelectedId(id);
      }
    },
    onPlace: (id) => marking.current === null && setSelectedId(id),
  });
  return (
    <main className="desk">
      <h1 className="sr-only">{say('nav.places')}</h1>
      <section className="panel desk__work">
        <Tabs
          label={say('nav.places')}
          tabs={TABS.map((name) => ({ name, words: say(`places.tab.${name}`) }))}
          open={tab}
          onOpen={open}
        />
        <StaleNotice />
        <div className="desk__body" id="tab-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
          <Refused states={[sectorsState, placesState]} />
          {tab === 'places' ? (
            <KnownPlaces
              places={places}
              sectors={sectors}
              map={map}
              manages={manages}
              selectedId={selectedId}
              onSelect={select}
              onMarking={(take) => (marking.current = take)}
            />
          ) : (
            <Sectors
              key={tab}
              kind={tab}
              sectors={sectors}
              map={map}
              manages={manages}
              selectedId={selectedId}
              onSelect={select}
              onEditing={setEditingId}
            />
          )}
        </div>
      </section>
      <section className="panel desk__map" aria-label={say('map.label')}>
        {view.data ? (
          <MapPane
            view={view.data}
            cameras={NONE}
            zones={NONE}
            onMap={setMap}
            onPlace={(place) => {
              marking.current?.(place);
              return marking.current !== null;
            }}
          />
        ) : (
          <Loading />
        )}
      </section>
    </main>
  );
}

const NONE: readonly never[] = [];

function Refused({ states }: { readonly states: readonly { readonly kind: string; readonly code?: string }[] }) {
  const refused = states.find(({ kind }) => kind === 'refused');
  return refused ? <Failed code={refused.code ?? 'unexpected'} /> : null;
}

interface Hands {
  readonly onSector: (id: string) => void;
  readonly onPlace: (id: string) => void;
}

/** Draws all areas but the one that its editor draws. */
function useAreas(
  map: TownMap | null,
  sectors: Parameters<SectorsLayer['show']>[0],
  places: Parameters<SectorsLayer['show']>[1],
  selectedId: string | null,
  editingId: string | null,
  hands: Hands,
): void {
  const [layer, setLayer] = useState<SectorsLayer | null>(null);
  const latest = useRef(hands);
  latest.current = hands;
  const fitted = useRef(false);
  useEffect(() => {
    if (!map) return undefined;
    const made = new SectorsLayer(
      map,
      (id) => latest.current.onSector(id),
      (id) => latest.current.onPlace(id),
    );
    setLayer(made);
    return () => {
      made.destroy();
      setLayer(null);
    };
  }, [map]);
  const shown = useMemo(() => sectors.filter(({ id }) => id !== editingId), [sectors, editingId]);
  useEffect(() => layer?.show(shown, places, selectedId), [layer, shown, places, selectedId]);
  useEffect(() => {
    if (fitted.current || !map || sectors.length === 0) return;
    fitted.current = true;
    map.goToRing(sectors.flatMap(({ ring }) => ring));
  }, [map, sectors]);
}
