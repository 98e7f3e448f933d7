import type { CameraView } from '#libs/wire';

/** `up` gives a picture, at once or when it is asked for one; `away` gives none (offline, or still connecting). */
export type StateFilter = 'all' | 'up' | 'away';

type Sought = Pick<CameraView, 'code' | 'name' | 'manufacturer' | 'model'> & {
  readonly health: Pick<CameraView['health'], 'state'>;
};

/** Whether a camera is sought by its words (each must occur, accents do not matter) and its state. */
export function matches(camera: Sought, text: string, filter: StateFilter): boolean {
  const { state } = camera.health;
  const up = state === 'online' || state === 'degraded' || state === 'standby';
  if (filter === 'up' && !up) return false;
  if (filter === 'away' && up) return false;
  const hay = plain(`${camera.code} ${camera.name} ${camera.manufacturer} ${camera.model}`);
  return plain(text)
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}
