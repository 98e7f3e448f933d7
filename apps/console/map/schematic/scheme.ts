import { LABELS, LINES, QUARTERS, streetGrid, type LonLat, type SchemeLabel } from '#libs/scheme';
import type { LabelWish } from '../label-placement.ts';

const PLACE_ZOOM: Readonly<Record<SchemeLabel['kind'], number>> = { water: 12, district: 11, area: 13, place: 15 };

/** Zoom from which a name of a kind and rank is worth its room. */
function zoomOf(kind: SchemeLabel['kind'], rank: number): number {
  return PLACE_ZOOM[kind] + Math.max(0, rank - 1) * 0.6;
}

/** Names of the scheme for the label layer. */
export function schemeLabels(): LabelWish[] {
  return LABELS.map(({ kind, name, rank, at: [longitudeDeg, latitudeDeg] }) => ({
    latitudeDeg,
    longitudeDeg,
    offsetPx: 0,
    id: `scheme/${kind}/${name}`,
    text: name,
    look: kind,
    fromZoom: zoomOf(kind, rank),
    weight: 10 - rank,
  }));
}

/** Lines of the scheme for drawings that are not maps (the backdrop of the sign-in page). */
export function schemeLines(): { readonly kind: string; readonly points: readonly LonLat[] }[] {
  const streets = QUARTERS.flatMap(({ corners, across, along }) => streetGrid(corners, across, along));
  return [...LINES, ...streets.map((points) => ({ kind: 'grid', points }))];
}
