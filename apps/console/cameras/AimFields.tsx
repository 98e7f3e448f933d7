import { useEffect, type KeyboardEvent } from 'react';
import { nudged, type Aim } from '../map/aim.ts';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import { NumberField } from '../ui/NumberField.tsx';
import type { AimHandle } from './use-aim.ts';

/** Position and aim in numbers, the keyboard's way to the same handles. Ctrl+Z undoes. */
export function AimFields({ handle }: { readonly handle: AimHandle }) {
  const { say } = useWords();
  const { aim, canUndo, undo, begin, set } = handle;
  useUndoKey(undo);
  if (!aim) {
    return (
      <div className="aim aim--none">
        <p>{say('aim.none')}</p>
        <button type="button" className="button" onClick={begin}>
          <Icon name="pin" />
          {say('aim.begin')}
        </button>
      </div>
    );
  }
  const change = (part: Partial<Aim>): void => set({ ...aim, ...part });
  const turn = (event: KeyboardEvent): void => {
    const next = nudgeOf(event, aim);
    if (!next) return;
    event.preventDefault();
    set(next);
  };
  return (
    <fieldset className="aim">
      <legend>{say('aim.title')}</legend>
      <p className="aim__hint">{say('aim.hint')}</p>
      <div className="aim__fields">
        <NumberField
          label={say('aim.latitude')}
          value={aim.place.latitudeDeg}
          digits={6}
          min={-90}
          max={90}
          step={0.0001}
          unit="°"
          onChange={(latitudeDeg) => change({ place: { ...aim.place, latitudeDeg } })}
        />
        <NumberField
          label={say('aim.longitude')}
          value={aim.place.longitudeDeg}
          digits={6}
          min={-180}
          max={180}
          step={0.0001}
          unit="°"
          onChange={(longitudeDeg) => change({ place: { ...aim.place, longitudeDeg } })}
        />
        <NumberField
          label={say('aim.bearing')}
          value={aim.bearingDeg}
          digits={0}
          min={0}
          max={359}
          step={1}
          unit="°"
          onChange={(bearingDeg) => change({ bearingDeg })}
        />
        <NumberField
          label={say('aim.angle')}
          value={aim.fieldOfViewDeg}
          digits={0}
          min={1}
          max={360}
          step={1}
          unit="°"
          onChange={(fieldOfViewDeg) => change({ fieldOfViewDeg })}
        />
        <NumberField
          label={say('aim.range')}
          value={aim.rangeM}
          digits={0}
          min={1}
          max={2000}
          step={5}
          unit="m"
          onChange={(rangeM) => change({ rangeM })}
        />
        <button
          type="button"
          className="button aim__pad"
          onKeyDown={turn}
          aria-label={say('aim.pad')}
          title={say('aim.pad')}
        >
          ← → ↑ ↓
        </button>
      </div>
      <button type="button" className="button button--small" onClick={undo} disabled={!canUndo}>
        <Icon name="undo" />
        {say('undo')}
      </button>
    </fieldset>
  );
}

/** Left and right turn, up and down stretch; with Shift left and right open and close. */
function nudgeOf(event: KeyboardEvent, aim: Aim): Aim | null {
  const sideways = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (sideways !== 0) return nudged(aim, event.shiftKey ? 'angle' : 'bearing', sideways);
  const along = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
  return along === 0 ? null : nudged(aim, 'range', along);
}

function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
      event.preventDefault();
      undo();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [undo]);
}
