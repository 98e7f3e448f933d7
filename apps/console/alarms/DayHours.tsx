import { useState } from 'react';
import './alarms.css';
import type { AreaHours } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { endMinuteOfTime, startMinuteOfTime, timeOfMinute } from './schedule-times.ts';

/** Monday first, as the calendar on the wall of the centre. */
export const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;

/** Days of the week, and from when to when. */
export function DayHours({
  hours,
  onChange,
}: {
  readonly hours: AreaHours;
  readonly onChange: (hours: AreaHours) => void;
}) {
  const { say } = useWords();
  const { days, fromMinute, toMinute } = hours;
  const change = (next: Partial<AreaHours>): void => onChange({ days, fromMinute, toMinute, ...next });
  return (
    <>
      <span className="schedule__line" role="group" aria-label={say('schedules.days')}>
        {DAYS.map((day) => (
          <Toggle
            key={day}
            words={say(`day.${day}.short`)}
            title={say(`day.${day}`)}
            isOn={days.includes(day)}
            onToggle={() => change({ days: toggled(days, day) })}
          />
        ))}
      </span>
      <Time
        label={say('schedules.from')}
        minute={fromMinute}
        read={startMinuteOfTime}
        onMinute={(minute) => change({ fromMinute: minute })}
      />
      <Time
        label={say('schedules.to')}
        minute={toMinute}
        read={endMinuteOfTime}
        onMinute={(minute) => change({ toMinute: minute })}
      />
      {toMinute <= fromMinute && <small className="schedules__hint">{say('schedules.nextDay')}</small>}
    </>
  );
}

export function Toggle(props: {
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

export function toggled<T>(list: readonly T[], one: T): T[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
