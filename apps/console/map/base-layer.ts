import L from 'leaflet';
import type { Feature, LineString, Polygon } from 'geojson';
import type { MapView } from '#libs/wire';
import { ofKind } from './schematic/scheme.ts';
import { streetGrid, type LonLat } from './schematic/street-grid.ts';
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
  const line = (feature: Feature, options: L.PolylineOptions): void => {
    const { coordinates } = feature.geometry as LineString;
    group.addLayer(L.polyline(coordinates.map(toLatLng), { ...UNTOUCHED, renderer, ...options }));
  };
  for (const feature of ofKind('sea')) {
    const outline = (feature.geometry as Polygon).coordinates[0] ?? [];
    const options = { ...UNTOUCHED, renderer, stroke: false, fillColor: palette.sea, fillOpacity: 1 };
    group.addLayer(L.polygon(outline.map(toLatLng), options));
  }
  for (const feature of ofKind('grid')) group.addLayer(gridLayer(feature, palette, renderer));
  for (const feature of ofKind('river')) line(feature, { color: palette.river, weight: 3 });
  for (const feature of ofKind('avenue')) line(feature, { color: palette.avenue, weight: 3.5, lineJoin: 'round' });
  for (const feature of ofKind('coast')) line(feature, { color: palette.coast, weight: 2.5 });
}

function gridLayer(feature: Feature, palette: Palette, renderer: L.Canvas): L.Polyline {
  const corners = ((feature.geometry as Polygon).coordinates[0] ?? []) as unknown as LonLat[];
  const { across, along } = feature.properties as { across: number; along: number };
  const lines = streetGrid(corners, across, along).map((street) => street.map(toLatLng));
  return L.polyline(lines, { ...UNTOUCHED, renderer, color: palette.street, weight: 1.25 });
}
