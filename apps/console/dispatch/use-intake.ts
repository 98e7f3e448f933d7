import { useCallback, useEffect, useMemo, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { RequestError } from '../live/http.ts';
import { codeOf, useServices } from '../live/services.tsx';
import type { AlarmDraft } from '../alarms/alarm-draft.ts';
import type { CommandSender } from './command-sender.ts';
import type { Desk } from './desk.ts';
import {
  DraftKeeper,
  bodyOf,
  callOf,
  commandOf,
  isTouched,
  newDraft,
  type Draft,
  type DraftChange,
  type DraftField,
} from './draft.ts';

/** A call that was discarded by mistake can be taken up again for so long; then it is forgotten. */
const UNDO_MS = 60_000;

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
  /** The same for what a camera's alarm tells. */
  beginOf(alarm: AlarmDraft): void;
  hide(): void;
  change(change: DraftChange): void;
  discard(): void;
  /** Takes up what was discarded a moment ago; `null` when there is nothing, or another call has begun. */
  readonly undo: (() => void) | null;
  send(): Promise<void>;
  /** The call joins an incident that is registered already. */
  addTo(incidentId: string): Promise<void>;
}

/** The call that is being taken: kept at every letter, forgotten only when the server has it or somebody says so. */
export function useIntake(desk: Desk, sender: CommandSender): Intake {
  const { clock, live } = useServices();
  const { say, sayError } = useWords();
  const keeper = useMemo(() => new DraftKeeper(sessionStorage, desk.session.accountId), [desk.session.accountId]);
  const fresh = useCallback(() => newDraft(desk.makeId, live.serverClock.nowMs()), [desk.makeId, live]);
  const [draft, setDraft] = useState<Draft>(() => keeper.load() ?? fresh());
  const [open, setOpen] = useState(() => isTouched(draft));
  const [kept, setKept] = useState(true);
  const [state, setState] = useState<SendState>('idle');
  const [problem, setProblem] = useState<Intake['problem']>(null);
  const [discarded, setDiscarded] = useState<Draft | null>(null);
  const touched = isTouched(draft);
  useEffect(() => setKept(keeper.save(draft)), [keeper, draft]);

  useEffect(() => {
    if (!discarded) return undefined;
    const timer = clock.after(UNDO_MS, () => setDiscarded(null));
    return () => timer.cancel();
  }, [clock, discarded]);

  const begin = (): void => {
    // A call begins when somebody takes it, not when the page was opened.
    if (!open && !touched) setDraft(fresh());
    setOpen(true);
  };
  const change = (made: DraftChange): void => {
    setProblem(null);
    setDiscarded(null);
    setDraft((old) => ({ ...old, ...made }));
  };
  const beginOf = (alarm: AlarmDraft): void => {
    setProblem(null);
    setDiscarded(null);
    setDraft({ ...fresh(), ...alarm });
    setOpen(true);
    desk.select(null);
  };
  const reset = (): void => {
    keeper.forget();
    setDraft(fresh());
    setProblem(null);
    setOpen(false);
  };
  const refused = (thrown: unknown): void => {
    const code = codeOf(thrown);
    if (code === 'alarm-has-incident') {
      const incidentId = thrown instanceof RequestError ? thrown.details['incidentId'] : undefined;
      if (typeof incidentId === 'string') desk.select(incidentId);
    }
    if (code === 'incident-exists') {
      desk.select(draft.incidentId);
      setProblem({ field: null, text: say('intake.registered') });
    } else setProblem({ field: FIELD_OF[code] ?? null, text: sayError(code) });
  };
  /** Sends it under an id of its own; which, is on the shelf before it leaves, so that a reload knows what was sent. */
  const run = async (path: string, command: object, after?: () => Promise<void>): Promise<void> => {
    if (state !== 'idle') return;
    setProblem(null);
    setState('sending');
    const sent = commandOf(draft, path, command, desk.makeId);
    keeper.save(sent);
    setDraft(sent);
    try {
      await sender.send(path, { ...command, commandId: sent.commandId }, () => setState('again'));
      await after?.();
      reset();
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
    return run('/api/incidents', made.body, () => Promise.resolve(desk.select(draft.incidentId)));
  };
  const addTo = (incidentId: string): Promise<void> => {
    const { alarmId, phone, narrativeId } = draft;
    const narrative = draft.narrative.trim();
    const isAlarm = alarmId !== null && phone.trim() === '';
    const command = isAlarm ? { kind: 'linkAlarm', alarmId } : { kind: 'addCall', call: callOf(draft) };
    return run(`/api/incidents/${incidentId}/intake`, command, async () => {
      if (narrative !== '') await desk.intake(incidentId, { kind: 'addNarrative', narrativeId, text: narrative });
      const code = desk.incidentCode(incidentId);
      desk.tell({ kind: 'good', text: say(isAlarm ? 'duplicate.alarmAdded' : 'duplicate.added', { code }) });
      desk.select(incidentId);
    });
  };
  const discard = (): void => {
    setDiscarded(draft);
    reset();
  };
  const undo = (): void => {
    if (!discarded) return;
    setDraft(discarded);
    setDiscarded(null);
    setOpen(true);
    desk.select(null);
  };
  return {
    open,
    draft,
    touched,
    kept,
    state,
    problem,
    begin,
    beginOf,
    hide: () => setOpen(false),
    change,
    discard,
    undo: discarded && !touched ? undo : null,
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
