import { useEffect, useId, useState } from 'react';
import './ptz.css';
import type { CameraView, PtzPreset, SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf } from '../live/services.tsx';
import { Field } from '../ui/Field.tsx';
import { Icon } from '../ui/Icon.tsx';
import { may } from '../ui/session.ts';
import { HolderLine } from './HolderLine.tsx';
import { PtzPad } from './PtzPad.tsx';
import { TakeOverDialog } from './TakeOverDialog.tsx';
import { turnOf, useAskPresets, usePtz, usePtzView, type Turn } from './use-ptz.ts';

export interface PtzPanelProps {
  readonly camera: CameraView;
  readonly session: SessionView;
  /** Over an enlarged picture: without what is managed. */
  readonly overlay: boolean;
}

const SPEEDS = { slow: 0.2, medium: 0.5, fast: 1 } as const;
type Speed = keyof typeof SPEEDS;
const RESERVE_MINUTES = [5, 15, 30, 60];

/** Steering one camera: who does, the pad, the presets. */
export function PtzPanel({ camera, session, overlay }: PtzPanelProps) {
  const { say, sayError } = useWords();
  const view = usePtzView(camera.id);
  const turn = turnOf(session, view);
  const asked = useAskPresets(camera.id, turn.kind !== 'forbidden');
  const ptz = usePtz(camera.id);
  const [taking, setTaking] = useState(false);
  const [speed, setSpeed] = useState<Speed>('medium');
  const reasonId = useId();
  useEffect(() => ptz.steering.setSpeed(SPEEDS[speed]), [ptz.steering, speed]);
  const blocked = turn.kind === 'forbidden' || turn.kind === 'theirs';
  // What another page took after this one's last news is asked about too.
  useEffect(() => {
    if (ptz.mayTakeOver) setTaking(true);
  }, [ptz.mayTakeOver]);
  if (!view) return null;
  const presets = view.presets ?? [];
  const close = (): void => {
    setTaking(false);
    ptz.forget();
  };
  return (
    <section className={overlay ? 'ptz ptz--overlay' : 'ptz'} aria-label={say('ptz.title')}>
      <HolderLine view={view} session={session} />
      <p className="ptz__reason" id={reasonId}>
        {turn.kind === 'forbidden' && say('ptz.forbidden')}
        {turn.kind === 'theirs' && say(turn.mayTakeOver ? 'ptz.mayTake' : 'ptz.wait')}
      </p>
      {turn.kind !== 'forbidden' && (
        <TurnButtons turn={turn} reserved={view.holder?.reserved === true} ptz={ptz} onTake={() => setTaking(true)} />
      )}
      <div className="ptz__hand">
        <PtzPad
          steering={ptz.steering}
          disabled={blocked}
          reasonId={blocked ? reasonId : undefined}
          presets={presets}
          onHome={() => ptz.order({ op: 'home' })}
          onPreset={(preset) => ptz.order({ op: 'goto', preset })}
        />
        <div className="switch ptz__speed" role="group" aria-label={say('ptz.speed')}>
          {(Object.keys(SPEEDS) as Speed[]).map((one) => (
            <button
              key={one}
              type="button"
              disabled={blocked}
              aria-pressed={speed === one}
              onClick={() => setSpeed(one)}
            >
              {say(`ptz.speed.${one}`)}
            </button>
          ))}
        </div>
      </div>
      <div aria-live="polite">
        {ptz.refusedCode && !ptz.mayTakeOver && <p className="notice notice--bad">{sayError(ptz.refusedCode)}</p>}
      </div>
      <Presets
        presets={view.presets}
        disabled={blocked}
        problem={asked.error ? codeOf(asked.error) : null}
        onGo={(preset) => ptz.order({ op: 'goto', preset })}
      />
      {!overlay && may(session, 'ptz:manage') && (
        <ManagePresets presets={presets} blocked={blocked} onSave={ptz.savePreset} onRemove={ptz.removePreset} />
      )}
      {taking && (
        <TakeOverDialog
          name={view.holder?.displayName ?? ''}
          onClose={close}
          onTake={() => {
            ptz.order({ op: 'take', takeOver: true });
            close();
          }}
        />
      )}
    </section>
  );
}

function TurnButtons({
  turn,
  reserved,
  ptz,
  onTake,
}: {
  readonly turn: Turn;
  readonly reserved: boolean;
  readonly ptz: ReturnType<typeof usePtz>;
  readonly onTake: () => void;
}) {
  const { say } = useWords();
  const [minutes, setMinutes] = useState(15);
  if (turn.kind === 'theirs') {
    return turn.mayTakeOver ? (
      <button type="button" className="button button--danger ptz__take" onClick={onTake}>
        {say('ptz.takeOver')}
      </button>
    ) : null;
  }
  return (
    <div className="ptz__turn">
      <span className="field">
        <select
          aria-label={say('ptz.reserve.for')}
          value={minutes}
          onChange={(event) => setMinutes(Number(event.target.value))}
        >
          {RESERVE_MINUTES.map((one) => (
            <option key={one} value={one}>
              {say('ptz.minutes', { minutes: one })}
            </option>
          ))}
        </select>
      </span>
      <button type="button" className="button" disabled={ptz.busy} onClick={() => ptz.reserve(minutes)}>
        {say(reserved ? 'ptz.reserve.again' : 'ptz.reserve')}
      </button>
      <button type="button" className="button" disabled={ptz.busy || turn.kind !== 'mine'} onClick={ptz.letGo}>
        {say('ptz.letGo')}
      </button>
    </div>
  );
}

function Presets({
  presets,
  disabled,
  problem,
  onGo,
}: {
  readonly presets: readonly PtzPreset[] | null;
  readonly disabled: boolean;
  readonly problem: string | null;
  readonly onGo: (token: string) => void;
}) {
  const { say, sayError } = useWords();
  if (presets === null && problem !== null) return <p className="notice notice--warn">{sayError(problem)}</p>;
  if (presets === null) return null;
  if (presets.length === 0) return <p className="ptz__none">{say('ptz.presets.none')}</p>;
  return (
    <ul className="ptz__presets" aria-label={say('ptz.presets')}>
      {presets.map(({ token, name }, index) => (
        <li key={token}>
          <button type="button" className="button" disabled={disabled} onClick={() => onGo(token)}>
            {index < 9 && <kbd>{index + 1}</kbd>}
            <span>{name}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function ManagePresets({
  presets,
  blocked,
  onSave,
  onRemove,
}: {
  readonly presets: readonly PtzPreset[];
  readonly blocked: boolean;
  readonly onSave: (name: string) => void;
  readonly onRemove: (token: string) => void;
}) {
  const { say } = useWords();
  const [name, setName] = useState('');
  const [removing, setRemoving] = useState<string | null>(null);
  return (
    <details className="ptz__manage">
      <summary>{say('ptz.presets.manage')}</summary>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSave(name.trim());
          setName('');
        }}
      >
        <Field label={say('ptz.presets.name')} value={name} onChange={setName} maxLength={60} />
        <button type="submit" className="button" disabled={blocked || name.trim() === ''}>
          {say('ptz.presets.save')}
        </button>
      </form>
      <ul>
        {presets.map((preset) => (
          <li key={preset.token}>
            <span>{preset.name}</span>
            {removing === preset.token ? (
              <button
                type="button"
                className="button button--small button--danger"
                onClick={() => {
                  onRemove(preset.token);
                  setRemoving(null);
                }}
              >
                {say('ptz.presets.reallyRemove', { name: preset.name })}
              </button>
            ) : (
              <button
                type="button"
                className="button button--bare"
                aria-label={say('ptz.presets.remove', { name: preset.name })}
                onClick={() => setRemoving(preset.token)}
              >
                <Icon name="trash" />
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
