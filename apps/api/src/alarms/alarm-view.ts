import type { AlarmView } from '#libs/wire';
import type { Alarm } from './alarm-book.ts';
import type { CameraAlarmEntity } from './camera-alarm.entity.ts';

/** Read with its camera. */
export function alarmViewOf(row: CameraAlarmEntity): AlarmView {
  const { id, cameraId, kind, source, detail, raised, endCause, repeats, note } = row;
  return {
    id,
    cameraId,
    cameraCode: row.camera.code,
    kind,
    source,
    detail,
    raised,
    startedAtMs: row.startedAt.getTime(),
    lastSeenAtMs: row.lastSeenAt.getTime(),
    endedAtMs: row.endedAt?.getTime() ?? null,
    endCause,
    repeats,
    acknowledgedAtMs: row.acknowledgedAt?.getTime() ?? null,
    acknowledgedBy: row.acknowledgedName,
    note,
    incident: row.incidentId === null ? null : { id: row.incidentId, code: row.incidentCode ?? '' },
  };
}

/** An open alarm of an earlier run, as memory holds it. What held it open is known for the relay's own kinds only. */
export function alarmOfRow(row: CameraAlarmEntity): Alarm {
  const { id, cameraId, kind, source, detail, raised, endCause, repeats } = row;
  const course = {
    startedAtMs: row.startedAt.getTime(),
    lastSeenAtMs: row.lastSeenAt.getTime(),
    endedAtMs: row.endedAt?.getTime() ?? null,
    endCause,
    repeats,
    acknowledgedAtMs: row.acknowledgedAt?.getTime() ?? null,
    origins: [kind],
    quietAtMs: null,
  };
  return { id, cameraId, kind, source, detail, raised, course };
}
