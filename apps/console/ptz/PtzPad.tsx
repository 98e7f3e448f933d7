import { useId, useRef, type FocusEvent, type KeyboardEvent, type PointerEvent } from 'react';
import type { PtzPreset } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useServices } from '../live/services.tsx';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { directionOfKey, type Steering, type Velocity } from './steering.ts';

export interface PtzPadProps {
  readonly steering: Steering;
  readonly disabled: boolean;
  /** Id of the words that say why it is disabled. */
  readonly reasonId?: string | undefined;
  readonly presets: readonly PtzPreset[];
  readonly onHome: () => void;
  readonly onPreset: (token: string) => void;
}

type Label =
  | `ptz.${'up' | 'down' | 'left.turn' | 'right' | 'upLeft' | 'upRight' | 'downLeft' | 'downRight'}`
  | 'ptz.zoomIn'
  | 'ptz.zoomOut';

interface Direction {
  readonly label: Label;
  readonly icon: IconName;
  readonly turnDeg?: number;
  readonly velocity: Velocity;
}

const go = (label: Label, turnDeg: number, pan: number, tilt: number): Direction => ({
  label,
  icon: 'arrow',
  turnDeg,
  velocity: { pan, tilt, zoom: 0 },
});

/** Row by row; the middle one goes home. */
const UPPER = [go('ptz.upLeft', -45, -1, 1), go('ptz.up', 0, 0, 1), go('ptz.upRight', 45, 1, 1)];
const LEFT = go('ptz.left.turn', -90, -1, 0);
const RIGHT = go('ptz.right', 90, 1, 0);
const LOWER = [go('ptz.downLeft', -135, -1, -1), go('ptz.down', 180, 0, -1), go('ptz.downRight', 135, 1, -1)];
const ZOOM: readonly Direction[] = [
  { label: 'ptz.zoomIn', icon: 'plus', velocity: { pan: 0, tilt: 0, zoom: 1 } },
  { label: 'ptz.zoomOut', icon: 'minus', velocity: { pan: 0, tilt: 0, zoom: -1 } },
];

/** The hand on the camera: press and hold, by pointer or by keys while the focus is in it. */
export function PtzPad({ steering, disabled, reasonId, presets, onHome, onPreset }: PtzPadProps) {
  const { say } = useWords();
  const hintId = useId();
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (disabled || event.ctrlKey || event.altKey || event.metaKey) return;
    const direction = directionOfKey(event.key);
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const preset = digit === undefined ? undefined : presets[Number(digit) - 1];
    if (!direction && event.key !== 'Home' && !preset) return;
    event.preventDefault();
    if (event.repeat) return;
    if (direction) steering.press(event.code, direction);
    else if (preset) onPreset(preset.token);
    else onHome();
  };
  const onBlur = (event: FocusEvent<HTMLDivElement>): void => {
    if (!event.currentTarget.contains(event.relatedTarget)) steering.releaseAll();
  };
  const part = (direction: Direction) => (
    <PadButton key={direction.label} direction={direction} steering={steering} disabled={disabled} />
  );
  return (
    <div
      className="pad"
      role="group"
      tabIndex={disabled ? -1 : 0}
      aria-label={say('ptz.pad')}
      aria-describedby={reasonId ?? hintId}
      onKeyDown={onKeyDown}
      onKeyUp={(event) => steering.release(event.code)}
      onBlur={onBlur}
    >
      <div className="pad__turn">
        {UPPER.map(part)}
        {part(LEFT)}
        <button
          type="button"
          className="button pad__key"
          disabled={disabled}
          onClick={onHome}
          aria-label={say('ptz.home')}
          title={say('ptz.home')}
        >
          <Icon name="home" />
        </button>
        {part(RIGHT)}
        {LOWER.map(part)}
      </div>
      <div className="pad__zoom">{ZOOM.map(part)}</div>
      <p className="pad__hint" id={hintId}>
        {say('ptz.keys')}
      </p>
    </div>
  );
}

/** A reader's click has no length: it moves for so long. */
const NUDGE_MS = 300;

function PadButton({
  direction,
  steering,
  disabled,
}: {
  readonly direction: Direction;
  readonly steering: Steering;
  readonly disabled: boolean;
}) {
  const { say } = useWords();
  const { clock } = useServices();
  const heldByKey = useRef(false);
  const { label, velocity } = direction;
  const press = (source: string): void => steering.press(`${label}-${source}`, velocity);
  const release = (source: string): void => steering.release(`${label}-${source}`);
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    press(String(event.pointerId));
  };
  const onPointerEnd = (event: PointerEvent<HTMLButtonElement>): void => release(String(event.pointerId));
  const onKeyDown = (event: KeyboardEvent<HTMLButtonElement>): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    heldByKey.current = true;
    press('key');
  };
  const endKey = (): void => {
    if (heldByKey.current) release('key');
    heldByKey.current = false;
  };
  const onClick = (event: { readonly detail: number }): void => {
    if (event.detail !== 0) return;
    press('click');
    clock.after(NUDGE_MS, () => release('click'));
  };
  return (
    <button
      type="button"
      className="button pad__key"
      disabled={disabled}
      aria-label={say(label)}
      title={say(label)}
      onPointerDown={onPointerDown}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onLostPointerCapture={onPointerEnd}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
      onKeyUp={endKey}
      onBlur={endKey}
      onClick={onClick}
    >
      <span
        className="pad__arrow"
        style={direction.turnDeg === undefined ? undefined : { rotate: `${direction.turnDeg}deg` }}
      >
        <Icon name={direction.icon} />
      </span>
    </button>
  );
}
