import { useEffect, useRef, useState } from 'react';
import type { PathOptions } from 'leaflet';
import type { Ring } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import type { TownMap } from './town-map.ts';
import type { ZoneEditor } from './zone-editor.ts';

interface Outlined {
  readonly id: string;
  readonly ring: Ring;
}

/**
 * The outline of an area as it is on the map now; null until it is closed. `onEditing` hears which area the editor draws,
 * so that the layer under it does not show the old shape.
 */
export function useOutline(
  map: TownMap | null,
  area: Outlined | null,
  look: PathOptions | null,
  onEditing: (editing: { zoneId?: string }) => void,
) {
  const { say } = useWords();
  const [ring, setRing] = useState<Ring | null>(area?.ring ?? null);
  const editor = useRef<ZoneEditor | null>(null);
  const start = useRef({ area, look });
  useEffect(() => {
    const { area: edited } = start.current;
    if (!map) return undefined;
    if (edited) onEditing({ zoneId: edited.id });
    if (edited) map.goToRing(edited.ring);
    let gone = false;
    // The drawing tools are large and only needed here.
    void import('./zone-editor.ts').then(({ ZoneEditor: Editor }) => {
      if (gone) return;
      const words = { first: say('zones.draw.first'), next: say('zones.draw.next'), finish: say('zones.draw.finish') };
      editor.current = new Editor(map, start.current.look ?? {}, edited?.ring ?? null, setRing, words);
    });
    return () => {
      gone = true;
      editor.current?.destroy();
      editor.current = null;
      onEditing({});
    };
  }, [map, onEditing, say]);
  useEffect(() => {
    start.current.look = look;
    if (look) editor.current?.setLook(look);
  }, [look]);
  return { ring, restart: () => editor.current?.restart(), write: (next: Ring) => editor.current?.setRing(next) };
}
