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
import { DAYS, DayHours, Toggle, toggled } from './DayHours.tsx';

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
  const { kinds, days } = schedule;
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
        <DayHours hours={schedule} onChange={(hours) => onChange({ ...schedule, ...hours })} />
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
