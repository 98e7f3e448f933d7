import { useMemo, useState, type KeyboardEvent } from 'react';
import type { CameraState, CameraView } from '#libs/wire';
import { age } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import type { TopicState } from '../live/topic-store.ts';
import { Icon } from '../ui/Icon.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { matches, type StateFilter } from './camera-filter.ts';

const FILTERS: readonly StateFilter[] = ['all', 'up', 'away'];

export interface CameraListProps {
  readonly state: TopicState<'cameras'>;
  readonly cameras: readonly CameraView[];
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
  /** Whoever may adopt cameras is led there when there are none. */
  readonly canAdopt: boolean;
}

/** Every camera, with or without a place on the map. The keyboard's way to what the mouse does there. */
export function CameraList({ state, cameras, selectedId, onSelect, canAdopt }: CameraListProps) {
  const { say } = useWords();
  const [text, setText] = useState('');
  const [filter, setFilter] = useState<StateFilter>('all');
  const shown = useMemo(() => cameras.filter((camera) => matches(camera, text, filter)), [cameras, text, filter]);
  return (
    <section className="panel list">
      <header className="panel__head">
        <h2>{say('list.cameras')}</h2>
        <span className="panel__count">{shown.length}</span>
      </header>
      {cameras.length > 0 && (
        <div className="list__tools">
          <label className="search">
            <Icon name="search" />
            <span className="sr-only">{say('list.search')}</span>
            <input
              type="search"
              value={text}
              placeholder={say('list.search')}
              onChange={(event) => setText(event.target.value)}
              maxLength={60}
            />
          </label>
          <div className="switch" role="group" aria-label={say('list.filter')}>
            {FILTERS.map((one) => (
              <button key={one} type="button" aria-pressed={filter === one} onClick={() => setFilter(one)}>
                {say(`list.filter.${one}`)}
              </button>
            ))}
          </div>
        </div>
      )}
      <Body
        state={state}
        total={cameras.length}
        shown={shown}
        selectedId={selectedId}
        onSelect={onSelect}
        canAdopt={canAdopt}
      />
    </section>
  );
}

interface BodyProps extends Omit<CameraListProps, 'cameras'> {
  readonly total: number;
  readonly shown: readonly CameraView[];
}

function Body({ state, total, shown, selectedId, onSelect, canAdopt }: BodyProps) {
  const { say } = useWords();
  if (state.kind === 'refused') return <Failed code={state.code} />;
  if (state.kind === 'loading') return <Loading />;
  if (total === 0) {
    return (
      <Empty icon="camera" title={say('list.none')}>
        <p>{say(canAdopt ? 'list.none.text' : 'list.none.ask')}</p>
        {canAdopt && (
          <a className="button button--main" href="/cameras#discover">
            <Icon name="radar" />
            {say('first.begin')}
          </a>
        )}
      </Empty>
    );
  }
  if (shown.length === 0) return <Empty icon="search" title={say('list.noMatch')} />;
  return (
    <ul className="list__rows" onKeyDown={moveByArrows}>
      {shown.map((camera) => (
        <Row key={camera.id} camera={camera} selected={camera.id === selectedId} onSelect={onSelect} />
      ))}
    </ul>
  );
}

function Row({
  camera,
  selected,
  onSelect,
}: {
  readonly camera: CameraView;
  readonly selected: boolean;
  readonly onSelect: (id: string | null) => void;
}) {
  const { say } = useWords();
  return (
    <li>
      <button
        type="button"
        className="row"
        aria-pressed={selected}
        onClick={() => onSelect(selected ? null : camera.id)}
      >
        <StateMark state={camera.health.state} />
        <span className="row__code">{camera.code}</span>
        <span className="row__name">{camera.name}</span>
        <span className={`row__state row__state--${camera.health.state}`}>
          {say(`state.${camera.health.state}`)} <Since state={camera.health.state} sinceMs={camera.health.sinceMs} />
        </span>
        {camera.place === null && <span className="row__tag">{say('list.unplaced')}</span>}
      </button>
    </li>
  );
}

/** How long the state has lasted. Ticks in its own component, so that a second does not draw the whole list. */
function Since({ state, sinceMs }: { readonly state: CameraState; readonly sinceMs: number }) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  return (
    <span className="row__age">
      {state === 'online' ? age(nowMs - sinceMs) : say('since', { age: age(nowMs - sinceMs) })}
    </span>
  );
}

function moveByArrows(event: KeyboardEvent<HTMLUListElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = buttons[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
