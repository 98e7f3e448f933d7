import type { ZoneCoverageView, ZoneView } from '#libs/wire';
import { area, percent } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Share } from '../ui/Share.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import type { DeskProps } from './desk.ts';
import { ZoneForm } from './ZoneForm.tsx';

export interface ZonesTabProps extends DeskProps {
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
}

const NEW = 'new';

/** Zones: drawn, named, given a risk level, and how much of each is seen. */
export function ZonesTab({ town, map, session, onEditing, selectedId, onSelect }: ZonesTabProps) {
  const { say } = useWords();
  const manages = may(session, 'zone:manage');
  const selected = town.zones.find(({ id }) => id === selectedId);
  if (town.zonesState.kind === 'refused') return <Failed code={town.zonesState.code} />;
  if (town.zonesState.kind === 'loading') return <Loading />;
  if (manages && (selected || selectedId === NEW)) {
    return (
      <ZoneForm
        key={selectedId}
        zone={selected ?? null}
        map={map}
        onEditing={onEditing}
        onClose={() => onSelect(null)}
      />
    );
  }
  return (
    <div className="stack">
      {town.zones.length === 0 ? (
        <Empty icon="zone" title={say('list.noZones')}>
          <p>{say('zones.none.text')}</p>
          {manages && <DrawButton onSelect={onSelect} />}
        </Empty>
      ) : (
        manages && (
          <div>
            <DrawButton onSelect={onSelect} />
          </div>
        )
      )}
      <ul className="list__rows">
        {town.zones.map((zone) => (
          <Row
            key={zone.id}
            zone={zone}
            coverage={town.coverage.find(({ zoneId }) => zoneId === zone.id)}
            onSelect={onSelect}
          />
        ))}
      </ul>
    </div>
  );
}

function DrawButton({ onSelect }: Pick<ZonesTabProps, 'onSelect'>) {
  const { say } = useWords();
  return (
    <button type="button" className="button button--main" onClick={() => onSelect(NEW)}>
      <Icon name="zone" />
      {say('zones.draw')}
    </button>
  );
}

function Row({
  zone,
  coverage,
  onSelect,
}: {
  readonly zone: ZoneView;
  readonly coverage: ZoneCoverageView | undefined;
  readonly onSelect: (id: string) => void;
}) {
  const { say, language } = useWords();
  return (
    <li>
      <button type="button" className="zone-row" onClick={() => onSelect(zone.id)}>
        <span className={`risk risk--${zone.riskLevel}`}>{say(`risk.${zone.riskLevel}`)}</span>
        <span className="zone-row__name">{zone.name}</span>
        <span className="zone-row__share">
          {coverage ? say('coverage.share', { share: percent(coverage.coveredShare) }) : '–'}
        </span>
        <Share share={coverage?.coveredShare ?? 0} />
        <span className="zone-row__note">
          {coverage &&
            `${area(coverage.areaM2, language)} · ${say('coverage.cameras', { working: coverage.workingCameras, placed: coverage.placedCameras })}`}
          {zone.notes && ` · ${zone.notes}`}
        </span>
      </button>
    </li>
  );
}
