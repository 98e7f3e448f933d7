import { useState } from 'react';
import type { SectorView, UnitView } from '#libs/wire';
import { age } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useServices } from '../live/services.tsx';
import { shortNameOf } from '../places/sector-words.ts';
import { Icon } from '../ui/Icon.tsx';
import { Empty } from '../ui/States.tsx';
import { RetireDialog } from './RetireDialog.tsx';
import { UnitDialog } from './UnitDialog.tsx';

export interface UnitsProps {
  readonly units: readonly UnitView[];
  readonly sectors: readonly SectorView[];
}

/** Units in service: what they are. What they do is the dispatcher's page. */
export function Units({ units, sectors }: UnitsProps) {
  const { say } = useWords();
  const [edited, setEdited] = useState<UnitView | 'new' | null>(null);
  const [retired, setRetired] = useState<UnitView | null>(null);
  const sectorOf = (id: string | null): string => {
    const sector = sectors.find((one) => one.id === id);
    return sector ? shortNameOf(sector) : '–';
  };
  return (
    <div className="stack">
      <div>
        <button type="button" className="button button--main" onClick={() => setEdited('new')}>
          <Icon name="plus" />
          {say('units.new')}
        </button>
      </div>
      {units.length === 0 ? (
        <Empty icon="user" title={say('units.none')} />
      ) : (
        <div className="table-frame" tabIndex={0} role="region" aria-label={say('units.tab.units')}>
          <table className="table units__table">
            <thead>
              <tr>
                <th scope="col">{say('units.callSign')}</th>
                <th scope="col">{say('units.kind')}</th>
                <th scope="col">{say('units.vehicle')}</th>
                <th scope="col">{say('units.sector')}</th>
                <th scope="col">{say('units.crew')}</th>
                <th scope="col">{say('units.position')}</th>
                <th scope="col">{say('accounts.actions')}</th>
              </tr>
            </thead>
            <tbody>
              {units.map((unit) => (
                <tr key={unit.id}>
                  <th scope="row">{unit.callSign}</th>
                  <td>{say(`unitKind.${unit.kind}`)}</td>
                  <td>{unit.vehicle ? `${unit.vehicle.plate} ${unit.vehicle.model}` : '–'}</td>
                  <td>{sectorOf(unit.sectorId)}</td>
                  <td>{unit.duty ? unit.crew.map(({ name }) => name).join(', ') : say('units.offDuty')}</td>
                  <td>
                    <LastFix unit={unit} />
                  </td>
                  <td>
                    <span className="buttons">
                      <button type="button" className="button button--small" onClick={() => setEdited(unit)}>
                        {say('edit')}
                        <span className="sr-only"> {unit.callSign}</span>
                      </button>
                      <button type="button" className="button button--small" onClick={() => setRetired(unit)}>
                        {say('units.retire')}
                        <span className="sr-only"> {unit.callSign}</span>
                      </button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited && (
        <UnitDialog unit={edited === 'new' ? null : edited} sectors={sectors} onClose={() => setEdited(null)} />
      )}
      {retired && <RetireDialog unit={retired} onClose={() => setRetired(null)} />}
    </div>
  );
}

function LastFix({ unit }: { readonly unit: UnitView }) {
  const { say } = useWords();
  const { live } = useServices();
  const nowMs = useServerNowMs();
  const takenAtMs = live.positions.fixOf(unit.id)?.takenAtMs ?? unit.position?.takenAtMs;
  return <>{takenAtMs === undefined ? '–' : say('ago', { age: age(Math.max(0, nowMs - takenAtMs)) })}</>;
}
