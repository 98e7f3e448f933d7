import type { SectorKind, SectorView } from '#libs/wire';
import { ringAreaM2 } from '#libs/geo';
import { area } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import type { TownMap } from '../map/town-map.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty } from '../ui/States.tsx';
import { SectorForm } from './SectorForm.tsx';
import { neighboursOf, shortNameOf } from './sector-words.ts';

export interface SectorsProps {
  readonly kind: SectorKind;
  readonly sectors: readonly SectorView[];
  readonly map: TownMap | null;
  readonly manages: boolean;
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
  readonly onEditing: (id: string | null) => void;
}

const NEW = 'new';

/** Sectors of one kind, and the form of the one that is chosen. */
export function Sectors(props: SectorsProps) {
  const { kind, sectors, map, manages, selectedId, onSelect, onEditing } = props;
  const { say } = useWords();
  const own = sectors.filter((sector) => sector.kind === kind);
  const selected = own.find(({ id }) => id === selectedId) ?? null;
  if (manages && (selected || selectedId === NEW))
    return (
      <SectorForm
        key={selectedId}
        kind={kind}
        sector={selected}
        sectors={sectors}
        map={map}
        onEditing={onEditing}
        onClose={() => onSelect(null)}
      />
    );
  return (
    <div className="stack">
      <p className="places__text">{say(`places.intro.${kind}`)}</p>
      {manages && (
        <div>
          <button type="button" className="button button--main" onClick={() => onSelect(NEW)}>
            <Icon name="zone" />
            {say(`places.draw.${kind}`)}
          </button>
        </div>
      )}
      {own.length === 0 && <Empty icon="zone" title={say(`places.none.${kind}`)} />}
      <ul className="list__rows">
        {own.map((sector) => (
          <Row key={sector.id} sector={sector} sectors={own} selected={sector.id === selectedId} onSelect={onSelect} />
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly sector: SectorView;
  readonly sectors: readonly SectorView[];
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

function Row({ sector, sectors, selected, onSelect }: RowProps) {
  const { say, language } = useWords();
  const beside = neighboursOf(sector, sectors);
  const facts = [
    area(ringAreaM2(sector.ring), language),
    ...(sector.kind === 'patrol' && sector.minUnits > 0
      ? [say('places.minUnits.fact', { count: sector.minUnits })]
      : []),
    ...(sector.hours.length > 0 ? [say('places.hours.fact', { count: sector.hours.length })] : []),
    ...(sector.kind === 'off-limits' && sector.hours.length === 0 ? [say('places.hours.always')] : []),
    ...(beside.length > 0 ? [say('places.neighbours.fact', { names: beside.map(shortNameOf).join(', ') })] : []),
    ...(sector.notes === '' ? [] : [sector.notes]),
  ];
  return (
    <li>
      <button
        type="button"
        className="place-row"
        aria-current={selected ? 'true' : undefined}
        onClick={() => onSelect(sector.id)}
      >
        <Swatch sector={sector} />
        <span className="place-row__code">{sector.code}</span>
        <span className="place-row__name">{sector.name}</span>
        <span className="place-row__note">{facts.join(' · ')}</span>
      </button>
    </li>
  );
}

function Swatch({ sector }: { readonly sector: SectorView }) {
  const closed = sector.kind === 'off-limits';
  return <span className={`swatch ${closed ? 'swatch--closed' : `swatch--${sector.colour}`}`} aria-hidden="true" />;
}
