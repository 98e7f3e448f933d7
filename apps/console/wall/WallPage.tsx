import { useEffect, useMemo, useState } from 'react';
import './wall.css';
import '../alarms/alarms.css';
import type { AlarmKind, CameraView, IncidentItem, SessionView } from '#libs/wire';
import { placesOf, type Place, type Raise } from '../alarms/attention.ts';
import { AlarmMark } from '../alarms/AlarmMark.tsx';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { shortCode } from '../live/board-order.ts';
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
import { useAlarmIncident } from './use-alarm-incident.ts';
import { useRaises } from './use-raises.ts';
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
  const raises = useRaises(board.incidents, town.cameras);
  const attention = useMemo(() => raises.flatMap((raise) => (raise.kind === 'alarm' ? [raise.alarm] : [])), [raises]);
  const incident = useAlarmIncident(session, attention, town.cameras, board.types);
  useWallKeys({ onLayout: setLayout, onTurn: (by) => setPage((at) => at + by), onIncident: incident.take });
  useReloadOnNewBuild(town.cameras);
  return (
    <div className={`wall wall--${layout}`}>
      <TopBar board={board} />
      <StaleNotice />
      <p className="wall__notice" role="status">
        {incident.notice}
      </p>
      {layout !== 'mosaic' && <WallMap town={town} board={board} />}
      <Tiles town={town} layout={layout} page={page} raises={raises} board={board} nextId={incident.next?.id ?? null} />
      <Strip town={town} board={board} layout={layout} nextId={incident.next?.id ?? null} />
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

interface TilesProps {
  readonly town: TownView;
  readonly layout: Layout;
  readonly page: number;
  readonly raises: readonly Raise[];
  readonly board: BoardView;
  /** The alarm that the key I takes. */
  readonly nextId: string | null;
}

function Tiles({ town, layout, page, raises, board, nextId }: TilesProps) {
  const { say } = useWords();
  const { shown, pages } = useMemo(() => pageOf(town.cameras, TILES[layout], page), [town.cameras, layout, page]);
  const places = useMemo(
    () => placesOf(town.cameras, shown, raises, layout === 'map-1-6'),
    [town.cameras, shown, raises, layout],
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
        <OnePlace key={place.camera.id} place={place} board={board} nextId={nextId} />
      ))}
    </main>
  );
}

interface OnePlaceProps extends Pick<TilesProps, 'board' | 'nextId'> {
  readonly place: Place<CameraView>;
}

/** One picture and, while something raises or marks it, what and since when. */
function OnePlace({ place: { camera, size, raise }, board, nextId }: OnePlaceProps) {
  const grave = raise?.kind === 'incident';
  const classes = ['place', `place--${size}`, raise && (grave ? 'place--grave' : 'place--alarm')];
  return (
    <div
      className={classes.filter(Boolean).join(' ')}
      data-place={size}
      data-alarm={raise?.kind === 'alarm' ? raise.alarm.kind : undefined}
      data-incident={grave ? raise.incident.code : undefined}
    >
      <Tile camera={camera} wanted={size === 'large' ? 'main' : 'sub'} />
      {raise?.kind === 'alarm' && (
        <AlarmChip
          kind={raise.alarm.kind}
          sinceMs={raise.alarm.startedAtMs}
          offered={size === 'large' && raise.alarm.id === nextId}
        />
      )}
      {grave && <IncidentChip incident={raise.incident} board={board} />}
    </div>
  );
}

interface AlarmChipProps {
  readonly kind: AlarmKind;
  readonly sinceMs: number;
  readonly offered: boolean;
}

function AlarmChip({ kind, sinceMs, offered }: AlarmChipProps) {
  const { say } = useWords();
  return (
    <p className="place__chip">
      <AlarmMark kind={kind} />
      {say(`alarm.${kind}`)} <time>{countUp(useServerNowMs() - sinceMs)}</time>
      {offered && (
        <span className="place__offer">
          <kbd>I</kbd> {say('wall.incident.offer')}
        </span>
      )}
    </p>
  );
}

function IncidentChip({ incident, board }: { readonly incident: IncidentItem; readonly board: BoardView }) {
  const { say } = useWords();
  const type = board.types.find(({ code }) => code === incident.classification?.typeCode);
  return (
    <p className="place__chip place__chip--grave">
      {incident.priority} · {shortCode(incident.code)} {type?.name ?? say('board.noType')}
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
