import { useCallback, useRef, useState } from 'react';
import './town.css';
import type { SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useBoard, useMoving } from '../live/board-view.ts';
import { useMapView } from '../live/queries.ts';
import { useTownView } from '../live/town-view.ts';
import { Legend } from '../map/Legend.tsx';
import { MapPane } from '../map/MapPane.tsx';
import type { TownMap } from '../map/town-map.ts';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Header } from '../ui/Header.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Forbidden, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { AlarmPanel } from '../alarms/AlarmPanel.tsx';
import { CameraList } from './CameraList.tsx';
import { CameraPanel } from './CameraPanel.tsx';
import { ZoneList } from './ZoneList.tsx';

/** The town: map in the middle, what there is on the left, the chosen camera on the right. */
export function TownPage({ session }: { readonly session: SessionView }) {
  return (
    <div className="page">
      <Header page="town" session={session} />
      {may(session, 'camera:view') ? <Town session={session} /> : <Forbidden />}
    </div>
  );
}

function Town({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const view = useMapView();
  const { camerasState, zonesState, cameras, zones, coverage } = useTownView();
  const moving = useMoving(useBoard(session));
  const [cameraId, setCameraId] = useState<string | null>(null);
  const [zoneId, setZoneId] = useState<string | null>(null);
  const [blind, setBlind] = useState(false);
  const town = useRef<TownMap | null>(null);
  const keepMap = useCallback((map: TownMap | null) => void (town.current = map), []);
  const camera = cameras.find(({ id }) => id === cameraId);

  const choose = (id: string | null): void => {
    setCameraId(id);
    const place = cameras.find((one) => one.id === id)?.place;
    if (place) town.current?.goTo(place);
  };
  const chooseZone = (id: string): void => {
    setZoneId(id === zoneId ? null : id);
    const ring = zones.find((zone) => zone.id === id)?.ring;
    if (ring) town.current?.goToRing(ring);
  };

  return (
    <main className={camera ? 'town town--open' : 'town'}>
      <h1 className="sr-only">{say('nav.town')}</h1>
      <aside className="town__side">
        <AlarmPanel cameras={cameras} session={session} onCamera={choose} />
        <CameraList
          state={camerasState}
          cameras={cameras}
          selectedId={cameraId}
          onSelect={choose}
          canAdopt={may(session, 'camera:manage')}
        />
        <ZoneList
          state={zonesState}
          zones={zones}
          coverage={coverage}
          selectedId={zoneId}
          onSelect={chooseZone}
          blind={blind}
          onBlind={setBlind}
          canDraw={may(session, 'zone:manage')}
        />
      </aside>
      <section className="panel town__map" aria-label={say('map.label')}>
        <StaleNotice />
        {view.data ? (
          <MapPane
            legend={<Legend cameras={cameras} zones={zones} blind={blind} units={moving.units.length > 0} />}
            view={view.data}
            cameras={cameras}
            zones={zones}
            moving={moving}
            blind={blind ? coverage : null}
            selectedCameraId={cameraId}
            selectedZoneId={zoneId}
            onCamera={choose}
            onZone={chooseZone}
            onMap={keepMap}
          >
            <button type="button" className="button map__fit" onClick={() => town.current?.showAll({ cameras, zones })}>
              <Icon name="fit" />
              {say('map.showAll')}
            </button>
          </MapPane>
        ) : (
          <Loading />
        )}
      </section>
      {camera && (
        <CameraPanel
          key={camera.id}
          camera={camera}
          zones={zones}
          canWatch={may(session, 'camera:watch')}
          session={session}
          onClose={() => choose(null)}
        />
      )}
    </main>
  );
}
