import { useEffect, useRef, useState, type ReactNode } from 'react';
import 'leaflet/dist/leaflet.css';
import './map.css';
import type { CameraView, MapView, Place, ZoneCoverageView, ZoneView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useServices } from '../live/services.tsx';
import type { MovingContent } from './moving-layer.ts';
import { TownMap, type MapPositions } from './town-map.ts';

export interface MapPaneProps {
  readonly view: MapView;
  readonly cameras: readonly CameraView[];
  readonly zones: readonly ZoneView[];
  readonly blind?: readonly ZoneCoverageView[] | null;
  readonly selectedCameraId?: string | null;
  readonly selectedZoneId?: string | null;
  readonly onCamera?: (id: string | null) => void;
  readonly onZone?: (id: string) => void;
  /** Called once the map lives, and with null when it goes: for editors that draw on it. */
  readonly onMap?: (map: TownMap | null) => void;
  /** Units and incidents, for those who may see them. */
  readonly moving?: MovingContent | null;
  readonly onIncident?: (id: string) => void;
  readonly onUnit?: (id: string) => void;
  /** Takes a click as a place while one is being marked. */
  readonly onPlace?: (place: Place) => boolean;
  /** Instead of what is now: the moment that is shown, and where units were. */
  readonly past?: { readonly nowMs: () => number; readonly positions: MapPositions };
  readonly kiosk?: boolean;
  readonly legend?: ReactNode;
  readonly children?: ReactNode;
}

const DESK = { markPx: 6, fanPx: 34 };
const WALL = { markPx: 9, fanPx: 54 };

/** The map in a page: React gives it what to show, Leaflet draws. */
export function MapPane(props: MapPaneProps) {
  const { view, cameras, zones, blind = null, selectedCameraId = null, selectedZoneId = null, kiosk = false } = props;
  const { moving = null, past } = props;
  const { clock, live } = useServices();
  const { say } = useWords();
  const host = useRef<HTMLDivElement>(null);
  const [town, setTown] = useState<TownMap | null>(null);
  const handlers = useRef(props);
  handlers.current = props;

  useEffect(() => {
    if (!host.current) return undefined;
    const positions = past?.positions ?? live.positions;
    const made = new TownMap(host.current, {
      view,
      kiosk,
      look: kiosk ? WALL : DESK,
      onCamera: (id) => handlers.current.onCamera?.(id),
      onZone: (id) => handlers.current.onZone?.(id),
      onIncident: (id) => handlers.current.onIncident?.(id),
      onUnit: (id) => handlers.current.onUnit?.(id),
      onPlace: (place) => handlers.current.onPlace?.(place) ?? false,
      clock,
      serverNowMs: past?.nowMs ?? (() => live.serverClock.nowMs()),
      positions,
    });
    made.seed(positions.all());
    const watcher = new ResizeObserver(() => made.resized());
    watcher.observe(host.current);
    setTown(made);
    handlers.current.onMap?.(made);
    return () => {
      watcher.disconnect();
      handlers.current.onMap?.(null);
      setTown(null);
      made.destroy();
    };
  }, [view, kiosk, clock, live, past]);

  useEffect(() => {
    town?.show({
      cameras,
      zones,
      blind,
      selectedCameraId,
      selectedZoneId,
      cameraText: (camera) => (camera.id === selectedCameraId ? `${camera.code} ${camera.name}` : camera.code),
      // On a wall the legend says the level once; a name from far must be short.
      moving,
      zoneText: (zone) => (kiosk ? zone.name : `${zone.name} · ${say(`risk.${zone.riskLevel}`)}`),
    });
  }, [town, cameras, zones, blind, selectedCameraId, selectedZoneId, moving, kiosk, say]);

  return (
    <div className={kiosk ? 'map map--kiosk' : 'map'}>
      <div ref={host} className="map__canvas" role="application" aria-label={say('map.label')} />
      <div className="map__foot">
        {props.legend}
        {view.base.kind === 'schematic' && <p className="map__notice">{say('map.schematic')}</p>}
      </div>
      {props.children}
    </div>
  );
}
