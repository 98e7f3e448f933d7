import { useEffect, useRef } from 'react';
import type { IncidentItem } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { PriorityMark } from '../ui/PriorityMark.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { UnitMark } from '../ui/UnitMark.tsx';
import { INCIDENT_FILTERS, shortCode, type IncidentFilter } from '../live/board-order.ts';
import { useDesk } from './desk.ts';
import { LevelTimer } from '../ui/LevelTimer.tsx';
import { phaseLook } from '../ui/unit-look.ts';

/** More rows than this are no board but a list nobody reads: the filters and the command bar find the rest. */
const MAX_ROWS = 200;

export interface IncidentBoardProps {
  readonly shown: readonly IncidentItem[];
  readonly filter: IncidentFilter;
  readonly onFilter: (filter: IncidentFilter) => void;
}

/** Open incidents, the gravest first, each with its running timer and who attends it. */
export function IncidentBoard({ shown, filter, onFilter }: IncidentBoardProps) {
  const { say } = useWords();
  return (
    <section className="panel board" aria-label={say('board.incidents')}>
      <header className="panel__head board__head">
        <h2>{say('board.incidents')}</h2>
        <div className="switch" role="group" aria-label={say('board.filter')}>
          {INCIDENT_FILTERS.map((one) => (
            <button key={one} type="button" aria-pressed={filter === one} onClick={() => onFilter(one)}>
              {say(`board.filter.${one}`)}
            </button>
          ))}
        </div>
        <span className="panel__count">{shown.length}</span>
      </header>
      <Body shown={shown} filtered={filter !== 'all'} />
    </section>
  );
}

function Body({ shown, filtered }: { readonly shown: readonly IncidentItem[]; readonly filtered: boolean }) {
  const { say } = useWords();
  const { board } = useDesk();
  const state = board.incidentsState;
  if (state.kind === 'refused') return <Failed code={state.code} />;
  if (state.kind === 'loading') return <Loading />;
  if (shown.length === 0 && filtered) return <Empty icon="search" title={say('board.noMatch')} />;
  if (shown.length === 0)
    return (
      <Empty icon="radio" title={say('board.none')}>
        <p>{say('board.none.text')}</p>
      </Empty>
    );
  return (
    <ul className="list__rows board__rows">
      {shown.slice(0, MAX_ROWS).map((incident) => (
        <Row key={incident.id} incident={incident} />
      ))}
      {shown.length > MAX_ROWS && (
        <li className="board__more">{say('board.more', { count: shown.length - MAX_ROWS })}</li>
      )}
    </ul>
  );
}

function Row({ incident }: { readonly incident: IncidentItem }) {
  const { say } = useWords();
  const { board, selectedId, select } = useDesk();
  const selected = incident.id === selectedId;
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const type = board.types.find(({ code }) => code === incident.classification?.typeCode);
  const place = [incident.place?.address, incident.place?.reference].filter(Boolean).join(', ');
  return (
    <li>
      <button
        ref={row}
        type="button"
        className={`case case--${incident.priority ?? 'none'}`}
        aria-pressed={selected}
        onClick={() => select(incident.id)}
      >
        <PriorityMark priority={incident.priority} />
        <LevelTimer incident={incident} />
        <span className="case__what">
          <b>{type?.name ?? say('board.noType')}</b>
          <small>
            {shortCode(incident.code)} · {place || say('board.noPlace')}
            {incident.masked && ` · ${say('board.masked')}`}
            {incident.reopened && ` · ${say('board.reopened')}`}
          </small>
        </span>
        <span className="case__units">
          <Attending incident={incident} />
        </span>
      </button>
    </li>
  );
}

/** At most two units by name; the detail has them all. */
function Attending({ incident }: { readonly incident: IncidentItem }) {
  const { say } = useWords();
  const { units, backupRequested } = incident;
  if (units.length === 0) {
    const away = incident.status === 'referred' || incident.status === 'controlled';
    return (
      <span className={away ? 'unit-chip' : 'unit-chip unit-chip--none'}>
        {away ? say(`incident.status.${incident.status}`) : say('board.unassigned')}
      </span>
    );
  }
  return (
    <>
      {units.slice(0, 2).map(({ unitId, callSign, phase }) => (
        <span key={unitId} className={`unit-chip unit-mark--${phaseLook(phase)}`} title={say(`phase.${phase}`)}>
          {callSign} <UnitMark look={phaseLook(phase)} />
          <span className="sr-only">{say(`phase.${phase}`)}</span>
        </span>
      ))}
      {units.length > 2 && <small>{say('board.more', { count: units.length - 2 })}</small>}
      {backupRequested && <span className="unit-chip unit-chip--none">{say('board.backup')}</span>}
    </>
  );
}
