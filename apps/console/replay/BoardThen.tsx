import type { IncidentItem, UnitView } from '#libs/wire';
import type { StoryNames } from '../dispatch/story.ts';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { shortCode } from '../live/board-order.ts';
import { PriorityMark } from '../ui/PriorityMark.tsx';
import { UnitMark } from '../ui/UnitMark.tsx';
import { standingOf } from '../ui/standing.ts';
import { statusLook } from '../ui/unit-look.ts';

interface IncidentsThenProps {
  readonly incidents: readonly IncidentItem[];
  readonly atMs: number;
  readonly names: StoryNames;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
  readonly onGo: (id: string) => void;
}

/** What was open, the gravest first, with its timer as it ran then. */
export function IncidentsThen({ incidents, atMs, names, selectedId, onSelect, onGo }: IncidentsThenProps) {
  const { say } = useWords();
  return (
    <section className="panel then" aria-label={say('replay.incidents')}>
      <header className="panel__head">
        <h2>{say('replay.incidents')}</h2>
        <span className="panel__count">{incidents.length}</span>
      </header>
      {incidents.length === 0 && <p className="then__none">{say('replay.incidents.none')}</p>}
      <ul className="list__rows then__rows">
        {incidents.map((incident) => {
          const { elapsedMs, level } = standingOf(incident, atMs);
          const place = [incident.place?.address, incident.place?.reference].filter(Boolean).join(', ');
          const selected = incident.id === selectedId;
          return (
            <li key={incident.id} className={selected ? 'then__row then__row--chosen' : 'then__row'}>
              <button type="button" aria-pressed={selected} onClick={() => onSelect(incident.id)}>
                <PriorityMark priority={incident.priority} />
                <span>
                  <b>
                    {incident.classification ? names.typeName(incident.classification.typeCode) : say('board.noType')}
                  </b>
                  <small>
                    {shortCode(incident.code)} · {say(`incident.status.${incident.status}`)}
                    {incident.masked && ` · ${say('board.masked')}`}
                  </small>
                  <small>
                    {[place || say('board.noPlace'), ...incident.units.map(({ callSign }) => callSign)].join(' · ')}
                  </small>
                </span>
                <time className={`timer timer--${level}`}>{countUp(elapsedMs)}</time>
              </button>
              {selected && (
                <button type="button" className="button button--small" onClick={() => onGo(incident.id)}>
                  {say('replay.goIncident')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface UnitsThenProps {
  readonly units: readonly UnitView[];
  readonly names: StoryNames;
  readonly selectedId: string | null;
  readonly onSelect: (id: string) => void;
}

/** Units on duty and what they did. */
export function UnitsThen({ units, names, selectedId, onSelect }: UnitsThenProps) {
  const { say } = useWords();
  return (
    <section className="panel then" aria-label={say('replay.units')}>
      <header className="panel__head">
        <h2>{say('replay.units')}</h2>
        <span className="panel__count">{units.length}</span>
      </header>
      {units.length === 0 && <p className="then__none">{say('replay.units.none')}</p>}
      <ul className="list__rows then__rows">
        {units.map((unit) => (
          <li key={unit.id} className={unit.id === selectedId ? 'then__row then__row--chosen' : 'then__row'}>
            <button type="button" aria-pressed={unit.id === selectedId} onClick={() => onSelect(unit.id)}>
              <UnitMark look={statusLook(unit)} />
              <span>
                <b>{unit.callSign}</b>
                <small>
                  {say(`unit.status.${unit.status}`)}
                  {unit.attends && ` · ${shortCode(names.incidentCode(unit.attends.incidentId))}`}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
