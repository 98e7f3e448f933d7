import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import { Brand } from '../ui/Brand.tsx';
import type { BoardView } from '../live/board-view.ts';
import { BoardCounters } from '../ui/BoardCounters.tsx';
import { ConnectionBadge } from '../ui/ConnectionBadge.tsx';
import { ClockFace, Counters } from '../ui/Header.tsx';
import { shiftAt } from './shift.ts';

/** The top of the wall: who we are, what is open, who is free, how many eyes are open, which shift, what time. */
export function TopBar({ board }: { readonly board: BoardView }) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const shift = shiftAt(nowMs);
  return (
    <header className="panel bar">
      <h1 className="sr-only">{say('nav.wall')}</h1>
      <Brand />
      <span className="bar__centre">{say('centre.name')}</span>
      <BoardCounters board={board} />
      <Counters />
      <span className="bar__shift">
        {say(`shift.${shift.name}`)} · {shift.hours}
      </span>
      <ConnectionBadge quiet />
      <ClockFace />
    </header>
  );
}
