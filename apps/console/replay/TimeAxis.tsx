import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { ReplayOutlineView } from '#libs/wire';
import { clockTime, dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { Span } from './playhead.ts';
import { follow, momentAt, shareOf, ticks, zoom } from './time-scale.ts';

const WIDTH = 1_000;
const BARS_PX = 34;
const SPANS_PX = 30;
const LANES = 5;
const TICKS = 12;
const LOG_BASE = Math.log(2);

interface TimeAxisProps {
  readonly outline: ReplayOutlineView;
  readonly atMs: number;
  readonly openCount: number;
  readonly selectedId: string | null;
  readonly onSeek: (atMs: number) => void;
  readonly onIncident: (id: string) => void;
}

/** When how much happened, which incidents were open, and where the replay stands. Dragged, scrolled and stepped along. */
export function TimeAxis({ outline, atMs, openCount, selectedId, onSeek, onIncident }: TimeAxisProps) {
  const { say } = useWords();
  const { opening } = outline;
  const [shown, setView] = useState<Span>(opening);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => setView((old) => follow(old, atMs, opening)), [atMs, opening]);
  useEffect(() => {
    const box = host.current;
    if (!box) return undefined;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, width } = box.getBoundingClientRect();
      const share = (event.clientX - left) / width;
      setView((old) => zoom(old, event.deltaY < 0 ? 0.8 : 1.25, momentAt(share, old), opening));
    };
    // React listens for the wheel passively: the page would scroll along.
    box.addEventListener('wheel', onWheel, { passive: false });
    return () => box.removeEventListener('wheel', onWheel);
  }, [opening]);
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons !== 1 && event.type !== 'pointerdown') return;
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onSeek(momentAt((event.clientX - left) / width, shown));
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== '+' && event.key !== '-') return;
    event.preventDefault();
    setView(zoom(shown, event.key === '+' ? 0.5 : 2, atMs, opening));
  };
  return (
    <div className="axis">
      <div
        ref={host}
        className="axis__body"
        role="slider"
        tabIndex={0}
        aria-label={say('replay.axis')}
        aria-valuemin={Math.floor(opening.fromMs / 1_000)}
        aria-valuemax={Math.floor(opening.toMs / 1_000)}
        aria-valuenow={Math.floor(atMs / 1_000)}
        aria-valuetext={say('replay.axis.value', { time: dateTime(atMs), open: openCount })}
        onPointerDown={drag}
        onPointerMove={drag}
        onKeyDown={onKey}
      >
        <Bars outline={outline} view={shown} />
        <Spans outline={outline} view={shown} selectedId={selectedId} onIncident={onIncident} />
        <Ticks view={shown} />
        <i className="axis__head" style={{ left: `${shareOf(atMs, shown) * 100}%` }} />
      </div>
      <div className="axis__zoom">
        <button
          type="button"
          className="button button--bare"
          aria-label={say('replay.zoomIn')}
          onClick={() => setView(zoom(shown, 0.5, atMs, opening))}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="button button--bare"
          aria-label={say('replay.zoomOut')}
          onClick={() => setView(zoom(shown, 2, atMs, opening))}
        >
          <Icon name="minus" />
        </button>
      </div>
    </div>
  );
}

/** Entries of the ledger, and incidents that were opened, by the logarithm: a quiet hour is seen beside a busy one. */
function Bars({ outline, view }: { readonly outline: ReplayOutlineView; readonly view: Span }) {
  const { opening, entries, opened } = outline;
  const most = Math.max(1, ...entries);
  const columnMs = (opening.toMs - opening.fromMs) / entries.length;
  const height = (count: number): number => (Math.log(1 + count) / Math.max(LOG_BASE, Math.log(1 + most))) * BARS_PX;
  return (
    <svg className="axis__bars" viewBox={`0 0 ${WIDTH} ${BARS_PX}`} preserveAspectRatio="none" aria-hidden="true">
      {entries.map((count, index) => {
        const fromMs = opening.fromMs + index * columnMs;
        if (count === 0 || fromMs > view.toMs || fromMs + columnMs < view.fromMs) return null;
        const x = shareOf(fromMs, view) * WIDTH;
        const width = Math.max(0.8, shareOf(fromMs + columnMs, view) * WIDTH - x - 0.6);
        const [all, begun] = [height(count), height(opened[index] ?? 0)];
        return (
          // Columns stand in a fixed order.
          <g key={index}>
            <rect x={x} y={BARS_PX - all} width={width} height={all} className="axis__entries" />
            {begun > 0 && <rect x={x} y={BARS_PX - begun} width={width} height={begun} className="axis__opened" />}
          </g>
        );
      })}
    </svg>
  );
}

function Spans({
  outline,
  view,
  selectedId,
  onIncident,
}: {
  readonly outline: ReplayOutlineView;
  readonly view: Span;
  readonly selectedId: string | null;
  readonly onIncident: (id: string) => void;
}) {
  const laneHeight = SPANS_PX / LANES;
  return (
    <svg className="axis__spans" viewBox={`0 0 ${WIDTH} ${SPANS_PX}`} preserveAspectRatio="none" aria-hidden="true">
      {outline.spans.map((span, index) => {
        const toMs = span.toMs ?? outline.opening.toMs;
        if (toMs < view.fromMs || span.fromMs > view.toMs) return null;
        const x = Math.max(0, shareOf(span.fromMs, view) * WIDTH);
        const right = Math.min(WIDTH, shareOf(toMs, view) * WIDTH);
        return (
          <rect
            key={`${span.incidentId}/${span.fromMs}`}
            x={x}
            y={(index % LANES) * laneHeight}
            width={Math.max(2, right - x)}
            height={laneHeight - 1.5}
            className={`axis__span axis__span--${span.priority ?? 'none'}${
              span.incidentId === selectedId ? ' axis__span--chosen' : ''
            }`}
            onPointerDown={() => onIncident(span.incidentId)}
          >
            <title>{`${span.code} · ${clockTime(span.fromMs)}–${span.toMs === null ? '' : clockTime(span.toMs)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function Ticks({ view }: { readonly view: Span }) {
  const fine = view.toMs - view.fromMs < TICKS * 60_000;
  return (
    <div className="axis__ticks" aria-hidden="true">
      {ticks(view, TICKS).map((tickMs) => (
        <span key={tickMs} style={{ left: `${shareOf(tickMs, view) * 100}%` }}>
          {clockTime(tickMs).slice(0, fine ? 8 : 5)}
        </span>
      ))}
    </div>
  );
}
