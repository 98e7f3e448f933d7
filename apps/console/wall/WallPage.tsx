import { useEffect, useMemo, useState } from 'react';
import './wall.css';
import '../alarms/alarms.css';
import type { AlarmKind, CameraView, SessionView } from '#libs/wire';
import { placesOf, type Place } from '../alarms/attention.ts';
import { AlarmMark } from '../alarms/AlarmMark.tsx';
import { useAttention } from '../alarms/use-alarms.ts';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useBoard, useMoving, type BoardView } from '../live/board-view.ts';
import { useMapView } from '../live/queries.ts';
import { useServerNowMs } from '../live/services.tsx';
import { useTownView, type TownView } from '../live/town-view.ts';
import { Legend } from '../map/Legend.tsx';
import { MapPane } from '../map/MapPane.tsx';
import { Tile } from '../player/Tile.tsx';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Empty, Failed, Forbidden, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { addressOf, layoutOf, pageOf, TILES, type Layout } from './layout.ts';
import { Strip } from './Strip.tsx';
import { TopBar } from './TopBar.tsx';
import { useReloadOnNewBuild } from './use-reload.ts';
import { useWallKeys } from './use-wall-keys.ts';

/** The wall: no hands, read from 4 m, open for weeks. */
export function WallPage({ session }: { readonly session: SessionView }) {
  return may(session, 'camera:watch') ? <Wall session={session} /> : <Forbidden />;
}

function Wall({ session }: { readonly session: SessionView }) {
  const town = useTownView();
  const board = useBoard(session);
  const [layout, setLayout] = useState<Layout>(() => layoutOf(location.search));
  const [page, setPage] = useState(0);
  useEffect(() => history.replaceState(null, '', addressOf(layout)), [layout]);
  useWallKeys({ onLayout: setLayout, onTurn: (by) => setPage((at) => at + by) });
  useReloadOnNewBuild(town.cameras);
  return (
    <div className={`wall wall--${layout}`}>
      <TopBar />
      <StaleNotice />
      {layout !== 'mosaic' && <WallMap town={town} board={board} />}
      <Tiles town={town} layout={layout} page={page} />
      <Strip town={town} board={board} layout={layout} />
    </div>
  );
}

function WallMap({ town, board }: { readonly town: TownView; readonly board: BoardView }) {
  const moving = useMoving(board);
  const view = useMapView();
  const { say } = useWords();
  return (
    <section className="panel wall__map" aria-label={say('map.label')}>
      {view.data ? (
        <MapPane
          legend={<Legend cameras={town.cameras} zones={town.zones} units={moving.units.length > 0} />}
          view={view.data}
          cameras={town.cameras}
          zones={town.zones}
          moving={moving}
          kiosk
        />
      ) : (
        <Loading />
      )}
    </section>
  );
}

function Tiles({ town, layout, page }: { readonly town: TownView; readonly layout: Layout; readonly page: number }) {
  const { say } = useWords();
  const { shown, pages } = useMemo(() => pageOf(town.cameras, TILES[layout], page), [town.cameras, layout, page]);
  const attention = useAttention();
  const places = useMemo(
    () => placesOf(town.cameras, shown, attention, layout === 'map-1-6'),
    [town.cameras, shown, attention, layout],
  );
  if (shown.length === 0) {
    return (
      <main className="wall__tiles wall__tiles--alone" aria-label={say('wall.tiles')}>
        <NoTiles state={town.camerasState} />
      </main>
    );
  }
  return (
    <main className="wall__tiles" aria-label={say('wall.tiles')} data-pages={pages}>
      {places.map((place) => (
        <OnePlace key={place.camera.id} place={place} />
      ))}
    </main>
  );
}

/** One picture and, while an alarm raises or marks it, which and since when. */
function OnePlace({ place: { camera, size, alarm } }: { readonly place: Place<CameraView> }) {
  return (
    <div className={`place place--${size}${alarm ? ' place--alarm' : ''}`} data-place={size} data-alarm={alarm?.kind}>
      <Tile camera={camera} wanted={size === 'large' ? 'main' : 'sub'} />
      {alarm && <AlarmChip kind={alarm.kind} sinceMs={alarm.startedAtMs} />}
    </div>
  );
}

function AlarmChip({ kind, sinceMs }: { readonly kind: AlarmKind; readonly sinceMs: number }) {
  const { say } = useWords();
  return (
    <p className="place__chip">
      <AlarmMark kind={kind} />
      {say(`alarm.${kind}`)} <time>{countUp(useServerNowMs() - sinceMs)}</time>
    </p>
  );
}

/** A wall without pictures says why, from as far as pictures would be seen. */
function NoTiles({ state }: { readonly state: TownView['camerasState'] }) {
  const { say } = useWords();
  if (state.kind === 'refused') return <Failed code={state.code} />;
  if (state.kind === 'loading') return <Loading />;
  return (
    <Empty icon="camera" title={say('list.none')}>
      <p>{say('wall.none.text')}</p>
    </Empty>
  );
}
