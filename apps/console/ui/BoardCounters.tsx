import { useWords } from '../i18n/language.tsx';
import { freeUnits, isOpen, unitsOnDuty } from '../live/board-order.ts';
import type { BoardView } from '../live/board-view.ts';

/** Open incidents and free units: what a centre counts. Nothing while it is not known. */
export function BoardCounters({ board }: { readonly board: BoardView }) {
  const { say } = useWords();
  if (board.incidentsState.kind !== 'ready') return <span className="counters" />;
  const open = board.incidents.filter(isOpen).length;
  return (
    <span className="counters">
      <span className="counters__open">
        <b>{open}</b> {say(open === 1 ? 'dispatch.open.one' : 'dispatch.open')}
      </span>
      <span className="counters__free">
        <b>{freeUnits(board.units)}</b> {say('dispatch.free')}{' '}
        <small>{say('dispatch.free.of', { total: unitsOnDuty(board.units) })}</small>
      </span>
    </span>
  );
}
