import { describe, expect, it } from '@jest/globals';
import { seedTypes } from '#libs/dispatch';
import { distanceM, sees } from '#libs/geo';
import { ALARM_KINDS, TYPE_GUESS, type AlarmView, type CameraView, type IncidentTypeView } from '#libs/wire';
import { draftOfAlarm, incidentWorthy } from './alarm-draft.ts';

const TYPES = seedTypes().map((type) => ({ ...type, id: type.code, protocol: '' })) as unknown as IncidentTypeView[];
const CAMERA = {
  id: 'c',
  code: 'C-02',
  name: 'Mercado Pacocha',
  place: { latitudeDeg: -17.6459, longitudeDeg: -71.3453 },
  bearingDeg: 40,
  fieldOfViewDeg: 70,
  rangeM: 60,
} as unknown as CameraView;
const alarm = (kind: AlarmView['kind'], change: Partial<AlarmView> = {}) =>
  ({ id: 'a', cameraId: 'c', cameraCode: 'C-02', kind, incident: null, ...change }) as AlarmView;

describe('the draft of an alarm', () => {
  it('guesses the type by the kind, and puts the place where the camera looks', () => {
    const draft = draftOfAlarm(alarm('line-crossed'), CAMERA, TYPES);
    expect(draft).toMatchObject({ channel: 'CAMARA', alarmId: 'a', cameraId: 'c', typeCode: 'ORD-04' });
    expect(draft.placeText).toBe('C-02 Mercado Pacocha');
    expect(distanceM(CAMERA.place!, draft.point!)).toBeCloseTo(30, 0);
    expect(sees({ ...CAMERA, place: CAMERA.place } as never, draft.point!)).toBe(true);
  });

  it('stands where the camera stands when its aim is not known, and nowhere when that is not known either', () => {
    expect(draftOfAlarm(alarm('motion'), { ...CAMERA, bearingDeg: null }, TYPES).point).toBe(CAMERA.place);
    expect(draftOfAlarm(alarm('motion'), { ...CAMERA, place: null }, TYPES).point).toBeNull();
    expect(draftOfAlarm(alarm('motion'), undefined, TYPES)).toMatchObject({ point: null, placeText: 'C-02' });
  });

  it('offers no type that the centre has switched off', () => {
    expect(draftOfAlarm(alarm('signal-lost'), CAMERA, TYPES).typeCode).toBeNull();
    const on = TYPES.map((type) => ({ ...type, enabled: true }));
    expect(draftOfAlarm(alarm('signal-lost'), CAMERA, on).typeCode).toBe('SER-07');
  });

  it('has a guess for every kind, and each is in the catalogue', () => {
    const codes = seedTypes().map(({ code }) => code);
    expect(ALARM_KINDS.filter((kind) => !codes.includes(TYPE_GUESS[kind]))).toEqual([]);
  });

  it('is offered of what shows something and has no incident yet', () => {
    const waiting = [alarm('camera-offline'), alarm('motion'), alarm('tamper', { incident: { id: 'i', code: '1' } })];
    expect(incidentWorthy(waiting).map(({ kind }) => kind)).toEqual(['motion']);
  });
});
