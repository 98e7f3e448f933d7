import { middleOfSector } from '#libs/geo';
import { TYPE_GUESS, type AlarmView, type CameraView, type IncidentTypeView, type Place } from '#libs/wire';

/** What is known of an incident when an alarm of a camera is all that tells of it. */
export interface AlarmDraft {
  readonly channel: 'CAMARA';
  readonly alarmId: string;
  readonly cameraId: string;
  /** A guess by the alarm's kind; `null` where the catalogue offers no such type. */
  readonly typeCode: string | null;
  /** Where the camera looks; where it stands when its aim is not known. */
  readonly point: Place | null;
  /** The camera's name: what people call the place by. */
  readonly placeText: string;
}

export function draftOfAlarm(
  { id, kind, cameraId, cameraCode }: AlarmView,
  camera: CameraView | undefined,
  types: readonly IncidentTypeView[],
): AlarmDraft {
  const guess = types.find(({ code, enabled }) => enabled && code === TYPE_GUESS[kind]);
  return {
    channel: 'CAMARA',
    alarmId: id,
    cameraId,
    typeCode: guess?.code ?? null,
    point: camera ? aimOf(camera) : null,
    placeText: camera ? `${camera.code} ${camera.name}` : cameraCode,
  };
}

function aimOf({ place, bearingDeg, fieldOfViewDeg, rangeM }: CameraView): Place | null {
  if (place === null || bearingDeg === null || fieldOfViewDeg === null || rangeM === null) return place;
  return middleOfSector({ place, bearingDeg, fieldOfViewDeg, rangeM });
}

/** Alarms of which an incident can be made: raised, not seen by anybody, of a camera that shows something. The longest waiting first. */
export function incidentWorthy(waiting: readonly AlarmView[]): AlarmView[] {
  return waiting.filter(({ kind, incident }) => kind !== 'camera-offline' && incident === null);
}

/** Where the incident of an alarm is written down. */
export function deskAddressOf({ id }: Pick<AlarmView, 'id'>): string {
  return `/dispatch?alarm=${id}`;
}
