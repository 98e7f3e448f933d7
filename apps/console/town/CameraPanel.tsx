import { useEffect, useRef, useState } from 'react';
import type { CameraView, SessionView, ZoneView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { Tile } from '../player/Tile.tsx';
import { PtzPanel } from '../ptz/PtzPanel.tsx';
import { Icon } from '../ui/Icon.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { HealthFacts } from '../ui/HealthFacts.tsx';

export interface CameraPanelProps {
  readonly camera: CameraView;
  readonly zones: readonly ZoneView[];
  readonly canWatch: boolean;
  readonly session: SessionView;
  readonly onClose: () => void;
}

/** The chosen camera: its picture (sub stream; main when enlarged) and how it is. */
export function CameraPanel({ camera, zones, canWatch, session, onClose }: CameraPanelProps) {
  const { say } = useWords();
  const [large, setLarge] = useState(false);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // A question over the page is closed by its own Escape.
      if (event.key !== 'Escape' || (event.target instanceof Element && event.target.closest('dialog'))) return;
      if (large) setLarge(false);
      else onClose();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [large, onClose]);
  const inZones = zones.filter(({ id }) => camera.zoneIds.includes(id)).map(({ name }) => name);
  return (
    <aside className={large ? 'panel camera camera--large' : 'panel camera'} aria-label={camera.name}>
      <header className="camera__head">
        <StateMark state={camera.health.state} />
        <h2>
          <b>{camera.code}</b> {camera.name}
        </h2>
        <button
          type="button"
          className="button button--bare"
          onClick={() => setLarge(!large)}
          aria-pressed={large}
          disabled={!canWatch}
          title={say(large ? 'camera.shrink' : 'camera.enlarge')}
          aria-label={say(large ? 'camera.shrink' : 'camera.enlarge')}
        >
          <Icon name={large ? 'shrink' : 'expand'} />
        </button>
        <button ref={close} type="button" className="button button--bare" onClick={onClose} aria-label={say('close')}>
          <Icon name="close" />
        </button>
      </header>
      <div className="camera__stage">
        <div className="camera__picture">
          {canWatch ? (
            <Tile camera={camera} wanted={large ? 'main' : 'sub'} />
          ) : (
            <p className="notice notice--note">{say('camera.noWatch')}</p>
          )}
        </div>
        {camera.hasPtz && <PtzPanel camera={camera} session={session} overlay={large} />}
      </div>
      <div className="camera__facts">
        <HealthFacts camera={camera} />
        <p className="camera__zones">
          <span>{say('camera.zones')}</span> {inZones.length > 0 ? inZones.join(', ') : say('camera.noZone')}
        </p>
      </div>
    </aside>
  );
}
