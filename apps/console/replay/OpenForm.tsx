import { useEffect, useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { incidentDetail, incidentList, replayOpeningView, type OpenReplayBody } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import type { ReplayAddress } from './address.ts';
import { fieldOf, momentOfField } from './time-scale.ts';

const HOUR_MS = 3_600_000;

interface OpenFormProps {
  readonly address: ReplayAddress;
  /** Why the replay of the address was not opened. */
  readonly refused: string | null;
  readonly onOpened: (openingId: string) => void;
}

/** Why somebody looks back, and at what. Nothing is shown before it is written down. */
export function OpenForm({ address, refused, onOpened }: OpenFormProps) {
  const { say, sayError } = useWords();
  const { http, clock } = useServices();
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const [from, setFrom] = useState(() => fieldOf(address.fromMs ?? clock.nowMs() - HOUR_MS));
  const [to, setTo] = useState(() => fieldOf((address.toMs ?? clock.nowMs()) + (address.toMs === null ? 0 : 59_999)));
  const [wrong, setWrong] = useState<string | null>(refused);
  useEffect(() => {
    if (address.incidentId === null) return;
    void http.ask('GET', `/api/incidents/${address.incidentId}`, incidentDetail).then(
      (incident) => setCode((typed) => typed || incident.code),
      () => undefined,
    );
  }, [address.incidentId, http]);
  const open = useMutation({
    mutationFn: async () => {
      const body = await bodyOf();
      return http.ask('POST', '/api/replay', replayOpeningView, body);
    },
    onSuccess: ({ id }) => onOpened(id),
    onError: (error) => setWrong(error instanceof UnknownIncident ? null : codeOf(error)),
  });

  /** An incident alone is its own time; a time that a link named goes with it. */
  const bodyOf = async (): Promise<OpenReplayBody> => {
    const typed = code.trim();
    const linked = address.fromMs !== null && address.toMs !== null;
    const range = { fromMs: momentOfField(from), toMs: momentOfField(to) };
    if (typed === '') return { reason: reason.trim(), ...range };
    const found = await http.ask(
      'GET',
      `/api/incidents?life=all&code=${encodeURIComponent(typed)}&limit=1`,
      incidentList,
    );
    const incidentId = found.find((one) => one.code === typed)?.id;
    if (incidentId === undefined) throw new UnknownIncident();
    return { incidentId, reason: reason.trim(), ...(linked ? range : {}) };
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const timed = Number.isFinite(momentOfField(from)) && Number.isFinite(momentOfField(to));
    if (code.trim() === '' && (reason.trim().length < 3 || !timed)) return setWrong('missing');
    setWrong(null);
    open.mutate();
  };
  const span = (fromMs: number, toMs: number): void => {
    setFrom(fieldOf(fromMs));
    setTo(fieldOf(toMs));
  };
  const nowMs = clock.nowMs();
  return (
    <main className="replay-open">
      <form className="panel replay-open__form" onSubmit={submit} noValidate>
        <h1>
          <Icon name="rewind" /> {say('replay.open.title')}
        </h1>
        <p>{say('replay.open.text')}</p>
        <Field
          label={say('replay.open.incident')}
          value={code}
          onChange={setCode}
          hint={say('replay.open.incident.hint')}
          placeholder="2026-000123"
          maxLength={20}
          autoFocus
        />
        <Field label={say('replay.open.reason')} value={reason} onChange={setReason} maxLength={300} />
        <div className="replay-open__range">
          <Field label={say('replay.open.from')} type="datetime-local" value={from} onChange={setFrom} />
          <Field label={say('replay.open.to')} type="datetime-local" value={to} onChange={setTo} />
        </div>
        <div className="buttons">
          <button type="button" className="button button--small" onClick={() => span(nowMs - HOUR_MS, nowMs)}>
            {say('replay.open.lastHour')}
          </button>
          <button type="button" className="button button--small" onClick={() => span(nowMs - 8 * HOUR_MS, nowMs)}>
            {say('replay.open.last8')}
          </button>
          <button
            type="button"
            className="button button--small"
            onClick={() => span(nowMs - 25 * HOUR_MS, nowMs - 23 * HOUR_MS)}
          >
            {say('replay.open.yesterday')}
          </button>
        </div>
        <div aria-live="assertive">
          {wrong !== null && (
            <p className="notice notice--bad">{wrong === 'missing' ? say('replay.open.missing') : sayError(wrong)}</p>
          )}
          {open.error instanceof UnknownIncident && (
            <p className="notice notice--bad">{say('replay.open.incident.unknown')}</p>
          )}
        </div>
        <button type="submit" className="button button--main button--wide" disabled={open.isPending}>
          {say('replay.open.enter')}
        </button>
      </form>
    </main>
  );
}

class UnknownIncident extends Error {}
