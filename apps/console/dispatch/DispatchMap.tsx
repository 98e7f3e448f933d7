import { useCallback, useEffect, useMemo, useRef, type RefObject } from 'react';
import type { Place } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useMoving } from '../live/board-view.ts';
import { useMapView } from '../live/queries.ts';
import type { TownView } from '../live/town-view.ts';
import { Legend } from '../map/Legend.tsx';
import { MapPane } from '../map/MapPane.tsx';
import type { MovingContent } from '../map/moving-layer.ts';
import type { TownMap } from '../map/town-map.ts';
import { Loading } from '../ui/States.tsx';
import { useDesk } from './desk.ts';

/** What the rest of the page may do to the map. */
export interface MapHand {
  focus(): void;
  goToUnit(id: string): void;
}

export interface DispatchMapProps {
  readonly town: TownView;
  readonly handRef: RefObject<MapHand | null>;
  readonly unitId: string | null;
  /** Where the call that is being taken happens. */
  readonly draftPoint: Place | null;
  readonly picking: boolean;
  readonly onPlace: (place: Place) => boolean;
}

const DRAFT_ID = 'draft';

/** The town with what moves in it. Clicks choose; while a place is being marked they mark. */
export function DispatchMap({ town, handRef, unitId, draftPoint, picking, onPlace }: DispatchMapProps) {
  const { say } = useWords();
  const desk = useDesk();
  const view = useMapView();
  const map = useRef<TownMap | null>(null);
  const { selectedId, selected } = desk;
  const moving = useMoving(desk.board, selectedId, unitId);
  const shown = useMemo<MovingContent>(() => {
    if (!draftPoint) return moving;
    const draft = { id: DRAFT_ID, priority: null, place: draftPoint, label: '' };
    return { ...moving, incidents: [...moving.incidents, draft] };
  }, [moving, draftPoint]);
  const keep = useCallback(
    (made: TownMap | null): void => {
      map.current = made;
      handRef.current = made && {
        focus: () => made.map.getContainer().focus(),
        goToUnit: (id) => {
          const place = made.placeOfUnit(id);
          if (place) made.goTo(place);
        },
      };
    },
    [handRef],
  );
  const point = selected?.place?.point;
  // Only when another incident is chosen or it is moved: a new event of it leaves the view where it is.
  useEffect(() => {
    if (point) map.current?.goTo(point, 15.5);
  }, [selectedId, point?.latitudeDeg, point?.longitudeDeg]);
  useEffect(() => {
    if (draftPoint) map.current?.goTo(draftPoint, 15.5);
  }, [draftPoint]);
  useEffect(() => {
    if (unitId) handRef.current?.goToUnit(unitId);
  }, [unitId, handRef]);
  useEffect(() => {
    const container = map.current?.map.getContainer();
    if (!picking || !container) return undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      const { lat, lng } = map.current?.map.getCenter() ?? {};
      if (lat !== undefined && lng !== undefined) onPlace({ latitudeDeg: lat, longitudeDeg: lng });
    };
    container.addEventListener('keydown', onKey);
    return () => container.removeEventListener('keydown', onKey);
  }, [picking, onPlace]);
  return (
    <section
      className={picking ? 'panel desk__map desk__map--picking' : 'panel desk__map'}
      aria-label={say('map.label')}
    >
      {view.data ? (
        <MapPane
          view={view.data}
          cameras={town.cameras}
          zones={town.zones}
          moving={shown}
          legend={<Legend cameras={town.cameras} zones={town.zones} units />}
          onIncident={(id) => id !== DRAFT_ID && desk.select(id)}
          onUnit={desk.showUnit}
          onPlace={onPlace}
          onMap={keep}
        />
      ) : (
        <Loading />
      )}
    </section>
  );
}
