import type { AlarmView, CameraView } from '#libs/wire';
import { AlarmMark } from '../alarms/AlarmMark.tsx';
import { useAcknowledge } from '../alarms/use-alarms.ts';
import { age } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import { may } from '../ui/session.ts';
import { useDesk } from './desk.ts';

/** A desk is no alarm panel: what waits longest, and how many more. */
const SHOWN = 2;

export interface CameraAlarmsProps {
  readonly alarms: readonly AlarmView[];
  readonly cameras: readonly CameraView[];
  readonly onIncident: (alarm: AlarmView) => void;
}

/** Alarms of cameras that wait for somebody: the key I takes the first one down as an incident. */
export function CameraAlarms({ alarms, cameras, onIncident }: CameraAlarmsProps) {
  const { say } = useWords();
  const { session } = useDesk();
  const nowMs = useServerNowMs();
  const acknowledge = useAcknowledge();
  if (alarms.length === 0) return null;
  return (
    <section className="panel calls" aria-label={say('alarms.title')}>
      <ul className="calls__rows">
        {alarms.slice(0, SHOWN).map((alarm, index) => (
          <li key={alarm.id} className={`calls__row alarm--${alarm.kind}`}>
            <AlarmMark kind={alarm.kind} />
            <span className="calls__what">
              <b>{say(`alarm.${alarm.kind}`)}</b>{' '}
              <small>
                {alarm.cameraCode} {cameras.find(({ id }) => id === alarm.cameraId)?.name}
              </small>
            </span>
            <time>{age(nowMs - alarm.startedAtMs)}</time>
            {may(session, 'incident:take') && (
              <button type="button" className="button button--small" onClick={() => onIncident(alarm)}>
                {say('alarms.incident')} {index === 0 && <kbd aria-hidden="true">I</kbd>}
                <span className="sr-only"> {alarm.cameraCode}</span>
              </button>
            )}
            {may(session, 'alarm:acknowledge') && (
              <button
                type="button"
                className="button button--small"
                disabled={acknowledge.isPending}
                onClick={() => acknowledge.mutate({ id: alarm.id, note: '' })}
              >
                {say('alarms.acknowledge')}
                <span className="sr-only"> {alarm.cameraCode}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {alarms.length > SHOWN && (
        <p className="calls__more">{say('alarms.wall.more', { count: alarms.length - SHOWN })}</p>
      )}
    </section>
  );
}
