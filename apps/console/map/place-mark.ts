import L from 'leaflet';
import type { Place } from '#libs/wire';
import type { TownMap } from './town-map.ts';

/** A ring around a place that is being edited. Answers how to take it off the map. */
export function placeMark({ map, palette, zoneCanvas }: TownMap, { latitudeDeg, longitudeDeg }: Place): () => void {
  const mark = L.circleMarker([latitudeDeg, longitudeDeg], {
    radius: 11,
    color: palette.accent,
    weight: 3,
    fillColor: palette.accent,
    fillOpacity: 0.25,
    renderer: zoneCanvas,
    interactive: false,
  }).addTo(map);
  return () => void mark.remove();
}
