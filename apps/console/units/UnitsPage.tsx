import { useState } from 'react';
import '../cameras/cameras.css';
import '../places/places.css';
import './units.css';
import type { SessionView, TrackView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useMapView } from '../live/queries.ts';
import { useSorted, useTopic } from '../live/services.tsx';
import { MapPane } from '../map/MapPane.tsx';
import type { TownMap } from '../map/town-map.ts';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Header } from '../ui/Header.tsx';
import { Failed, Forbidden, Loading } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { may } from '../ui/session.ts';
import { DaySheet } from './DaySheet.tsx';
import { Devices } from './Devices.tsx';
import { Units } from './Units.tsx';
import { useTrack } from './use-track.ts';

type Tab = 'units' | 'devices' | 'day';

/** Crews' vehicles, the phones that say where they are, and where each was on a day. */
export function UnitsPage({ session }: { readonly session: SessionView }) {
  return (
    <div className="page">
      <Header page="units" session={session} />
      {may(session, 'unit:view') ? <Desk session={session} /> : <Forbidden />}
    </div>
  );
}

function Desk({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const manages = may(session, 'unit:manage');
  const view = useMapView();
  const [tab, setTab] = useState<Tab>(manages ? 'units' : 'day');
  const [unitId, setUnitId] = useState<string | null>(null);
  const [map, setMap] = useState<TownMap | null>(null);
  const [track, setTrack] = useState<TrackView | null>(null);
  const unitsState = useTopic('units');
  const units = useSorted(unitsState, ({ callSign }) => callSign);
  const sectors = useSorted(useTopic('sectors', may(session, 'zone:view')), ({ code, name }) => `${code} ${name}`);
  const zones = useSorted(useTopic('zones', may(session, 'zone:view')), ({ name }) => name);
  const tabs: Tab[] = manages ? ['units', 'devices', 'day'] : ['day'];
  const shared = { units, unitId, onUnit: setUnitId };
  useTrack(map, tab === 'day' ? track : null);
  return (
    <main className="desk">
      <h1 className="sr-only">{say('nav.units')}</h1>
      <section className="panel desk__work">
        <Tabs
          label={say('nav.units')}
          tabs={tabs.map((name) => ({ name, words: say(`units.tab.${name}`) }))}
          open={tab}
          onOpen={setTab}
        />
        <StaleNotice />
        <div className="desk__body" id="tab-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
          {unitsState.kind === 'refused' && <Failed code={unitsState.code} />}
          {unitsState.kind === 'loading' && <Loading />}
          {unitsState.kind === 'ready' && tab === 'units' && <Units {...shared} sectors={sectors} />}
          {unitsState.kind === 'ready' && tab === 'devices' && <Devices {...shared} />}
          {unitsState.kind === 'ready' && tab === 'day' && (
            <DaySheet {...shared} sectors={sectors} zones={zones} mayExport={manages} onTrack={setTrack} />
          )}
        </div>
      </section>
      <section className="panel desk__map" aria-label={say('map.label')}>
        {view.data ? <MapPane view={view.data} cameras={NONE} zones={NONE} onMap={setMap} /> : <Loading />}
      </section>
    </main>
  );
}

const NONE: readonly never[] = [];
