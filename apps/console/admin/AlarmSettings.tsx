import { useState } from 'react';
import '../alarms/alarms.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ALARM_KINDS, alarmSettings, type AlarmSettings as Settings } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import { Failed, Loading } from '../ui/States.tsx';

const PATH = '/api/settings/alarms';
const KEY = ['alarm-settings'];

/** What the centre wants of alarms where nobody has said otherwise. */
export function AlarmSettings() {
  const { http } = useServices();
  const settings = useQuery({ queryKey: KEY, queryFn: () => http.ask('GET', PATH, alarmSettings) });
  if (settings.error) return <Failed code={codeOf(settings.error)} onRetry={() => void settings.refetch()} />;
  if (!settings.data) return <Loading />;
  return <Form key={JSON.stringify(settings.data)} saved={settings.data} />;
}

function Form({ saved }: { readonly saved: Settings }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [draft, setDraft] = useState(saved);
  const body = alarmSettings.safeParse(draft);
  const save = useMutation({
    mutationFn: () => http.ask('PUT', PATH, alarmSettings, body.data),
    onSuccess: (view) => queries.setQueryData(KEY, view),
  });
  const set = (change: Partial<Settings>): void => setDraft({ ...draft, ...change });
  const numbers = [
    { name: 'offlineAfterS', unit: 's', min: 3, max: 600 },
    { name: 'cooldownS', unit: 's', min: 0, max: 3_600 },
    { name: 'keepDays', unit: say('alarmSettings.dayUnit'), min: 7, max: 3_650 },
  ] as const;
  return (
    <form
      noValidate
      className="stack networks"
      onSubmit={(event) => {
        event.preventDefault();
        if (body.success) save.mutate();
      }}
    >
      {numbers.map(({ name, unit, min, max }) => (
        <NumberField
          key={name}
          label={say(`alarmSettings.${name}`)}
          value={draft[name]}
          digits={0}
          min={min}
          max={max}
          step={1}
          unit={unit}
          onChange={(value) => set({ [name]: Math.round(value) })}
        />
      ))}
      <fieldset className="alarm-kinds">
        <legend>{say('alarmSettings.raisedKinds')}</legend>
        {ALARM_KINDS.map((kind) => (
          <label key={kind}>
            <input
              type="checkbox"
              checked={draft.raisedKinds.includes(kind)}
              onChange={(event) =>
                set({
                  raisedKinds: ALARM_KINDS.filter((one) =>
                    one === kind ? event.target.checked : draft.raisedKinds.includes(one),
                  ),
                })
              }
            />
            {say(`alarm.${kind}`)}
          </label>
        ))}
      </fieldset>
      <p>{say('alarmSettings.text')}</p>
      <div aria-live="polite">{save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}</div>
      <button
        type="submit"
        className="button button--main button--start"
        disabled={!body.success || save.isPending || JSON.stringify(draft) === JSON.stringify(saved)}
      >
        {say('save')}
      </button>
    </form>
  );
}
