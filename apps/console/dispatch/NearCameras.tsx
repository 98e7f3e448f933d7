import { useMemo } from 'react';
import { distanceM } from '#libs/geo';
import type { CameraView, IncidentDetail, IncidentItem } from '#libs/wire';
import { distance } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useIncident } from '../live/dispatch-queries.ts';
import { Tile } from '../player/Tile.tsx';
import { may } from '../ui/session.ts';
import { Icon } from '../ui/Icon.tsx';
import { useDesk } from './desk.ts';

/** Two rows of two: more would be too small to see a person on. */
const SHOWN = 4;

/** The cameras whose field of view covers the chosen incident, live; where none does, the nearest, and it says so. */
export function NearCameras({ cameras }: { readonly cameras: readonly CameraView[] }) {
  const { say, language } = useWords();
  const { session, selected } = useDesk();
  const detail = useIncident(selected?.id ?? null, selected?.revision ?? 0).data;
  const shown = useMemo(() => nearest(cameras, selected, detail), [cameras, selected, detail]);
  if (!may(session, 'camera:watch')) return null;
  if (!selected || shown.length === 0)
    return (
      <section className="panel near near--idle" id="near-cameras" tabIndex={-1} aria-label={say('near.title')}>
        <p>
          <Icon name="camera" /> {say(selected ? 'near.none' : 'near.idle')}
        </p>
      </section>
    );
  return (
    <section className="near" id="near-cameras" tabIndex={-1} aria-label={say('near.title')} data-count={shown.length}>
      {shown.map(({ camera, awayM, sees }) => (
        <div key={camera.id} className="near__one">
          <Tile camera={camera} wanted="sub" />
          <span className={sees ? 'near__tag near__tag--sees' : 'near__tag'}>
            {sees ? say('near.sees') : say('near.away', { distance: distance(awayM, language) })}
          </span>
        </div>
      ))}
    </section>
  );
}

interface Near {
  readonly camera: CameraView;
  readonly awayM: number;
  /** Its field of view covers the place. */
  readonly sees: boolean;
}

/** Those that see the place, the nearest first; room that is left goes to the nearest that do not, and they say so. */
function nearest(
  cameras: readonly CameraView[],
  selected: IncidentItem | null,
  detail: IncidentDetail | undefined,
): readonly Near[] {
  const point = selected?.place?.point;
  const order = [...(selected?.cameraId ? [selected.cameraId] : []), ...(detail?.cameraIds ?? [])];
  const rankOf = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return cameras
    .filter(({ id, place }) => order.includes(id) || (place !== null && point))
    .map((camera) => {
      const awayM = camera.place && point ? distanceM(camera.place, point) : 0;
      return { camera, awayM, sees: order.includes(camera.id) };
    })
    .toSorted((a, b) => rankOf(a.camera.id) - rankOf(b.camera.id) || a.awayM - b.awayM)
    .slice(0, SHOWN);
}
