import { useMemo } from 'react';
import { distanceM, sees } from '#libs/geo';
import type { CameraView, Place } from '#libs/wire';
import { distance } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useIncident } from '../live/dispatch-queries.ts';
import { Tile } from '../player/Tile.tsx';
import { may } from '../ui/session.ts';
import { Icon } from '../ui/Icon.tsx';
import { useDesk } from './desk.ts';
import type { Draft } from './draft.ts';

/** Two rows of two: more would be too small to see a person on. */
const SHOWN = 4;

/**
 * The cameras whose field of view covers the chosen incident, or the place of the call that is being taken, live; where none does,
 * the nearest, and it says so.
 */
export function NearCameras({
  cameras,
  draft,
}: {
  readonly cameras: readonly CameraView[];
  readonly draft: Pick<Draft, 'point' | 'cameraId'> | null;
}) {
  const { say, language } = useWords();
  const { session, selected } = useDesk();
  const detail = useIncident(selected?.id ?? null, selected?.revision ?? 0).data;
  const shown = useMemo(
    () =>
      draft
        ? nearest(cameras, draft.point, draft.cameraId, seeing(cameras, draft.point))
        : nearest(cameras, selected?.place?.point, selected?.cameraId, detail?.cameraIds ?? []),
    [cameras, draft?.point, draft?.cameraId, selected, detail],
  );
  if (!may(session, 'camera:watch')) return null;
  if ((!selected && !draft) || shown.length === 0)
    return (
      <section className="panel near near--idle" id="near-cameras" tabIndex={-1} aria-label={say('near.title')}>
        <p>
          <Icon name="camera" /> {say(selected || draft?.point ? 'near.none' : 'near.idle')}
        </p>
      </section>
    );
  return (
    <section className="near" id="near-cameras" tabIndex={-1} aria-label={say('near.title')} data-count={shown.length}>
      {shown.map(({ camera, awayM, covers }) => (
        <div key={camera.id} className="near__one">
          <Tile camera={camera} wanted="sub" />
          <span className={covers ? 'near__tag near__tag--sees' : 'near__tag'}>
            {covers ? say('near.sees') : say('near.away', { distance: distance(awayM, language) })}
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
  readonly covers: boolean;
}

/** Those that see a place, by their aim. For an incident the server says it: it knows who may be told. */
function seeing(cameras: readonly CameraView[], point: Place | null): readonly string[] {
  if (point === null) return [];
  return cameras.flatMap(({ id, place, bearingDeg, fieldOfViewDeg, rangeM }) =>
    place !== null && bearingDeg !== null && fieldOfViewDeg !== null && rangeM !== null
      ? sees({ place, bearingDeg, fieldOfViewDeg, rangeM }, point)
        ? [id]
        : []
      : [],
  );
}

/** `firstId` before all, then those that see the place, the nearest first; room that is left goes to the nearest that do not. */
function nearest(
  cameras: readonly CameraView[],
  point: Place | null | undefined,
  firstId: string | null | undefined,
  coveringIds: readonly string[],
): readonly Near[] {
  const order = [...(firstId ? [firstId] : []), ...coveringIds];
  const rankOf = (id: string): number => (id === firstId ? -1 : order.includes(id) ? 0 : 1);
  return cameras
    .filter(({ id, place }) => order.includes(id) || (place !== null && point))
    .map((camera) => {
      const awayM = camera.place && point ? distanceM(camera.place, point) : 0;
      return { camera, awayM, covers: order.includes(camera.id) };
    })
    .toSorted((a, b) => rankOf(a.camera.id) - rankOf(b.camera.id) || a.awayM - b.awayM)
    .slice(0, SHOWN);
}
