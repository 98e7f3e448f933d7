import L from 'leaflet';
import { LINES, QUARTERS, SEA, streetGrid, type SchemeLine } from '#libs/scheme';
import type { MapView } from '#libs/wire';
import type { Palette } from './palette.ts';

const toLatLng = ([lng, lat]: readonly number[]): L.LatLngTuple => [lat ?? 0, lng ?? 0];

/** Nobody draws on the base: neither the mouse nor the drawing tools' magnet finds it. */
const UNTOUCHED = { interactive: false, snapIgnore: true } as const;

/** The base under the layers: what the operator supplied, else the scheme drawn from public notes. */
export function baseLayer(base: MapView['base'], palette: Palette, renderer: L.Canvas): L.Layer {
  if (base.kind === 'tiles') return L.tileLayer(base.url, { attribution: base.attribution, maxZoom: 19 });
  const group = L.layerGroup();
  if (base.kind === 'pmtiles') addPmtiles(group, base.url);
  else addScheme(group, palette, renderer);
  return group;
}

/** Loaded only where a file was supplied: it is a large library. */
function addPmtiles(group: L.LayerGroup, url: string): void {
  void import('protomaps-leaflet').then(({ leafletLayer }) => {
    group.addLayer(leafletLayer({ url, flavor: 'dark', lang: 'es' }) as unknown as L.Layer);
  });
}

function addScheme(group: L.LayerGroup, palette: Palette, renderer: L.Canvas): void {
  const sea = { ...UNTOUCHED, renderer, stroke: false, fillColor: palette.sea, fillOpacity: 1 };
  group.addLayer(L.polygon(SEA.map(toLatLng), sea));
  for (const { corners, across, along } of QUARTERS) {
    const streets = streetGrid(corners, across, along).map((street) => street.map(toLatLng));
    group.addLayer(L.polyline(streets, { ...UNTOUCHED, renderer, color: palette.street, weight: 1.25 }));
  }
  const looks: Readonly<Record<SchemeLine['kind'], L.PolylineOptions>> = {
    river: { color: palette.river, weight: 3 },
    avenue: { color: palette.avenue, weight: 3.5, lineJoin: 'round' },
    coast: { color: palette.coast, weight: 2.5 },
  };
  for (const { kind, points } of LINES) {
    group.addLayer(L.polyline(points.map(toLatLng), { ...UNTOUCHED, renderer, ...looks[kind] }));
  }
}
