import L from 'leaflet';
import type { MapReportView } from '#libs/wire';

export type HeatLook = 'heat' | 'cells';

/** One step of the scale: values from `from` on have its colour. */
export interface HeatStep {
  readonly from: number;
  readonly colour: string;
}

const STEPS = 5;
/** Share of the hottest from which each colour begins: what is rare must be seen too. */
const SHARES = [0.005, 0.1, 0.3, 0.5, 0.75] as const;

/** Five colours from the tokens, and the numbers at which they begin. No steps when there is nothing. */
export function heatSteps(view: MapReportView, look: HeatLook, element: Element): HeatStep[] {
  const style = getComputedStyle(element);
  const colours = Array.from({ length: STEPS }, (_, n) => style.getPropertyValue(`--heat-${n + 1}`).trim());
  const most = hottestOf(view, look);
  if (most === 0) return [];
  if (look === 'heat') return SHARES.map((share, n) => ({ from: most * share, colour: colours[n]! }));
  const froms = [...new Set(SHARES.map((share) => Math.max(1, Math.ceil(most * share))))];
  return froms.map((from, n) => ({
    from,
    colour: colours[Math.round((n * (STEPS - 1)) / Math.max(1, froms.length - 1))]!,
  }));
}

function hottestOf({ heat, cells }: MapReportView, look: HeatLook): number {
  const values = look === 'heat' ? heat.map(({ perKm2 }) => perKm2) : cells.map(({ count }) => count);
  return values.reduce((most, value) => Math.max(most, value), 0);
}

interface Valued {
  readonly column: number;
  readonly row: number;
  readonly value: number;
}

/**
 * The cells of a report over the map: one pixel of a canvas per cell, stretched over their place. Heat is smoothed by the
 * browser as it stretches, cells keep their edges.
 */
export function heatLayer(view: MapReportView, look: HeatLook, steps: readonly HeatStep[]): L.Layer | null {
  const cells: readonly Valued[] =
    look === 'heat'
      ? view.heat.map(({ perKm2, ...cell }) => ({ ...cell, value: perKm2 }))
      : view.cells.map(({ count, ...cell }) => ({ ...cell, value: count }));
  if (cells.length === 0) return null;
  const box = wider(boxOf(cells));
  const canvas = document.createElement('canvas');
  canvas.width = box.east - box.west + 1;
  canvas.height = box.north - box.south + 1;
  canvas.className = look === 'heat' ? 'reports__heat' : 'reports__heat reports__heat--cells';
  const pen = canvas.getContext('2d');
  if (!pen) return null;
  for (const { column, row, value } of cells) {
    const colour = steps.findLast(({ from }) => value >= from)?.colour;
    if (colour === undefined) continue;
    pen.fillStyle = colour;
    pen.fillRect(column - box.west, box.north - row, 1, 1);
  }
  // Leaflet's overlay of an element takes any element; its type knows SVG alone.
  return L.svgOverlay(canvas as unknown as SVGElement, boundsOf(view, box), { opacity: 0.72, interactive: false });
}

/** What the map is to show: all of the heat. */
export function boundsOfHeat(view: MapReportView): L.LatLngBounds | null {
  return view.heat.length === 0 ? null : boundsOf(view, boxOf(view.heat));
}

interface Box {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** With an empty pixel around, into which the heat fades. */
function wider({ west, east, south, north }: Box): Box {
  return { west: west - 1, east: east + 1, south: south - 1, north: north + 1 };
}

function boxOf(cells: readonly { readonly column: number; readonly row: number }[]): Box {
  const box = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
  for (const { column, row } of cells) {
    box.west = Math.min(box.west, column);
    box.east = Math.max(box.east, column);
    box.south = Math.min(box.south, row);
    box.north = Math.max(box.north, row);
  }
  return box;
}

function boundsOf({ grid }: MapReportView, { west, east, south, north }: Box): L.LatLngBounds {
  const corner = (column: number, row: number): L.LatLngTuple => [
    grid.originLatitudeDeg + row * grid.stepLatitudeDeg,
    grid.originLongitudeDeg + column * grid.stepLongitudeDeg,
  ];
  return L.latLngBounds(corner(west, south), corner(east + 1, north + 1));
}
