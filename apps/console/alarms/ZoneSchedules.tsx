import { useEffect, useState } from 'react';
import './alarms.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  ALARM_KINDS,
  MAX_ZONE_SCHEDULES,
  alarmSettings,
  zoneSchedulesBody,
  zoneSchedulesView,
  type AlarmSchedule,
} from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { endMinuteOfTime, startMinuteOfTime, timeOfMinute } from './schedule-times.ts';

/** Monday first, as the calendar on the wall of the centre. */
const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
const NIGHT: AlarmSchedule = { kinds: ['motion'], days: [...DAYS], fromMinute: 22 * 60, toMinute: 5 * 60 };

/** When alarms of the cameras of a zone call attention. Saved by itself, apart from the zone's outline. */
export function ZoneSchedules({ zoneId }: { readonly zoneId: string }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const path = `/api/zones/${zoneId}/alarm-schedules`;
  const key = ['zone-schedules', zoneId];
  const saved = useQuery({ queryKey: key, queryFn: () => http.ask('GET', path, zoneSchedulesView) });
  const [draft, setDraft] = useState<readonly AlarmSchedule[] | null>(null);
  useEffect(() => setDraft(null), [saved.data]);
  const schedules = draft ?? saved.data?.schedules ?? [];
  const body = zoneSchedulesBody.safeParse({ schedules });
  const save = useMutation({
    mutationFn: () => http.ask('PUT', path, zoneSchedulesView, body.data),
    onSuccess: (view) => queries.setQueryData(key, view),
  });
  const change = (at: number, next: AlarmSchedule): void =>
    setDraft(schedules.map((one, i) => (i === at ? next : one)));
  return (
    <fieldset className="schedules">
      <legend>{say('schedules.title')}</legend>
      <Default />
      {schedules.map((schedule, index) => (
        <OneSchedule
          key={index}
          number={index + 1}
          schedule={schedule}
          onChange={(next) => change(index, next)}
          onRemove={() => setDraft(schedules.filter((_, i) => i !== index))}
        />
      ))}
      <div className="schedules__acts">
        <button
          type="button"
          className="button button--small"
          onClick={() => setDraft([...schedules, NIGHT])}
          disabled={!saved.data || schedules.length >= MAX_ZONE_SCHEDULES}
        >
          <Icon name="plus" />
          {say('schedules.add')}
        </button>
        <button
          type="button"
          className="button button--small button--main"
          onClick={() => save.mutate()}
          disabled={draft === null || !body.success || save.isPending}
        >
          {say('schedules.save')}
        </button>
      </div>
      <div aria-live="polite">
        {(save.error ?? saved.error) && (
          <p className="notice notice--bad">{sayError(codeOf(save.error ?? saved.error))}</p>
        )}
        {save.isSuccess && draft === null && <p className="notice notice--good">{say('saved')}</p>}
      </div>
    </fieldset>
  );
}

/** What holds for the kinds that no row names. */
function Default() {
  const { say } = useWords();
  const { http } = useServices();
  const settings = useQuery({
    queryKey: ['alarm-settings'],
    queryFn: () => http.ask('GET', '/api/settings/alarms', alarmSettings),
  });
  if (!settings.data) return null;
  const kinds = settings.data.raisedKinds.map((kind) => say(`alarm.${kind}`).toLocaleLowerCase()).join(', ');
  return <p className="schedules__hint">{say('schedules.hint', { kinds: kinds === '' ? '–' : kinds })}</p>;
}

interface OneScheduleProps {
  readonly number: number;
  readonly schedule: AlarmSchedule;
  readonly onChange: (next: AlarmSchedule) => void;
  readonly onRemove: () => void;
}

function OneSchedule({ number, schedule, onChange, onRemove }: OneScheduleProps) {
  const { say } = useWords();
  const { kinds, days, fromMinute, toMinute } = schedule;
  const isPastMidnight = toMinute <= fromMinute;
  return (
    <div className="schedule" role="group" aria-label={say('schedules.one', { number })}>
      <div className="schedule__line" role="group" aria-label={say('alarms.filter.kind')}>
        {ALARM_KINDS.map((kind) => (
          <Toggle
            key={kind}
            words={say(`alarm.${kind}`)}
            isOn={kinds.includes(kind)}
            onToggle={() => onChange({ ...schedule, kinds: toggled(kinds, kind) })}
          />
        ))}
      </div>
      <div className="schedule__line">
        <span className="schedule__line" role="group" aria-label={say('schedules.days')}>
          {DAYS.map((day) => (
            <Toggle
              key={day}
              words={say(`day.${day}.short`)}
              title={say(`day.${day}`)}
              isOn={days.includes(day)}
              onToggle={() => onChange({ ...schedule, days: toggled(days, day) })}
            />
          ))}
        </span>
        <Time
          label={say('schedules.from')}
          minute={fromMinute}
          read={startMinuteOfTime}
          onMinute={(minute) => onChange({ ...schedule, fromMinute: minute })}
        />
        <Time
          label={say('schedules.to')}
          minute={toMinute}
          read={endMinuteOfTime}
          onMinute={(minute) => onChange({ ...schedule, toMinute: minute })}
        />
        {isPastMidnight && <small className="schedules__hint">{say('schedules.nextDay')}</small>}
        <button
          type="button"
          className="button button--bare"
          onClick={onRemove}
          aria-label={say('schedules.remove', { number })}
          title={say('schedules.remove', { number })}
        >
          <Icon name="trash" />
        </button>
      </div>
      {(kinds.length === 0 || days.length === 0) && <p className="notice notice--warn">{say('schedules.empty')}</p>}
    </div>
  );
}

function Toggle(props: {
  readonly words: string;
  readonly title?: string;
  readonly isOn: boolean;
  readonly onToggle: () => void;
}) {
  const { words, title, isOn, onToggle } = props;
  return (
    <button type="button" className="toggle" aria-pressed={isOn} title={title} onClick={onToggle}>
      {words}
    </button>
  );
}

interface TimeProps {
  readonly label: string;
  readonly minute: number;
  readonly read: (text: string) => number | undefined;
  readonly onMinute: (minute: number) => void;
}

/** An hour of 24: the browser's own field would follow the language of the machine. */
function Time({ label, minute, read, onMinute }: TimeProps) {
  const [text, setText] = useState(timeOfMinute(minute));
  const leave = (): void => {
    const given = read(text);
    setText(timeOfMinute(given ?? minute));
    if (given !== undefined && given !== minute) onMinute(given);
  };
  return (
    <label className="schedule__time field">
      {label}
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={leave}
        inputMode="numeric"
        maxLength={5}
        placeholder="00:00"
      />
    </label>
  );
}

function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
