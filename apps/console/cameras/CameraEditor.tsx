import { useEffect, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { cameraDetail, changeCameraBody, type CameraView, type ChangeCameraBody } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { dateTime } from '../i18n/format.ts';
import { useCameraDetail } from '../live/queries.ts';
import { codeOf, useServices } from '../live/services.tsx';
import { FIRST_AIM, type Aim } from '../map/aim.ts';
import { CameraAlarmRules } from '../alarms/CameraAlarmRules.tsx';
import { Tile } from '../player/Tile.tsx';
import { Tours } from '../ptz/Tours.tsx';
import { Field } from '../ui/Field.tsx';
import { HealthFacts } from '../ui/HealthFacts.tsx';
import { Icon } from '../ui/Icon.tsx';
import { may } from '../ui/session.ts';
import { AimFields } from './AimFields.tsx';
import { AudioSetting } from './AudioSetting.tsx';
import { CredentialDialog } from './CredentialDialog.tsx';
import type { DeskProps } from './desk.ts';
import { RemoveDialog } from './RemoveDialog.tsx';
import { TransportField } from './TransportField.tsx';
import { useAim } from './use-aim.ts';

export interface CameraEditorProps extends DeskProps {
  readonly camera: CameraView;
  readonly onClose: () => void;
}

/** One camera: its picture and health, its name, where it stands and looks, its login, its removal. */
export function CameraEditor({ camera, town, map, session, onEditing, onClose }: CameraEditorProps) {
  const { say } = useWords();
  const manages = may(session, 'camera:manage');
  const inZones = town.zones.filter(({ id }) => camera.zoneIds.includes(id)).map(({ name }) => name);
  useEffect(() => {
    if (manages) onEditing({ cameraId: camera.id });
    return () => onEditing({});
  }, [manages, camera.id, onEditing]);
  useEffect(() => {
    if (map && camera.place) map.goTo(camera.place, 16.5);
    // Once per camera: it must not follow each drag.
  }, [map, camera.id]);
  return (
    <article className="editor">
      <header className="editor__head">
        <button type="button" className="button button--small" onClick={onClose}>
          ← {say('back')}
        </button>
        <h2>
          <b>{camera.code}</b> {camera.name}
        </h2>
      </header>
      <div className="editor__top">
        <div className="editor__picture">
          {may(session, 'camera:watch') ? (
            <Tile camera={camera} wanted="sub" />
          ) : (
            <p className="notice notice--note">{say('camera.noWatch')}</p>
          )}
        </div>
        <div className="editor__facts">
          <HealthFacts camera={camera} />
        </div>
      </div>
      {camera.hasPtz && <Tours camera={camera} session={session} />}
      {manages ? (
        <EditForm
          camera={camera}
          map={map}
          inZones={inZones}
          mayListen={may(session, 'camera:audio')}
          onRemoved={onClose}
        />
      ) : null}
      {manages && <CameraAlarmRules cameraId={camera.id} />}
    </article>
  );
}

function aimOf(camera: CameraView): Aim | null {
  if (!camera.place) return null;
  return {
    place: camera.place,
    bearingDeg: camera.bearingDeg ?? FIRST_AIM.bearingDeg,
    fieldOfViewDeg: camera.fieldOfViewDeg ?? FIRST_AIM.fieldOfViewDeg,
    rangeM: camera.rangeM ?? FIRST_AIM.rangeM,
  };
}

interface EditFormProps extends Pick<CameraEditorProps, 'camera' | 'map'> {
  readonly inZones: readonly string[];
  readonly mayListen: boolean;
  readonly onRemoved: () => void;
}

function EditForm({ camera, map, inZones, mayListen, onRemoved }: EditFormProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState(camera.name);
  const [code, setCode] = useState(camera.code);
  const [warm, setWarm] = useState(camera.warm);
  const [open, setOpen] = useState<'credential' | 'remove' | null>(null);
  const handle = useAim(map, aimOf(camera), true);
  const wanted: ChangeCameraBody = { name, code: code.toUpperCase(), warm, ...handle.aim };
  const body = changeCameraBody.safeParse(wanted);
  const [renewed, setRenewed] = useState(false);
  const save = useMutation({
    mutationFn: (change: ChangeCameraBody) => http.ask('PATCH', `/api/cameras/${camera.id}`, cameraDetail, change),
    onSuccess: (detail) => queries.setQueryData(['camera', camera.id], detail),
  });
  // Said until the next change: then it would no longer be true.
  const isSaved = save.isSuccess && JSON.stringify(save.variables) === JSON.stringify(body.data);
  return (
    <form
      noValidate
      className="editor__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (body.success) save.mutate(body.data);
      }}
    >
      <div className="editor__names">
        <Field label={say('edit.code')} value={code} onChange={setCode} maxLength={16} required />
        <Field label={say('edit.name')} value={name} onChange={setName} maxLength={80} required />
      </div>
      <AimFields handle={handle} />
      {!camera.isPushed && (
        <label className="editor__warm">
          <input type="checkbox" checked={warm} onChange={(event) => setWarm(event.target.checked)} />
          <span>
            {say('edit.warm')} <small>{say('edit.warm.hint')}</small>
          </span>
        </label>
      )}
      <p className="camera__zones">
        <span>{say('camera.zones')}</span> {inZones.length > 0 ? inZones.join(', ') : say('camera.noZone')}{' '}
        <small>{say('edit.zonesDerived')}</small>
      </p>
      <div aria-live="polite">
        {save.error && <p className="notice notice--bad">{sayError(codeOf(save.error))}</p>}
        {isSaved && <p className="notice notice--good">{say('saved')}</p>}
        {renewed && <p className="notice notice--good">{say('credential.changed')}</p>}
      </div>
      <footer className="editor__foot">
        <button type="submit" className="button button--main" disabled={!body.success || save.isPending}>
          {say('save')}
        </button>
        {!camera.isPushed && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setRenewed(false);
              setOpen('credential');
            }}
          >
            <Icon name="key" />
            {say('credential.change')}
          </button>
        )}
        <button type="button" className="button button--danger" onClick={() => setOpen('remove')}>
          <Icon name="trash" />
          {say('remove.title')}
        </button>
      </footer>
      {!camera.isPushed && <DeviceFacts id={camera.id} mayListen={mayListen} />}
      {open === 'credential' && (
        <CredentialDialog
          camera={camera}
          onClose={() => setOpen(null)}
          onChanged={() => {
            setRenewed(true);
            setOpen(null);
          }}
        />
      )}
      {open === 'remove' && <RemoveDialog camera={camera} onClose={() => setOpen(null)} onRemoved={onRemoved} />}
    </form>
  );
}

/** What only those who manage cameras see: where the device is on the network and what it says of itself. */
function DeviceFacts({ id, mayListen }: { readonly id: string; readonly mayListen: boolean }) {
  const { say, sayError } = useWords();
  const detail = useCameraDetail(id);
  if (detail.error) return <p className="notice notice--note">{sayError(codeOf(detail.error))}</p>;
  if (!detail.data) return null;
  const { host, onvifUrl, serialNumber, macAddress, firmware, adoptedAtMs } = detail.data;
  const rows: readonly (readonly [string, string])[] = [
    [say('device.host'), host],
    [say('device.onvif'), onvifUrl],
    [say('device.serial'), serialNumber ?? '–'],
    [say('device.mac'), macAddress ?? '–'],
    [say('device.firmware'), firmware],
    [say('device.adopted'), dateTime(adoptedAtMs)],
  ];
  return (
    <details className="device">
      <summary>{say('device.title')}</summary>
      <TransportField camera={detail.data} />
      <AudioSetting camera={detail.data} mayChange={mayListen} />
      <dl className="facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
