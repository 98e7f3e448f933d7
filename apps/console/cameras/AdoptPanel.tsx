import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import {
  adoptBody,
  cameraDetail,
  candidateProbe,
  type AdoptBody,
  type CameraDetail,
  type CandidateProbe,
  type CandidateView,
  type SessionView,
} from '#libs/wire';
import { signedDuration } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import type { TownMap } from '../map/town-map.ts';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { AimFields } from './AimFields.tsx';
import { ProfileChoice } from './ProfileChoice.tsx';
import { useAim } from './use-aim.ts';

export interface AdoptPanelProps {
  readonly candidate: CandidateView;
  readonly map: TownMap | null;
  readonly session: SessionView;
  readonly onClose: () => void;
  readonly onAdopted: (camera: CameraDetail) => void;
}

/** Step one: a login that works. Step two: what the camera offers, its name and its place. */
export function AdoptPanel({ candidate, map, onClose, onAdopted }: AdoptPanelProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const test = useMutation({
    mutationFn: () => http.ask('POST', `/api/candidates/${candidate.id}/test`, candidateProbe, { username, password }),
  });
  return (
    <article className="editor">
      <header className="editor__head">
        <button type="button" className="button button--small" onClick={onClose}>
          ← {say('back')}
        </button>
        <h2>
          {say('adopt.title')} · <code>{candidate.host}</code>
        </h2>
      </header>
      <form
        noValidate
        className="adopt__login"
        onSubmit={(event) => {
          event.preventDefault();
          if (username) test.mutate();
        }}
      >
        <Field
          label={say('credential.username')}
          value={username}
          onChange={setUsername}
          autoComplete="off"
          maxLength={64}
          autoFocus
        />
        <Field
          label={say('credential.password')}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          maxLength={128}
        />
        <button
          type="submit"
          className={test.data ? 'button' : 'button button--main'}
          disabled={!username || test.isPending}
        >
          <Icon name="key" />
          {test.isPending ? say('credential.testing') : say('adopt.test')}
        </button>
      </form>
      <div aria-live="polite">{test.error && <p className="notice notice--bad">{sayError(codeOf(test.error))}</p>}</div>
      {test.data && (
        <AdoptForm
          candidate={candidate}
          probe={test.data}
          login={{ username, password }}
          map={map}
          onAdopted={onAdopted}
        />
      )}
    </article>
  );
}

interface AdoptFormProps {
  readonly candidate: CandidateView;
  readonly probe: CandidateProbe;
  readonly login: Pick<AdoptBody, 'username' | 'password'>;
  readonly map: TownMap | null;
  readonly onAdopted: (camera: CameraDetail) => void;
}

function AdoptForm({ candidate, probe, login, map, onAdopted }: AdoptFormProps) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const [name, setName] = useState(candidate.name || `${probe.manufacturer} ${probe.model}`);
  const [code, setCode] = useState('');
  const [mainProfile, setMain] = useState(suggested(probe, 'main') ?? probe.profiles[0]?.token ?? '');
  const [subProfile, setSub] = useState<string | null>(suggested(probe, 'sub'));
  const handle = useAim(map, null, true);
  const aim = handle.aim ?? { place: null, bearingDeg: null, fieldOfViewDeg: null, rangeM: null };
  const wanted = { ...login, ...aim, name, mainProfile, subProfile, ...(code ? { code: code.toUpperCase() } : {}) };
  const body = adoptBody.safeParse(wanted);
  const adopt = useMutation({
    mutationFn: (given: AdoptBody) => http.ask('POST', `/api/candidates/${candidate.id}/adopt`, cameraDetail, given),
    onSuccess: onAdopted,
  });
  return (
    <form
      noValidate
      className="editor__form"
      onSubmit={(event) => {
        event.preventDefault();
        if (body.success) adopt.mutate(body.data);
      }}
    >
      <Reached probe={probe} />
      <div className="editor__names">
        <Field label={say('edit.code')} hint={say('adopt.code.hint')} value={code} onChange={setCode} maxLength={16} />
        <Field label={say('edit.name')} value={name} onChange={setName} maxLength={80} required />
      </div>
      <ProfileChoice probe={probe} mainProfile={mainProfile} subProfile={subProfile} onMain={setMain} onSub={setSub} />
      <AimFields handle={handle} />
      <div aria-live="polite">
        {adopt.error && <p className="notice notice--bad">{sayError(codeOf(adopt.error))}</p>}
      </div>
      <footer className="editor__foot">
        <button type="submit" className="button button--main" disabled={!body.success || adopt.isPending}>
          <Icon name="plus" />
          {adopt.isPending ? say('adopt.adopting') : say('adopt.confirm')}
        </button>
        {!handle.aim && <small>{say('adopt.placeLater')}</small>}
      </footer>
    </form>
  );
}

/** What the login reached, the hour of the device among it: a clock that is off is the first thing to set right. */
function Reached({ probe }: { readonly probe: CandidateProbe }) {
  const { say, language } = useWords();
  const clock = signedDuration(probe.clockErrorMs, language);
  const clockOff = Math.abs(probe.clockErrorMs) > 2_000 + probe.clockUncertaintyMs;
  const rows: readonly (readonly [string, string])[] = [
    [say('fact.model'), `${probe.manufacturer} ${probe.model}${probe.hasPtz ? ' · PTZ' : ''}`],
    [say('device.firmware'), probe.firmware],
    [say('device.serial'), probe.serialNumber ?? '–'],
    [say('fact.clock'), `${clock} ± ${Math.ceil(probe.clockUncertaintyMs)} ms`],
  ];
  return (
    <div className="stack stack--tight">
      <p className="notice notice--good">{say('adopt.reached')}</p>
      <dl className="reached facts">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {clockOff && <p className="notice notice--warn">{say('adopt.clockOff', { error: clock })}</p>}
    </div>
  );
}

function suggested(probe: CandidateProbe, role: 'main' | 'sub'): string | null {
  return probe.profiles.find(({ suggestedRole }) => suggestedRole === role)?.token ?? null;
}
