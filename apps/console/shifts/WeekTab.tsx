import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { addDays, weekdayOf } from '#libs/shift';
import { shiftView, type SessionView, type ShiftView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices, useTopic } from '../live/services.tsx';
import { Failed, Loading } from '../ui/States.tsx';
import { hourOf } from './hour-of.ts';
import { RosterPanel } from './RosterPanel.tsx';

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Seven days of shifts; one is chosen and its roster stands beside. */
export function WeekTab({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const { http } = useServices();
  const today = dateIn(useServerNowMs());
  const [monday, setMonday] = useState(() => addDays(today, 1 - weekdayOf(today)));
  const [chosen, setChosen] = useState<string | null>(null);
  // Each change of a roster moves the topic: then the week is asked for anew.
  const live = useTopic('shifts');
  const stamp = live.kind === 'ready' ? live.items.map(({ id, revision }) => `${id}:${revision}`).join() : '';
  const week = useQuery({
    queryKey: ['shifts', monday, stamp],
    queryFn: () => http.ask('GET', `/api/shifts?from=${monday}&days=7`, z.array(shiftView)),
    placeholderData: (previous) => previous,
    refetchInterval: 30_000,
  });
  if (week.error && !week.data) return <Failed code={codeOf(week.error)} onRetry={() => void week.refetch()} />;
  if (!week.data) return <Loading />;
  const open = week.data.find(({ id }) => id === chosen) ?? week.data.find(({ running }) => running) ?? week.data[0];
  return (
    <div className="week">
      <div className="week__plan">
        <div className="buttons" role="group" aria-label={say('shifts.week')}>
          <button type="button" className="button" onClick={() => setMonday(addDays(monday, -7))}>
            {say('shifts.week.before')}
          </button>
          <button type="button" className="button" onClick={() => setMonday(addDays(today, 1 - weekdayOf(today)))}>
            {say('shifts.week.this')}
          </button>
          <button type="button" className="button" onClick={() => setMonday(addDays(monday, 7))}>
            {say('shifts.week.after')}
          </button>
        </div>
        <ol className="week__days">
          {WEEKDAYS.map((day) => {
            const date = addDays(monday, day - 1);
            const shifts = week.data.filter((one) => one.date === date);
            return (
              <li key={date} className="week__day">
                <h2 aria-current={date === today ? 'date' : undefined}>
                  {say(`shifts.day.${day}`)} <small>{`${date.slice(8)}/${date.slice(5, 7)}`}</small>
                </h2>
                {shifts.length === 0 && <p className="week__none">{say('shifts.none')}</p>}
                {shifts.map((shift) => (
                  <ShiftCard
                    key={shift.id}
                    shift={shift}
                    open={shift.id === open?.id}
                    onOpen={() => setChosen(shift.id)}
                  />
                ))}
              </li>
            );
          })}
        </ol>
      </div>
      {open && <RosterPanel key={`${open.id}:${open.revision}`} shift={open} session={session} week={week.data} />}
    </div>
  );
}

function ShiftCard({
  shift,
  open,
  onOpen,
}: {
  readonly shift: ShiftView;
  readonly open: boolean;
  readonly onOpen: () => void;
}) {
  const { say } = useWords();
  const absent = shift.entries.filter(({ absence }) => absence !== null).length;
  const here = shift.entries.length - absent;
  return (
    <button type="button" className="shift-card" aria-pressed={open} onClick={onOpen}>
      <b>{shift.name}</b>
      <span>
        {hourOf(shift.startMs)}–{hourOf(shift.endMs)}
      </span>
      <span>
        {shift.entries.length === 0
          ? say('shifts.noRoster')
          : say(here === 1 ? 'shifts.people.one' : 'shifts.people', { count: here })}
        {absent > 0 && ` · ${say('shifts.absent', { count: absent })}`}
      </span>
      {shift.running && <span className="chip">{say('shifts.running')}</span>}
    </button>
  );
}

const DATE = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Lima' });
function dateIn(atMs: number): string {
  return DATE.format(atMs);
}
