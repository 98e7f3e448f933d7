import { useEffect, useRef, useState } from 'react';
import './alarms.css';
import type { AlarmView, CameraView, SessionView } from '#libs/wire';
import { age, momentOf } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { may } from '../ui/session.ts';
import { deskAddressOf, incidentWorthy } from './alarm-draft.ts';
import { AcknowledgeDialog } from './AcknowledgeDialog.tsx';
import { AlarmMark } from './AlarmMark.tsx';
import { useAcknowledge, useWaitingAlarms } from './use-alarms.ts';

export interface AlarmPanelProps {
  readonly cameras: readonly CameraView[];
  readonly session: SessionView;
  readonly onCamera: (id: string) => void;
}

/** Raised alarms by age, the longest waiting first; the key A acknowledges that one, I takes it to the dispatch page as an incident. */
export function AlarmPanel({ cameras, session, onCamera }: AlarmPanelProps) {
  const { say, sayError } = useWords();
  const { state, waiting } = useWaitingAlarms();
  const [noting, setNoting] = useState<AlarmView | null>(null);
  const acknowledge = useAcknowledge();
  const mayAcknowledge = may(session, 'alarm:acknowledge');
  const first = mayAcknowledge && !acknowledge.isPending ? waiting[0] : undefined;
  useKey('a', () => first && acknowledge.mutate({ id: first.id, note: '' }));
  const mayOpen = may(session, 'incident:take');
  const worthy = mayOpen ? incidentWorthy(waiting)[0] : undefined;
  useKey('i', () => worthy && location.assign(deskAddressOf(worthy)));
  if (state.kind !== 'ready') return null;
  return (
    <section className={waiting.length > 0 ? 'panel alarms alarms--waiting' : 'panel alarms'}>
      <header className="panel__head">
        <h2>{say('alarms.title')}</h2>
        <span className="panel__count">{waiting.length}</span>
      </header>
      <Announcer count={waiting.length} />
      {waiting.length === 0 && <p className="alarms__none">{say('alarms.none')}</p>}
      <ul className="alarms__rows">
        {waiting.map((alarm, index) => (
          <li key={alarm.id} className={`alarm alarm--${alarm.kind}`}>
            <Row alarm={alarm} name={cameras.find(({ id }) => id === alarm.cameraId)?.name ?? ''} onCamera={onCamera} />
            {mayAcknowledge && (
              <span className="alarm__acts">
                {mayOpen && alarm.kind !== 'camera-offline' && (
                  <a className="button button--small" href={deskAddressOf(alarm)}>
                    {say('alarms.incident')}
                    {alarm === worthy && <kbd aria-hidden="true">I</kbd>}
                    <span className="sr-only"> {alarm.cameraCode}</span>
                  </a>
                )}
                <button
                  type="button"
                  className="button button--small"
                  onClick={() => acknowledge.mutate({ id: alarm.id, note: '' })}
                  disabled={acknowledge.isPending}
                  aria-keyshortcuts={index === 0 ? 'A' : undefined}
                >
                  {say('alarms.acknowledge')}
                  {index === 0 && <kbd aria-hidden="true">A</kbd>}
                  <span className="sr-only"> {alarm.cameraCode}</span>
                </button>
                <button
                  type="button"
                  className="button button--bare"
                  onClick={() => setNoting(alarm)}
                  aria-label={say('alarms.withNote', { camera: alarm.cameraCode })}
                  title={say('alarms.withNote', { camera: alarm.cameraCode })}
                >
                  <Icon name="plus" />
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      <div aria-live="polite">
        {acknowledge.error && <p className="notice notice--bad">{sayError(codeOf(acknowledge.error))}</p>}
      </div>
      {noting && <AcknowledgeDialog alarm={noting} onClose={() => setNoting(null)} />}
    </section>
  );
}

function Row({
  alarm,
  name,
  onCamera,
}: {
  readonly alarm: AlarmView;
  readonly name: string;
  readonly onCamera: (id: string) => void;
}) {
  const { say } = useWords();
  const nowMs = useServerNowMs();
  const { cameraId, cameraCode, kind, repeats, startedAtMs, endedAtMs } = alarm;
  return (
    <button type="button" className="alarm__row" onClick={() => onCamera(cameraId)}>
      <AlarmMark kind={kind} />
      <span className="alarm__what">
        <b>{say(`alarm.${kind}`)}</b>
        {repeats > 0 && <span className="alarm__times">×{repeats + 1}</span>}
      </span>
      <span className="alarm__age" title={momentOf(startedAtMs, nowMs)}>
        {age(nowMs - startedAtMs)}
      </span>
      <span className="alarm__where">
        <b>{cameraCode}</b> {name}
        {endedAtMs !== null && <small> · {say('alarms.over')}</small>}
      </span>
    </button>
  );
}

/** A letter alone, and not while somebody writes or answers a question. */
function useKey(letter: string, onKey: () => void): void {
  const latest = useRef(onKey);
  latest.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== letter || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      const { target } = event;
      if (target instanceof Element && target.closest('input, select, textarea, dialog, [contenteditable]')) return;
      latest.current();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [letter]);
}

/** Says to readers that there are more than before. */
function Announcer({ count }: { readonly count: number }) {
  const { say } = useWords();
  const last = useRef(count);
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    if (count > last.current) setSpoken(say('alarms.announce', { count }));
    last.current = count;
  }, [count, say]);
  return (
    <span className="sr-only" aria-live="assertive">
      {spoken}
    </span>
  );
}
