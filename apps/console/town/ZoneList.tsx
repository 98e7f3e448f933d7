import type { ZoneCoverageView, ZoneView } from '#libs/wire';
import { percent } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import type { TopicState } from '../live/topic-store.ts';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { Share } from '../ui/Share.tsx';

export interface ZoneListProps {
  readonly state: TopicState<'zones'>;
  readonly zones: readonly ZoneView[];
  readonly coverage: readonly ZoneCoverageView[];
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly blind: boolean;
  readonly onBlind: (blind: boolean) => void;
  readonly canDraw: boolean;
}

/** Zones with how much of each a working camera sees, and the switch that draws the rest on the map. */
export function ZoneList({ state, zones, coverage, selectedId, onSelect, blind, onBlind, canDraw }: ZoneListProps) {
  const { say } = useWords();
  return (
    <section className="panel list list--zones">
      <header className="panel__head">
        <h2>{say('list.zones')}</h2>
        {zones.length > 0 && (
          <label className="toggle">
            <input type="checkbox" checked={blind} onChange={(event) => onBlind(event.target.checked)} />
            {say('coverage.showBlind')}
          </label>
        )}
      </header>
      {state.kind === 'refused' && <Failed code={state.code} />}
      {state.kind === 'loading' && <Loading />}
      {state.kind === 'ready' && zones.length === 0 && (
        <Empty icon="zone" title={say('list.noZones')}>
          <p>{say(canDraw ? 'list.noZones.text' : 'list.noZones.ask')}</p>
          {canDraw && (
            <a className="button" href="/cameras#zones">
              {say('zones.draw')}
            </a>
          )}
        </Empty>
      )}
      <ul className="list__rows">
        {zones.map((zone) => (
          <Row
            key={zone.id}
            zone={zone}
            coverage={coverage.find(({ zoneId }) => zoneId === zone.id)}
            selected={zone.id === selectedId}
            onSelect={onSelect}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly zone: ZoneView;
  readonly coverage: ZoneCoverageView | undefined;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

function Row({ zone, coverage, selected, onSelect }: RowProps) {
  const { say } = useWords();
  return (
    <li>
      <button type="button" className="zone-row" aria-pressed={selected} onClick={() => onSelect(zone.id)}>
        <span className={`risk risk--${zone.riskLevel}`}>{say(`risk.${zone.riskLevel}`)}</span>
        <span className="zone-row__name">{zone.name}</span>
        <span className="zone-row__share">{coverage ? percent(coverage.coveredShare) : '–'}</span>
        <Share share={coverage?.coveredShare ?? 0} />
        <span className="zone-row__note">
          {coverage
            ? say('coverage.cameras', { working: coverage.workingCameras, placed: coverage.placedCameras })
            : say('coverage.unknown')}
        </span>
      </button>
    </li>
  );
}
