import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { isUnanswered, type CommandSender } from './command-sender.ts';
import type { Desk } from './desk.ts';
import {
  DraftKeeper,
  bodyOf,
  callOf,
  isTouched,
  newDraft,
  type Draft,
  type DraftChange,
  type DraftField,
} from './draft.ts';

export type SendState = 'idle' | 'sending' | 'again';

export interface Intake {
  readonly open: boolean;
  readonly draft: Draft;
  readonly touched: boolean;
  /** Whether it would survive a reload. */
  readonly kept: boolean;
  readonly state: SendState;
  readonly problem: { readonly field: DraftField | null; readonly text: string } | null;
  begin(): void;
  hide(): void;
  change(change: DraftChange): void;
  discard(): void;
  send(): Promise<void>;
  /** The call joins an incident that is registered already. */
  addTo(incidentId: string): Promise<void>;
}

/** The call that is being taken: kept at every letter, forgotten only when the server has it or somebody says so. */
export function useIntake(desk: Desk, sender: CommandSender): Intake {
  const { live } = useServices();
  const { say, sayError } = useWords();
  const keeper = useMemo(() => new DraftKeeper(sessionStorage, desk.session.accountId), [desk.session.accountId]);
  const fresh = useCallback(() => newDraft(desk.makeId, live.serverClock.nowMs()), [desk.makeId, live]);
  const [draft, setDraft] = useState<Draft>(() => keeper.load() ?? fresh());
  const [open, setOpen] = useState(() => isTouched(draft));
  const [kept, setKept] = useState(true);
  const [state, setState] = useState<SendState>('idle');
  const [problem, setProblem] = useState<Intake['problem']>(null);
  /** The command that was sent without an answer: what is changed after it is another command. */
  const attempted = useRef<string | null>(null);
  const touched = isTouched(draft);
  useEffect(() => setKept(keeper.save(draft)), [keeper, draft]);

  const begin = (): void => {
    // A call begins when somebody takes it, not when the page was opened.
    if (!open && !touched) setDraft(fresh());
    setOpen(true);
  };
  const change = (made: DraftChange): void => {
    setProblem(null);
    setDraft((old) => {
      const next = { ...old, ...made };
      return attempted.current === old.commandId ? { ...next, commandId: desk.makeId() } : next;
    });
  };
  const reset = (): void => {
    keeper.forget();
    attempted.current = null;
    setDraft(fresh());
    setProblem(null);
    setOpen(false);
  };
  const refused = (thrown: unknown): void => {
    const code = codeOf(thrown);
    if (isUnanswered(thrown)) attempted.current = draft.commandId;
    if (code === 'incident-exists') {
      desk.select(draft.incidentId);
      setProblem({ field: null, text: say('intake.registered') });
    } else setProblem({ field: FIELD_OF[code] ?? null, text: sayError(code) });
  };
  const run = async (task: () => Promise<void>): Promise<void> => {
    if (state !== 'idle') return;
    setProblem(null);
    setState('sending');
    try {
      await task();
    } catch (thrown) {
      refused(thrown);
    } finally {
      setState('idle');
    }
  };
  const send = (): Promise<void> => {
    const made = bodyOf(draft);
    if (!made.ok) {
      const text = made.code === 'draft-empty' ? say('intake.empty') : sayError(made.code);
      setProblem({ field: made.field, text });
      return Promise.resolve();
    }
    return run(async () => {
      await sender.send('/api/incidents', made.body, () => setState('again'));
      desk.select(draft.incidentId);
      reset();
    });
  };
  const addTo = (incidentId: string): Promise<void> =>
    run(async () => {
      const call = callOf(draft);
      const command = { kind: 'addCall', commandId: draft.commandId, call };
      await sender.send(`/api/incidents/${incidentId}/intake`, command, () => setState('again'));
      if (draft.narrative.trim() !== '') {
        const { narrativeId, narrative } = draft;
        await desk.intake(incidentId, { kind: 'addNarrative', narrativeId, text: narrative.trim() });
      }
      desk.tell({ kind: 'good', text: say('duplicate.added', { code: desk.incidentCode(incidentId) }) });
      desk.select(incidentId);
      reset();
    });
  return {
    open,
    draft,
    touched,
    kept,
    state,
    problem,
    begin,
    hide: () => setOpen(false),
    change,
    discard: reset,
    send,
    addTo,
  };
}

/** Fields that a refusal of the server is about. */
const FIELD_OF: Readonly<Record<string, DraftField>> = {
  'phone-malformed': 'phone',
  'type-unknown': 'type',
  'type-disabled': 'type',
  'place-empty': 'place',
  'place-outside-province': 'place',
  'narrative-empty': 'narrative',
  'text-too-long': 'narrative',
};
