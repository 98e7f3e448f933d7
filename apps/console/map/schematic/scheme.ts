import type { Feature, FeatureCollection, Point, Polygon } from 'geojson';
import type { LabelWish } from '../label-placement.ts';
import ilo from './ilo.json';
import { streetGrid, type LonLat } from './street-grid.ts';

/** The scheme of Ilo, drawn from public notes; `ilo.json` names the certainty of each point. */
const scheme = ilo as unknown as FeatureCollection;

const PLACE_ZOOM: Readonly<Record<string, number>> = { water: 12, district: 11, area: 13, place: 15 };

/** Zoom from which a name of a kind and rank is worth its room. */
function zoomOf(kind: string, rank: number): number {
  return (PLACE_ZOOM[kind] ?? 13) + Math.max(0, rank - 1) * 0.6;
}

export function ofKind(kind: string): Feature[] {
  return scheme.features.filter((feature) => feature.properties?.['kind'] === kind);
}

/** Names of the scheme for the label layer. */
export function schemeLabels(): LabelWish[] {
  return scheme.features
    .filter((feature) => feature.geometry.type === 'Point')
    .map((feature) => {
      const { kind, name, rank } = feature.properties as { kind: string; name: string; rank: number };
      const [longitudeDeg = 0, latitudeDeg = 0] = (feature.geometry as Point).coordinates;
      const place = { latitudeDeg, longitudeDeg, offsetPx: 0 };
      return {
        ...place,
        id: `scheme/${kind}/${name}`,
        text: name,
        look: kind,
        fromZoom: zoomOf(kind, rank),
        weight: 10 - rank,
      };
    });
}

/** Lines of the scheme for drawings that are not maps (the backdrop of the sign-in page). */
export function schemeLines(): { readonly kind: string; readonly points: readonly LonLat[] }[] {
  return scheme.features.flatMap((feature) => {
    const kind = String(feature.properties?.['kind']);
    if (feature.geometry.type === 'LineString')
      return [{ kind, points: feature.geometry.coordinates as unknown as LonLat[] }];
    if (kind !== 'grid') return [];
    const { across, along } = feature.properties as { across: number; along: number };
    const corners = ((feature.geometry as Polygon).coordinates[0] ?? []) as unknown as LonLat[];
    return streetGrid(corners, across, along).map((points) => ({ kind, points }));
  });
}
