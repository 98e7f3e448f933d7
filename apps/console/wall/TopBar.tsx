import { clockTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useTopic } from '../live/services.tsx';
import { Brand } from '../ui/Brand.tsx';
import type { BoardView } from '../live/board-view.ts';
import { BoardCounters } from '../ui/BoardCounters.tsx';
import { ConnectionBadge } from '../ui/ConnectionBadge.tsx';
import { ClockFace, Counters } from '../ui/Header.tsx';

/** The top of the wall: who we are, what is open, who is free, how many eyes are open, which shift, what time. */
export function TopBar({ board }: { readonly board: BoardView }) {
  const { say } = useWords();
  return (
    <header className="panel bar">
      <h1 className="sr-only">{say('nav.wall')}</h1>
      <Brand />
      <span className="bar__centre">{say('centre.name')}</span>
      <BoardCounters board={board} />
      <Counters />
      <span className="bar__shift">
        <RunningShift />
      </span>
      <ConnectionBadge quiet />
      <ClockFace />
    </header>
  );
}

/** The shift that runs by the calendar of the centre; nothing in hours that none covers. */
function RunningShift() {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const shifts = useTopic('shifts');
  const shift = shifts.kind === 'ready' && shifts.items.find(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs);
  if (!shift) return null;
  const [start, end] = [shift.startMs, shift.endMs].map((atMs) => clockTime(atMs).slice(0, 5));
  return (
    <>
      {say('wall.shift', { name: shift.name })} · {start}–{end}
    </>
  );
}
