import { useEffect, useMemo, useRef } from 'react';
import type { AlarmView, CameraView } from '#libs/wire';
import { draftOfAlarm, incidentWorthy } from '../alarms/alarm-draft.ts';
import { useWaitingAlarms } from '../alarms/use-alarms.ts';
import { useWords } from '../i18n/language.tsx';
import { may } from '../ui/session.ts';
import type { Desk } from './desk.ts';
import type { Intake } from './use-intake.ts';

export interface CameraAlarmHand {
  readonly waiting: readonly AlarmView[];
  /** Begins a call of the alarm; nothing is registered before the person sends it. */
  take(alarm: AlarmView): void;
}

/** Alarms of cameras on the desk. A page that sent somebody here for one says so in the address: `/dispatch?alarm=<id>`. */
export function useCameraAlarms(desk: Desk, intake: Intake, cameras: readonly CameraView[]): CameraAlarmHand {
  const { say, sayError } = useWords();
  const { state, waiting: all } = useWaitingAlarms(may(desk.session, 'alarm:view'));
  const waiting = useMemo(() => incidentWorthy(all), [all]);
  const take = (alarm: AlarmView): void => {
    if (!may(desk.session, 'incident:take')) return;
    if (intake.touched) return desk.tell({ kind: 'bad', text: say('intake.busy') });
    const camera = cameras.find(({ id }) => id === alarm.cameraId);
    intake.beginOf(draftOfAlarm(alarm, camera, desk.board.types));
  };
  const asked = useRef(new URLSearchParams(location.search).get('alarm'));
  const ready = state.kind === 'ready' && cameras.length > 0 && desk.board.types.length > 0;
  useEffect(() => {
    const id = asked.current;
    if (!ready || id === null || state.kind !== 'ready') return;
    asked.current = null;
    history.replaceState(null, '', '/dispatch');
    const alarm = state.items.find((one) => one.id === id);
    if (!alarm) desk.tell({ kind: 'bad', text: sayError('alarm-unknown') });
    else if (alarm.incident) desk.select(alarm.incident.id);
    else take(alarm);
  });
  return { waiting, take };
}
