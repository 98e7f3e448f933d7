import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import L from 'leaflet';
import { z } from 'zod';
import { zoneView, type ReplayOutlineView, type ReplayTracksView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useMoving } from '../live/board-view.ts';
import { isOpen } from '../live/board-order.ts';
import type { UnitFix } from '../live/position-store.ts';
import { useMapView } from '../live/queries.ts';
import { useServices } from '../live/services.tsx';
import { Legend } from '../map/Legend.tsx';
import { MapPane } from '../map/MapPane.tsx';
import type { TownMap } from '../map/town-map.ts';
import { Loading } from '../ui/States.tsx';
import type { MomentView } from './page-moment.ts';
import { PastPositions, fixAt, joined, trailTo } from './past-positions.ts';

/** A trail shows the way of so long. */
const TRAIL_MS = 5 * 60_000;
const NO_CAMERAS: readonly never[] = [];

interface ReplayMapProps {
  readonly view: MomentView;
  readonly atMs: number;
  readonly pieces: readonly ReplayTracksView[];
  readonly losses: ReplayOutlineView['cameraLosses'];
  readonly incidentId: string | null;
  readonly unitId: string | null;
  readonly onIncident: (id: string) => void;
  readonly onUnit: (id: string) => void;
}

/** The town at a moment of the past: under a word across it, in its own colours, so that it is never taken for now. */
export function ReplayMap(props: ReplayMapProps) {
  const { view, atMs, pieces, losses, incidentId, unitId } = props;
  const { say } = useWords();
  const { http } = useServices();
  const base = useMapView();
  const zones = useQuery({
    queryKey: ['replay-zones'],
    queryFn: () => http.ask('GET', '/api/zones', z.array(zoneView)),
    staleTime: Infinity,
  });
  const [town, setTown] = useState<TownMap | null>(null);
  const positions = useMemo(() => new PastPositions(), []);
  const moment = useRef(atMs);
  moment.current = atMs;
  const past = useMemo(() => ({ nowMs: () => moment.current, positions }), [positions]);
  const tracks = useTracks(pieces);
  const fixes = useMemo(() => fixesAt(view, tracks, atMs), [view, tracks, atMs]);
  const onMap = useMemo(
    () => ({ incidents: view.incidents.filter(isOpen), units: view.units.filter(({ id }) => fixes.has(id)) }),
    // Where the units are is told by the positions; the map needs to know which of them are on it.
    [view, [...fixes.keys()].sort().join()],
  );
  const moving = useMoving(onMap, incidentId, unitId);
  useEffect(() => positions.show(fixes), [positions, fixes]);
  const keep = useCallback((made: TownMap | null) => setTown(made), []);
  useTrails(town, view, tracks, Math.floor(atMs / 1_000) * 1_000, incidentId, unitId);
  useLosses(town, losses);
  const place = view.incidents.find(({ id }) => id === incidentId)?.place?.point;
  useEffect(() => {
    if (place) town?.goTo(place, 15);
  }, [town, incidentId, place?.latitudeDeg, place?.longitudeDeg]);
  return (
    <section className="panel replay__map" aria-label={say('map.label')}>
      {base.data && zones.data ? (
        <MapPane
          view={base.data}
          cameras={NO_CAMERAS}
          zones={zones.data}
          moving={moving}
          past={past}
          legend={<Legend cameras={NO_CAMERAS} zones={zones.data} units />}
          onIncident={props.onIncident}
          onUnit={props.onUnit}
          onMap={keep}
        >
          <p className="replay__watermark" aria-hidden="true">
            {say('replay.banner')}
          </p>
        </MapPane>
      ) : (
        <Loading />
      )}
    </section>
  );
}

type Tracks = ReturnType<typeof joined>;

/** The same pieces are joined once. */
function useTracks(pieces: readonly ReplayTracksView[]): Tracks {
  const key = pieces.map(({ fromMs }) => fromMs).join();
  return useMemo(() => joined(pieces), [key]);
}

/** By the tracks; before their first fix, by what the page's board knew. */
function fixesAt({ units }: MomentView, tracks: Tracks, atMs: number): Map<string, UnitFix> {
  const found = new Map<string, UnitFix>();
  for (const { id, position } of units) {
    const known = position && position.takenAtMs <= atMs ? { ...position.point, ...position } : undefined;
    const fix = fixAt(tracks.get(id) ?? [], atMs) ?? known;
    if (fix) found.set(id, fix);
  }
  return found;
}

/** Ways of the last minutes; those of the chosen unit, or of the units of the chosen incident, stand out. */
function useTrails(
  town: TownMap | null,
  { units }: MomentView,
  tracks: Tracks,
  secondMs: number,
  incidentId: string | null,
  unitId: string | null,
): void {
  const layer = useLayer(town);
  useEffect(() => {
    if (!layer || !town) return;
    layer.clearLayers();
    for (const { id, attends } of units) {
      const way = trailTo(tracks.get(id) ?? [], secondMs, TRAIL_MS);
      if (way.length < 2) continue;
      const chosen = id === unitId || (incidentId !== null && attends?.incidentId === incidentId);
      const style = chosen ? { weight: 3, opacity: 0.9 } : { weight: 1.5, opacity: 0.35 };
      L.polyline(way, { ...style, color: town.palette.unit.route, interactive: false }).addTo(layer);
    }
  }, [layer, town, units, tracks, secondMs, incidentId, unitId]);
}

/** Cameras that gave no picture at the moment. */
function useLosses(town: TownMap | null, losses: ReplayOutlineView['cameraLosses']): void {
  const layer = useLayer(town);
  useEffect(() => {
    if (!layer || !town) return;
    layer.clearLayers();
    for (const { place, code } of losses)
      if (place)
        L.circleMarker([place.latitudeDeg, place.longitudeDeg], {
          radius: 6,
          weight: 2,
          color: town.palette.camera.offline,
          fillOpacity: 0,
        })
          .bindTooltip(code)
          .addTo(layer);
  }, [layer, town, losses]);
}

function useLayer(town: TownMap | null): L.LayerGroup | null {
  const [layer, setLayer] = useState<L.LayerGroup | null>(null);
  useEffect(() => {
    if (!town) return undefined;
    const made = L.layerGroup().addTo(town.map);
    setLayer(made);
    return () => {
      setLayer(null);
    };
  }, [town]);
  return layer;
}
