import { useRef, useState, type RefObject } from 'react';
import type { IncidentDetail } from '#libs/wire';
import { AlarmMark } from '../alarms/AlarmMark.tsx';
import { clockTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useIncident } from '../live/dispatch-queries.ts';
import { codeOf, useTopic } from '../live/services.tsx';
import { PriorityMark } from '../ui/PriorityMark.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { Actions } from './Actions.tsx';
import { AssignedUnits } from './AssignedUnits.tsx';
import { shortCode } from '../live/board-order.ts';
import { useDesk } from './desk.ts';
import { LevelTimer } from '../ui/LevelTimer.tsx';
import { Recommended } from './Recommended.tsx';
import { Timeline } from './Timeline.tsx';

/** Everything of the chosen incident: what it is, whom to send, who was told, and what happened so far. */
export function Detail({ noteRef }: { readonly noteRef: RefObject<HTMLTextAreaElement | null> }) {
  const { say } = useWords();
  const { selectedId, selected } = useDesk();
  const asked = useIncident(selectedId, selected?.revision ?? 0);
  if (selectedId === null)
    return (
      <Empty icon="radio" title={say('detail.none')}>
        <p>{say('detail.none.text')}</p>
      </Empty>
    );
  if (asked.data) return <Whole incident={asked.data} stale={asked.isPlaceholderData} noteRef={noteRef} />;
  if (asked.isError) return <Failed code={codeOf(asked.error)} onRetry={() => void asked.refetch()} />;
  return <Loading text={say('detail.loading')} />;
}

interface WholeProps {
  readonly incident: IncidentDetail;
  readonly stale: boolean;
  readonly noteRef: RefObject<HTMLTextAreaElement | null>;
}

function Whole({ incident, stale, noteRef }: WholeProps) {
  const { say } = useWords();
  const { board, selected } = useDesk();
  const type = board.types.find(({ code }) => code === incident.classification?.typeCode);
  const live = incident.life.kind === 'open' || incident.life.kind === 'controlled';
  const revision = selected?.revision ?? incident.revision;
  return (
    <article className={`detail detail--${incident.priority ?? 'none'}`} aria-busy={stale}>
      <header className="detail__head">
        <PriorityMark priority={incident.priority} />
        <h2>
          {type?.name ?? say('board.noType')} <small>{shortCode(incident.code)}</small>
        </h2>
        <LevelTimer incident={incident} />
      </header>
      <p className="detail__where">
        <span className={`status status--${incident.status}`}>{say(`incident.status.${incident.status}`)}</span>
        {[incident.place?.address, incident.place?.reference].filter(Boolean).join(', ') || say('board.noPlace')}
        <ReplayLink incident={incident} />
      </p>
      <Callers incident={incident} />
      <Hidden incident={incident} />
      <Actions incident={incident} />
      {live && <Recommended incidentId={incident.id} revision={revision} />}
      <AssignedUnits incident={incident} />
      <Referrals incident={incident} />
      <Links incident={incident} />
      <AlarmsOf incident={incident} />
      {live && <Narrate incidentId={incident.id} noteRef={noteRef} />}
      <Timeline incidentId={incident.id} revision={revision} />
    </article>
  );
}

/** To how it went: the incident is the reason. */
function ReplayLink({ incident: { id, clocks } }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const { session } = useDesk();
  if (!may(session, 'replay:view')) return null;
  return (
    <a className="link detail__replay" href={`/replay?incident=${id}&at=${Math.floor(clocks.openedAtMs)}`}>
      {say('replay.link')}
    </a>
  );
}

function Callers({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const calls = incident.calls.filter(({ callerName, callerPhone }) => callerName !== '' || callerPhone !== null);
  if (calls.length === 0) return null;
  return (
    <p className="detail__callers">
      <span>{say('detail.caller')}</span>{' '}
      {calls.map(({ id, callerName, callerPhone }) => (
        <b key={id}>{[callerName, callerPhone].filter(Boolean).join(' · ')}</b>
      ))}
    </p>
  );
}

/** What this role does not see, and the way to see it where there is one. */
function Hidden({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const { session, open } = useDesk();
  if (incident.hidden.length === 0) return null;
  const list = incident.hidden.map((field) => say(`hidden.${field}`)).join(', ');
  return (
    <p className="notice notice--note detail__hidden">
      {say('detail.hidden', { list })}
      {may(session, 'incident:unmask') && (
        <button type="button" className="button button--small" onClick={() => open({ kind: 'unmask' })}>
          {say('detail.show')}
        </button>
      )}
    </p>
  );
}

function Referrals({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const { open, session } = useDesk();
  if (incident.referrals.length === 0) return null;
  return (
    <section className="part" aria-label={say('detail.referrals')}>
      <h3>{say('detail.referrals')}</h3>
      <ul className="referrals">
        {incident.referrals.map((referral) => {
          const { id, agency, atMs, answer, note } = referral;
          return (
            <li key={id}>
              <b>{say(`agency.${agency}`)}</b>
              <span>
                {answer === null && say('refer.waiting', { time: clockTime(atMs) })}
                {answer?.kind === 'taken' &&
                  say('refer.taken', { who: [answer.takenBy, answer.reference].filter(Boolean).join(' · ') })}
                {answer?.kind === 'declined' && say('refer.declined', { reason: answer.reason })}
                {note && <q>{note}</q>}
              </span>
              {answer === null && may(session, 'incident:dispatch') && (
                <button
                  type="button"
                  className="button button--small"
                  onClick={() => open({ kind: 'referral', referral })}
                >
                  {say('refer.answer')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Links({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const { select, incidentCode } = useDesk();
  const { links, life } = incident;
  const others = [
    ...links,
    ...(life.kind === 'merged' ? [{ incidentId: life.survivorId, relation: 'parent' as const }] : []),
  ];
  if (others.length === 0) return null;
  return (
    <p className="detail__links">
      {say('detail.links')}
      {others.map(({ incidentId, relation }) => (
        <button key={incidentId} type="button" className="link" onClick={() => select(incidentId)}>
          {incidentCode(incidentId)} ({say(`relation.${relation}`)})
        </button>
      ))}
    </p>
  );
}

/** What cameras told of it. */
function AlarmsOf({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const cameras = useTopic('cameras');
  if (incident.alarms.length === 0) return null;
  const codeOfCamera = (id: string): string =>
    (cameras.kind === 'ready' && cameras.items.find((one) => one.id === id)?.code) || '';
  return (
    <p className="detail__alarms">
      <span>{say('detail.alarms')}</span>
      {incident.alarms.map(({ alarmId, alarmKind, cameraId, startedAtMs }) => (
        <span key={alarmId}>
          <AlarmMark kind={alarmKind} /> {say(`alarm.${alarmKind}`)} · {codeOfCamera(cameraId)} ·{' '}
          <time>{clockTime(startedAtMs)}</time>
        </span>
      ))}
    </p>
  );
}

/** What is typed stays until the server has it. */
function Narrate({
  incidentId,
  noteRef,
}: {
  readonly incidentId: string;
  readonly noteRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const { say } = useWords();
  const desk = useDesk();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [sending, setSending] = useState(false);
  const ids = useRef(new Map<string, string>());
  const text = texts[incidentId] ?? '';
  const write = (next: string): void => setTexts((old) => ({ ...old, [incidentId]: next }));
  const send = async (): Promise<void> => {
    if (text.trim() === '' || sending) return;
    setSending(true);
    // The same text sent again after no answer is the same narrative.
    const key = `${incidentId}/${text}`;
    const narrativeId = ids.current.get(key) ?? desk.makeId();
    ids.current.set(key, narrativeId);
    const code = await desk.attempt(() =>
      desk.intake(incidentId, { kind: 'addNarrative', narrativeId, text: text.trim() }),
    );
    if (code === null) write('');
    setSending(false);
  };
  return (
    <form
      className="narrate"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={noteRef}
        rows={1}
        value={text}
        maxLength={4_000}
        aria-label={say('detail.narrative')}
        placeholder={`${say('detail.narrative')} (T)`}
        onChange={(event) => write(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          void send();
        }}
      />
      <button type="submit" className="button button--small" disabled={sending || text.trim() === ''}>
        {say('detail.narrative.send')}
      </button>
    </form>
  );
}
