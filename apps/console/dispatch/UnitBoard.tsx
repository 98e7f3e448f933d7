import { useEffect, useRef } from 'react';
import type { UnitView } from '#libs/wire';
import { age, countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useServices } from '../live/services.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { UnitMark } from '../ui/UnitMark.tsx';
import { fixAge, unitLook } from '../ui/unit-look.ts';
import { UNIT_FILTERS, type UnitFilter } from '../live/board-order.ts';
import { useDesk } from './desk.ts';

const MAX_ROWS = 200;

export interface UnitBoardProps {
  readonly shown: readonly UnitView[];
  readonly filter: UnitFilter;
  readonly onFilter: (filter: UnitFilter) => void;
  readonly selectedUnitId: string | null;
}

/** Every unit with what it does, for how long, and how old its last position is. */
export function UnitBoard({ shown, filter, onFilter, selectedUnitId }: UnitBoardProps) {
  const { say } = useWords();
  return (
    <section className="panel board board--units" aria-label={say('board.units')}>
      <header className="panel__head board__head">
        <h2>{say('board.units')}</h2>
        <div className="switch" role="group" aria-label={say('board.units.filter')}>
          {UNIT_FILTERS.map((one) => (
            <button key={one} type="button" aria-pressed={filter === one} onClick={() => onFilter(one)}>
              {say(`board.units.${one}`)}
            </button>
          ))}
        </div>
        <span className="panel__count">{shown.length}</span>
      </header>
      <Body shown={shown} filtered={filter !== 'all'} selectedUnitId={selectedUnitId} />
    </section>
  );
}

interface BodyProps {
  readonly shown: readonly UnitView[];
  readonly filtered: boolean;
  readonly selectedUnitId: string | null;
}

function Body({ shown, filtered, selectedUnitId }: BodyProps) {
  const { say } = useWords();
  const { board } = useDesk();
  const state = board.unitsState;
  if (state.kind === 'refused') return <Failed code={state.code} />;
  if (state.kind === 'loading') return <Loading />;
  if (shown.length === 0 && filtered) return <Empty icon="search" title={say('board.noMatch')} />;
  if (shown.length === 0)
    return (
      <Empty icon="radio" title={say('board.unitsNone')}>
        <p>{say('board.unitsNone.text')}</p>
      </Empty>
    );
  return (
    <ul className="list__rows board__rows" id="unit-rows">
      {shown.slice(0, MAX_ROWS).map((unit) => (
        <Row key={unit.id} unit={unit} selected={unit.id === selectedUnitId} />
      ))}
      {shown.length > MAX_ROWS && (
        <li className="board__more">{say('board.more', { count: shown.length - MAX_ROWS })}</li>
      )}
    </ul>
  );
}

function Row({ unit, selected }: { readonly unit: UnitView; readonly selected: boolean }) {
  const { say } = useWords();
  const desk = useDesk();
  const nowMs = useServerNowMs();
  const { live } = useServices();
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: 'nearest' });
  }, [selected]);
  const takenAtMs = live.positions.fixOf(unit.id)?.takenAtMs ?? unit.position?.takenAtMs ?? null;
  const look = unitLook(unit, takenAtMs, nowMs);
  const late = unit.checkIn !== null && nowMs > unit.checkIn.dueAtMs;
  return (
    <li>
      <button
        ref={row}
        type="button"
        className="unit-row"
        aria-pressed={selected}
        onClick={() => {
          if (unit.attends) desk.select(unit.attends.incidentId);
          desk.showUnit(unit.id);
        }}
      >
        <b>{unit.callSign}</b>
        <span className={`unit-chip unit-mark--${look}`}>
          {stateWords(unit, look, say)} <UnitMark look={look} />
        </span>
        <span className="unit-row__with">
          {unit.attends && `${desk.incidentCode(unit.attends.incidentId)} · ${countUp(nowMs - unit.statusSinceMs)}`}
          {!unit.attends && unit.sectorId && desk.sectorName(unit.sectorId)}
          {!unit.attends && !unit.sectorId && say(`unitKind.${unit.kind}`)}
          {late && <em>{say('board.checkIn')}</em>}
        </span>
        <span className={`unit-row__age unit-row__age--${fixAge(takenAtMs, nowMs)}`} title={say('board.fix')}>
          {takenAtMs === null ? '–' : age(nowMs - takenAtMs)}
          <span className="sr-only">{say(takenAtMs === null ? 'board.noFix' : 'board.fix')}</span>
        </span>
      </button>
    </li>
  );
}

function stateWords(unit: UnitView, look: string, say: ReturnType<typeof useWords>['say']): string {
  if (look === 'sos' || look === 'silent') return say(`unit.look.${look}`);
  return unit.duty === null && unit.attends === null ? say('board.offDuty') : say(`unit.status.${unit.status}`);
}
