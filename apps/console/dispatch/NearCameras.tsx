import { useMemo } from 'react';
import { distanceM } from '#libs/geo';
import type { CameraView, IncidentDetail, IncidentItem } from '#libs/wire';
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
  const { say } = useWords();
  const { session, selected } = useDesk();
  const detail = useIncident(selected?.id ?? null, selected?.revision ?? 0).data;
  const { shown, covering } = useMemo(() => nearest(cameras, selected, detail), [cameras, selected, detail]);
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
      {!covering && <p className="near__note">{say('near.nearest')}</p>}
      {shown.map((camera) => (
        <Tile key={camera.id} camera={camera} wanted="sub" />
      ))}
    </section>
  );
}

function nearest(
  cameras: readonly CameraView[],
  selected: IncidentItem | null,
  detail: IncidentDetail | undefined,
): { readonly shown: readonly CameraView[]; readonly covering: boolean } {
  const byId = new Map(cameras.map((camera) => [camera.id, camera]));
  const covering = (detail?.cameraIds ?? []).flatMap((id) => byId.get(id) ?? []);
  const own = selected?.cameraId ? byId.get(selected.cameraId) : undefined;
  const first = [...new Set([...(own ? [own] : []), ...covering])];
  if (first.length > 0) return { shown: first.slice(0, SHOWN), covering: true };
  const point = selected?.place?.point;
  if (!point) return { shown: [], covering: false };
  const placed = cameras
    .flatMap((camera) => (camera.place ? [{ camera, away: distanceM(camera.place, point) }] : []))
    .toSorted((a, b) => a.away - b.away)
    .slice(0, 2);
  return { shown: placed.map(({ camera }) => camera), covering: false };
}
