import type { SessionView } from '#libs/wire';
import type { TownView } from '../live/town-view.ts';
import type { TownMap } from '../map/town-map.ts';

/** What the tabs of the cameras page share. */
export interface DeskProps {
  readonly town: TownView;
  readonly map: TownMap | null;
  readonly session: SessionView;
  /** Says what an editor is drawing itself, so that the layers leave it out. */
  readonly onEditing: (editing: { cameraId?: string; zoneId?: string }) => void;
}
