import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { POSTS, type Post } from '#libs/shift';
import { staffView, type SessionView, type ShiftView, type StaffView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices, useSorted, useTopic } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { may } from '../ui/session.ts';
import { AbsenceDialog } from './AbsenceDialog.tsx';
import { SwapDialog } from './SwapDialog.tsx';
import { hourOf } from './hour-of.ts';
import { useCommand } from './use-command.ts';

type Entry = ShiftView['entries'][number];
interface Plan {
  readonly staffId: string;
  readonly name: string;
  readonly post: Post;
  readonly unitId: string | null;
}

/** Who works one shift: read by all, changed by those who plan until it is over. */
export function RosterPanel({
  shift,
  session,
  week,
}: {
  readonly shift: ShiftView;
  readonly session: SessionView;
  readonly week: readonly ShiftView[];
}) {
  const { say, sayError } = useWords();
  const nowMs = useServerNowMs();
  const editable = may(session, 'shift:manage') && nowMs < shift.endMs;
  const [plans, setPlans] = useState<readonly Plan[]>(shift.entries);
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState<{ readonly what: 'absence' | 'swap'; readonly entry: Entry } | null>(null);
  const staff = useStaff(editable);
  const command = useCommand();
  const code = command.error ? codeOf(command.error) : null;
  const dirty = planText(plans) !== planText(shift.entries);
  const path = `/api/shifts/${shift.id}`;
  const save = (): void => {
    const entries = plans.map(({ staffId, post, unitId }) => ({ staffId, post, unitId }));
    command.mutate({ method: 'PUT', path: `${path}/roster`, body: { baseRevision: shift.revision, entries, reason } });
  };
  return (
    <section className="roster" aria-label={say('shifts.roster')}>
      <h2>
        {shift.name}{' '}
        <small>{`${shift.date.slice(8)}/${shift.date.slice(5, 7)} · ${hourOf(shift.startMs)}–${hourOf(shift.endMs)}`}</small>
      </h2>
      {plans.length === 0 && <p className="notice notice--hint">{say('shifts.roster.empty')}</p>}
      <ul className="roster__list">
        {plans.map((plan, at) => {
          const entry = shift.entries.find(({ staffId }) => staffId === plan.staffId);
          const change = (next: Partial<Plan>): void =>
            setPlans(plans.map((one, index) => (index === at ? { ...one, ...next } : one)));
          return (
            <li key={plan.staffId} className={entry?.absence ? 'roster__row roster__row--absent' : 'roster__row'}>
              <PlanFields plan={plan} disabled={!editable} onChange={change} />
              {entry && <Standing entry={entry} />}
              {editable && (
                <span className="buttons">
                  {entry && !entry.absence && !dirty && (
                    <>
                      <button
                        type="button"
                        className="button button--small"
                        onClick={() => setAsking({ what: 'absence', entry })}
                      >
                        {say('shifts.absence')}
                      </button>
                      <button
                        type="button"
                        className="button button--small"
                        onClick={() => setAsking({ what: 'swap', entry })}
                      >
                        {say('shifts.swap')}
                      </button>
                    </>
                  )}
                  {entry?.absence && !dirty && (
                    <button
                      type="button"
                      className="button button--small"
                      onClick={() =>
                        command.mutate({
                          method: 'POST',
                          path: `${path}/absences/lift`,
                          body: { staffId: plan.staffId },
                        })
                      }
                    >
                      {say('shifts.absence.lift')}
                    </button>
                  )}
                  <button
                    type="button"
                    className="button button--small button--bare"
                    aria-label={say('shifts.remove', { name: plan.name })}
                    onClick={() => setPlans(plans.filter((one) => one !== plan))}
                  >
                    <Icon name="trash" />
                  </button>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {editable && <AddPerson staff={staff} taken={plans} onAdd={(plan) => setPlans([...plans, plan])} />}
      <div aria-live="polite">{code !== null && <p className="notice notice--bad">{sayError(code)}</p>}</div>
      {code === 'roster-rest-short' && (
        <Field label={say('shifts.reason')} value={reason} onChange={setReason} maxLength={300} />
      )}
      {editable && (
        <button type="button" className="button button--main" disabled={!dirty || command.isPending} onClick={save}>
          {say('save')}
        </button>
      )}
      {asking?.what === 'absence' && (
        <AbsenceDialog shift={shift} entry={asking.entry} staff={staff} onClose={() => setAsking(null)} />
      )}
      {asking?.what === 'swap' && (
        <SwapDialog shift={shift} entry={asking.entry} week={week} onClose={() => setAsking(null)} />
      )}
    </section>
  );
}

function PlanFields({
  plan,
  disabled,
  onChange,
}: {
  readonly plan: Plan;
  readonly disabled: boolean;
  readonly onChange: (next: Partial<Plan>) => void;
}) {
  const { say } = useWords();
  const units = useSorted(useTopic('units'), ({ callSign }) => callSign);
  return (
    <>
      <b className="roster__name">{plan.name}</b>
      <select
        aria-label={say('shifts.post.of', { name: plan.name })}
        value={plan.post}
        disabled={disabled}
        onChange={(event) => onChange({ post: POSTS.find((one) => one === event.target.value) ?? plan.post })}
      >
        {POSTS.map((post) => (
          <option key={post} value={post}>
            {say(`shifts.post.${post}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={say('shifts.unit.of', { name: plan.name })}
        value={plan.unitId ?? ''}
        disabled={disabled}
        onChange={(event) => onChange({ unitId: event.target.value === '' ? null : event.target.value })}
      >
        <option value="">{say('shifts.unit.none')}</option>
        {units.map(({ id, callSign }) => (
          <option key={id} value={id}>
            {callSign}
          </option>
        ))}
      </select>
    </>
  );
}

function Standing({ entry }: { readonly entry: Entry }) {
  const { say } = useWords();
  const { absence, attendance } = entry;
  if (absence)
    return (
      <span className="chip">
        {absence.cause ? say(`shifts.cause.${absence.cause}`) : say('shifts.absent.one')}
        {absence.note && ` · ${absence.note}`}
      </span>
    );
  if (!attendance) return null;
  const km = [attendance.startKm, attendance.endKm].map((one) => (one === null ? '' : ` (${one} km)`));
  return (
    <span className="chip">
      {hourOf(attendance.startedAtMs)}
      {km[0]}
      {attendance.endedAtMs !== null && ` – ${hourOf(attendance.endedAtMs)}${km[1]}`}
    </span>
  );
}

function AddPerson({
  staff,
  taken,
  onAdd,
}: {
  readonly staff: readonly StaffView[];
  readonly taken: readonly Plan[];
  readonly onAdd: (plan: Plan) => void;
}) {
  const { say } = useWords();
  const free = staff.filter(({ id, left }) => !left && !taken.some(({ staffId }) => staffId === id));
  return (
    <div className="field">
      <label htmlFor="roster-add">{say('shifts.add')}</label>
      <select
        id="roster-add"
        value=""
        onChange={(event) => {
          const person = free.find(({ id }) => id === event.target.value);
          if (person) onAdd({ staffId: person.id, name: person.name, post: 'sereno', unitId: null });
        }}
      >
        <option value="">{say('shifts.add.choose')}</option>
        {free.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

const NOBODY: readonly StaffView[] = [];
function useStaff(wanted: boolean): readonly StaffView[] {
  const { http } = useServices();
  const staff = useQuery({
    queryKey: ['staff'],
    queryFn: () => http.ask('GET', '/api/staff', z.array(staffView)),
    enabled: wanted,
  });
  return staff.data ?? NOBODY;
}

function planText(plans: readonly Plan[]): string {
  return plans.map(({ staffId, post, unitId }) => `${staffId}/${post}/${unitId}`).join();
}
