import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { uuidV7 } from '#libs/base';
import { HANDOVER_SECTIONS, type HandoverSection } from '#libs/shift';
import { handoverView, type HandoverView, type SessionView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices } from '../live/services.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { may } from '../ui/session.ts';
import { FactTables } from './FactTables.tsx';
import { SectionEditor } from './SectionEditor.tsx';

type Act = 'facts' | 'sign' | 'countersign' | 'reopen';

/** The book of one shift: five sections, and what is done with it. */
export function HandoverBook({
  view,
  session,
  onView,
}: {
  readonly view: HandoverView;
  readonly session: SessionView;
  readonly onView: (view: HandoverView) => void;
}) {
  const { say, sayError } = useWords();
  const nowMs = useServerNowMs();
  const { state, shift } = view;
  const writes = may(session, 'handover:write');
  const writable = writes && state.kind === 'draft' && nowMs < state.writableUntilMs;
  const [reopening, setReopening] = useState(false);
  const act = useAct(view, onView);
  const code = act.error ? codeOf(act.error) : null;
  const path = `/api/handovers/${shift.id}/document`;
  return (
    <article className="book" aria-label={say('handover.of', { name: shift.name })}>
      <header className="book__head">
        <h2>
          {say('handover.of', { name: shift.name })} <small>{shift.date}</small>
        </h2>
        <span className="chip">{say(`handover.state.${state.kind}`)}</span>
        <span className="buttons">
          {writable && (
            <button type="button" className="button" onClick={() => act.mutate({ what: 'facts' })}>
              {say('handover.renew')}
            </button>
          )}
          <a className="button" href={`${path}.pdf`} download>
            PDF
          </a>
          <a className="button" href={`${path}.csv`} download>
            CSV
          </a>
        </span>
      </header>
      <p className="book__facts">
        {say('handover.opened', { by: view.opened.name, at: dateTime(view.opened.atMs) })}{' '}
        {say('handover.factsAt', { at: dateTime(view.facts.takenAtMs) })}
      </p>
      {view.intact === false && <p className="notice notice--bad">{say('handover.tampered')}</p>}
      {writes && state.kind === 'draft' && !writable && (
        <p className="notice notice--warn">{sayError('handover-overdue')}</p>
      )}
      {HANDOVER_SECTIONS.map((section, at) => (
        <section key={section} className="book__section">
          <h3>
            {at + 1}. {say(`handover.section.${section}`)}
          </h3>
          <FactTables view={view} section={section} />
          <SectionEditor view={view} section={section} writable={writable} onView={onView} />
        </section>
      ))}
      <footer className="book__foot">
        {state.kind !== 'draft' && (
          <p>{say('handover.signedBy', { by: state.signed.name, at: dateTime(state.signed.atMs) })}</p>
        )}
        {state.kind === 'countersigned' && (
          <p>
            {say('handover.countersignedBy', { by: state.countersigned.name, at: dateTime(state.countersigned.atMs) })}
          </p>
        )}
        {view.sha256 !== null && <p className="book__hash">SHA-256 {view.sha256}</p>}
        <div aria-live="polite">{code !== null && <p className="notice notice--bad">{sayError(code)}</p>}</div>
        <div className="buttons">
          {writes && state.kind === 'draft' && (
            <button
              type="button"
              className="button button--main"
              disabled={act.isPending}
              onClick={() => act.mutate({ what: 'sign', body: { revisions: revisionsOf(view) } })}
            >
              {say('handover.sign')}
            </button>
          )}
          {writes && state.kind === 'signed' && (
            <button
              type="button"
              className="button button--main"
              disabled={act.isPending}
              onClick={() => act.mutate({ what: 'countersign' })}
            >
              {say('handover.countersign')}
            </button>
          )}
          {may(session, 'shift:manage') && state.kind !== 'countersigned' && !writable && (
            <button type="button" className="button" onClick={() => setReopening(true)}>
              {say('handover.reopen')}
            </button>
          )}
        </div>
      </footer>
      {reopening && (
        <ReopenDialog
          onClose={() => setReopening(false)}
          onReason={(reason) => {
            act.mutate({ what: 'reopen', body: { reason } });
            setReopening(false);
          }}
        />
      )}
    </article>
  );
}

function ReopenDialog({
  onClose,
  onReason,
}: {
  readonly onClose: () => void;
  readonly onReason: (reason: string) => void;
}) {
  const { say } = useWords();
  const [reason, setReason] = useState('');
  const ready = reason.trim().length >= 3;
  const action = (
    <button type="submit" className="button button--main" disabled={!ready}>
      {say('handover.reopen')}
    </button>
  );
  return (
    <Dialog
      title={say('handover.reopen')}
      onClose={onClose}
      onSubmit={() => ready && onReason(reason)}
      actions={action}
    >
      <Field label={say('handover.reopen.reason')} value={reason} onChange={setReason} maxLength={300} />
    </Dialog>
  );
}

function useAct({ shift }: HandoverView, onView: (view: HandoverView) => void) {
  const { http, live } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ what, body }: { readonly what: Act; readonly body?: object }) => {
      const nowMs = Math.round(live.serverClock.nowMs());
      const command = { commandId: uuidV7(nowMs), sentAtMs: nowMs, ...body };
      return http.ask(
        'POST',
        `/api/handovers/${shift.id}/${what}`,
        handoverView,
        what === 'facts' ? undefined : command,
      );
    },
    onSuccess: async (view) => {
      onView(view);
      await queries.invalidateQueries({ queryKey: ['handovers', 'list'] });
    },
    // Refused because somebody wrote meanwhile: their words are shown, and signed only after they were read.
    onError: () => void queries.invalidateQueries({ queryKey: ['handovers', shift.id] }),
  });
}

function revisionsOf({ sections }: HandoverView): Record<HandoverSection, number> {
  return Object.fromEntries(HANDOVER_SECTIONS.map((one) => [one, sections[one].revision])) as Record<
    HandoverSection,
    number
  >;
}
