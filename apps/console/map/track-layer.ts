import L from 'leaflet';
import type { Place } from '#libs/wire';
import type { TownMap } from './town-map.ts';

interface At {
  readonly point: Place;
}

const latLngOf = ({ point }: At): L.LatLngTuple => [point.latitudeDeg, point.longitudeDeg];

/** Where a unit went: whole lines for what is known, dotted ones over what is not. Answers how to take it off the map. */
export function drawTrack(
  { map, palette, zoneCanvas }: TownMap,
  pieces: readonly (readonly At[])[],
  gaps: readonly { readonly from: At; readonly to: At }[],
): () => void {
  const group = L.featureGroup();
  const shared = { renderer: zoneCanvas, interactive: false } as const;
  for (const { from, to } of gaps) {
    const line = [latLngOf(from), latLngOf(to)];
    L.polyline(line, { ...shared, color: palette.unit.away, weight: 2, dashArray: '2 8' }).addTo(group);
  }
  for (const piece of pieces) {
    const line = piece.map(latLngOf);
    L.polyline(line, { ...shared, color: palette.page, weight: 7, opacity: 0.6 }).addTo(group);
    L.polyline(line, { ...shared, color: palette.accent, weight: 3.5 }).addTo(group);
    const only = line[0];
    if (only && line.length === 1)
      L.circleMarker(only, { ...shared, radius: 4, color: palette.accent, fillOpacity: 1 }).addTo(group);
  }
  for (const end of [pieces[0]?.[0], pieces.at(-1)?.at(-1)])
    if (end) L.circleMarker(latLngOf(end), { ...shared, radius: 6, color: palette.text, weight: 3 }).addTo(group);
  group.addTo(map);
  map.fitBounds(group.getBounds(), { padding: [60, 60], maxZoom: 16, animate: false });
  return () => void group.remove();
}
