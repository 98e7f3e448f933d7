import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { z } from 'zod';
import {
  createdPositionDeviceView,
  positionDeviceView,
  type CreatedPositionDeviceView,
  type PositionDeviceView,
} from '#libs/wire';
import { ReasonDialog } from '../cameras/ReasonDialog.tsx';
import { age, date, percent } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices } from '../live/services.tsx';
import { CopyField } from '../ui/CopyField.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { UnitChoice, type UnitChoiceProps } from './UnitChoice.tsx';

const REFRESH_MS = 5_000;
const pathOf = (unitId: string): string => `/api/units/${unitId}/devices`;

/** Phones and trackers of one unit: their tokens, what they said last, and why what they said was not taken. */
export function Devices(props: UnitChoiceProps) {
  const { unitId } = props;
  const { say } = useWords();
  return (
    <div className="stack">
      <p className="places__text">{say('devices.intro')}</p>
      <UnitChoice {...props} />
      {unitId !== null && <OfUnit key={unitId} unitId={unitId} />}
    </div>
  );
}

function OfUnit({ unitId }: { readonly unitId: string }) {
  const { say } = useWords();
  const { http } = useServices();
  const [shown, setShown] = useState<CreatedPositionDeviceView | null>(null);
  const devices = useQuery({
    queryKey: ['devices', unitId],
    queryFn: () => http.ask('GET', pathOf(unitId), z.array(positionDeviceView)),
    refetchInterval: REFRESH_MS,
  });
  if (devices.error && !devices.data)
    return <Failed code={codeOf(devices.error)} onRetry={() => void devices.refetch()} />;
  if (!devices.data) return <Loading />;
  return (
    <>
      <NewDevice unitId={unitId} onGiven={setShown} />
      {devices.data.length === 0 && <Empty icon="pin" title={say('devices.none')} />}
      <ul className="list__rows">
        {devices.data.toReversed().map((device) => (
          <Device key={device.id} device={device} onGiven={setShown} />
        ))}
      </ul>
      {shown && <TokenDialog given={shown} onClose={() => setShown(null)} />}
    </>
  );
}

interface Giving {
  readonly onGiven: (given: CreatedPositionDeviceView) => void;
}

function NewDevice({ unitId, onGiven }: Giving & { readonly unitId: string }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => http.ask('POST', pathOf(unitId), createdPositionDeviceView, { name: name.trim() }),
    onSuccess: async (given) => {
      setName('');
      onGiven(given);
      await queries.invalidateQueries({ queryKey: ['devices', unitId] });
    },
  });
  return (
    <form
      noValidate
      className="places__tools"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') create.mutate();
      }}
    >
      <Field label={say('devices.name')} value={name} onChange={setName} maxLength={60} />
      <button type="submit" className="button button--main" disabled={name.trim() === '' || create.isPending}>
        <Icon name="key" />
        {say('devices.new')}
      </button>
      <div aria-live="polite">
        {create.error && <p className="notice notice--bad">{sayError(codeOf(create.error))}</p>}
      </div>
    </form>
  );
}

function Device({ device, onGiven }: Giving & { readonly device: PositionDeviceView }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const queries = useQueryClient();
  const nowMs = useServerNowMs();
  const [revoking, setRevoking] = useState(false);
  const reload = (): Promise<void> => queries.invalidateQueries({ queryKey: ['devices', device.unitId] });
  const rotate = useMutation({
    mutationFn: () => http.ask('POST', `${pathOf(device.unitId)}/${device.id}/token`, createdPositionDeviceView, {}),
    onSuccess: async (given) => {
      onGiven(given);
      await reload();
    },
  });
  const { name, lastReportAtMs, batteryShare, taken, refusedBy, revokedAtMs, createdAtMs } = device;
  const refusals = Object.entries(refusedBy).toSorted((a, b) => b[1] - a[1]);
  return (
    <li className={`device-card${revokedAtMs === null ? '' : ' device-card--over'}`}>
      <header>
        <b>{name}</b>
        <small>
          {revokedAtMs === null
            ? say('devices.since', { date: date(createdAtMs) })
            : say('devices.revoked', { date: date(revokedAtMs) })}
        </small>
        {revokedAtMs === null && (
          <span className="buttons">
            <button
              type="button"
              className="button button--small"
              disabled={rotate.isPending}
              onClick={() => rotate.mutate()}
            >
              {say('devices.rotate')}
              <span className="sr-only"> {name}</span>
            </button>
            <button type="button" className="button button--small button--danger" onClick={() => setRevoking(true)}>
              {say('devices.revoke')}
              <span className="sr-only"> {name}</span>
            </button>
          </span>
        )}
      </header>
      {revokedAtMs === null && (
        <p>
          {lastReportAtMs === null
            ? say('devices.silent')
            : say('devices.last', { age: age(Math.max(0, nowMs - lastReportAtMs)) })}
          {batteryShare !== null && ` · ${say('devices.battery', { share: percent(batteryShare) })}`}
          {` · ${say('devices.taken', { count: taken })}`}
        </p>
      )}
      {refusals.length > 0 && (
        <ul className="device-card__refusals">
          {refusals.map(([code, count]) => (
            <li key={code}>
              {count} × {sayError(code)}
            </li>
          ))}
        </ul>
      )}
      <div aria-live="polite">
        {rotate.error && <p className="notice notice--bad">{sayError(codeOf(rotate.error))}</p>}
      </div>
      {revoking && (
        <ReasonDialog
          title={say('devices.revoke')}
          what={name}
          effects={[say('devices.revoke.effect'), say('devices.revoke.history')]}
          confirm={say('devices.revoke')}
          path={`${pathOf(device.unitId)}/${device.id}`}
          onClose={() => setRevoking(false)}
          onRemoved={() => {
            setRevoking(false);
            void reload();
          }}
        />
      )}
    </li>
  );
}

/** The one time that a token is shown, as each app asks for it. */
function TokenDialog({ given, onClose }: { readonly given: CreatedPositionDeviceView; readonly onClose: () => void }) {
  const { say } = useWords();
  const { device, osmAndPath, ownTracksPath } = given;
  const { origin } = location;
  return (
    <Dialog title={say('devices.token')} onClose={onClose} done>
      <p>
        <b>{device.name}</b>
      </p>
      <p className="notice notice--warn">{say('devices.once')}</p>
      {location.protocol === 'http:' && <p className="notice notice--note">{say('devices.http')}</p>}
      <CopyField label={say('devices.traccar')} hint={say('devices.traccar.hint')} value={`${origin}${osmAndPath}`} />
      <CopyField
        label={say('devices.osmand')}
        hint={say('devices.osmand.hint')}
        value={`${origin}${osmAndPath}?id=1&lat={0}&lon={1}&timestamp={2}&hdop={3}&altitude={4}`}
      />
      <CopyField
        label={say('devices.owntracks')}
        hint={say('devices.owntracks.hint')}
        value={`${origin}${ownTracksPath}`}
      />
    </Dialog>
  );
}
