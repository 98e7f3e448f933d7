import { useEffect, useMemo, useState } from 'react';
import './cameras.css';
import type { SessionView } from '#libs/wire';
import type { MessageKey } from '../i18n/messages.ts';
import { useWords } from '../i18n/language.tsx';
import { useMapView } from '../live/queries.ts';
import { useTownView } from '../live/town-view.ts';
import { Legend } from '../map/Legend.tsx';
import { MapPane } from '../map/MapPane.tsx';
import type { TownMap } from '../map/town-map.ts';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Header } from '../ui/Header.tsx';
import { Forbidden, Loading } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { may } from '../ui/session.ts';
import { AlarmsTab } from '../alarms/AlarmsTab.tsx';
import { CamerasTab } from './CamerasTab.tsx';
import { DiscoverTab } from './DiscoverTab.tsx';
import { PublishersTab } from './PublishersTab.tsx';
import { ZonesTab } from './ZonesTab.tsx';

const TABS = ['cameras', 'discover', 'publishers', 'zones', 'alarms'] as const;
type Tab = (typeof TABS)[number];
const LABEL = {
  cameras: 'cameras.tab.cameras',
  discover: 'cameras.tab.discover',
  publishers: 'cameras.tab.publishers',
  zones: 'cameras.tab.zones',
  alarms: 'alarms.title',
} as const satisfies Readonly<Record<Tab, MessageKey>>;

/** Where cameras are found, adopted, placed, aimed and looked after, and where zones are drawn. */
export function CamerasPage({ session }: { readonly session: SessionView }) {
  return (
    <div className="page">
      <Header page="cameras" session={session} />
      {may(session, 'camera:view') ? <Desk session={session} /> : <Forbidden />}
    </div>
  );
}

function Desk({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const view = useMapView();
  const town = useTownView();
  const [tab, setTab] = useTab();
  const [map, setMap] = useState<TownMap | null>(null);
  const [cameraId, setCameraId] = useState<string | null>(null);
  const [zoneId, setZoneId] = useState<string | null>(null);
  // What is being edited is drawn by its editor; the layer under it would show the old shape.
  const [editing, setEditing] = useState<{ cameraId?: string; zoneId?: string }>({});
  const cameras = useMemo(
    () => town.cameras.filter(({ id }) => id !== editing.cameraId),
    [town.cameras, editing.cameraId],
  );
  const zones = useMemo(() => town.zones.filter(({ id }) => id !== editing.zoneId), [town.zones, editing.zoneId]);
  const isForManagers = (one: Tab): boolean => one === 'discover' || one === 'publishers';
  const tabs = TABS.filter((one) => !isForManagers(one) || may(session, 'camera:manage'));
  const openCamera = (id: string): void => {
    setCameraId(id);
    setTab('cameras');
  };
  const shared = { town, map, session, onEditing: setEditing };

  return (
    <main className="desk">
      <h1 className="sr-only">{say('nav.cameras')}</h1>
      <section className="panel desk__work">
        <Tabs
          label={say('nav.cameras')}
          tabs={tabs.map((name) => ({ name, words: say(LABEL[name]) }))}
          open={tab}
          onOpen={setTab}
        />
        <StaleNotice />
        <div className="desk__body" id="tab-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
          {tab === 'cameras' && <CamerasTab {...shared} selectedId={cameraId} onSelect={setCameraId} />}
          {tab === 'discover' && <DiscoverTab {...shared} onCamera={openCamera} />}
          {tab === 'alarms' && <AlarmsTab cameras={town.cameras} />}
          {tab === 'publishers' && <PublishersTab town={town} onCamera={openCamera} />}
          {tab === 'zones' && <ZonesTab {...shared} selectedId={zoneId} onSelect={setZoneId} />}
        </div>
      </section>
      <section className="panel desk__map" aria-label={say('map.label')}>
        {view.data ? (
          <MapPane
            legend={<Legend cameras={town.cameras} zones={town.zones} />}
            view={view.data}
            cameras={cameras}
            zones={zones}
            selectedCameraId={cameraId}
            selectedZoneId={zoneId}
            onCamera={(id) => tab === 'cameras' && id && setCameraId(id)}
            onZone={(id) => tab === 'zones' && setZoneId(id)}
            onMap={setMap}
          />
        ) : (
          <Loading />
        )}
      </section>
    </main>
  );
}

/** The open tab stands in the address, so that it can be linked to and survives a reload. */
function useTab(): [Tab, (tab: Tab) => void] {
  const read = (): Tab => TABS.find((one) => `#${one}` === location.hash) ?? 'cameras';
  const [tab, setTab] = useState<Tab>(read);
  useEffect(() => {
    const follow = (): void => setTab(read());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return [tab, (next) => (location.hash = next)];
}
