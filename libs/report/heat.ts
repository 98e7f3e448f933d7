import { cellName, type CountedCell } from './grid.ts';

export interface HeatCell {
  readonly column: number;
  readonly row: number;
  /** Incidents per square kilometre, smoothed. */
  readonly perKm2: number;
}

/** More cells than a screen has use for; a bandwidth that is wide for its cells would make them. */
const MAX_HEAT_CELLS = 40_000;

/**
 * Kernel density over a grid of counts: quartic (biweight) kernel, `K(u) = 3/(π h²) (1 − u²)²` for `u = d/h < 1` (Silverman,
 * Density Estimation, 1986, eq. 4.5), from the middle of each cell to the middle of those within `bandwidthM`. The kernel is
 * scaled to sum to one over the cells, so that the heat of a map times the area of its cells is the number of incidents.
 */
export function heatOf(cells: readonly CountedCell[], cellM: number, bandwidthM: number): HeatCell[] {
  const kernel = kernelOf(cellM, bandwidthM);
  const cellKm2 = (cellM / 1_000) ** 2;
  const heat = new Map<string, { column: number; row: number; perKm2: number }>();
  for (const { column, row, count } of cells) {
    for (const { dx, dy, weight } of kernel) {
      const at = { column: column + dx, row: row + dy };
      const name = cellName(at);
      const there = heat.get(name);
      const added = (count * weight) / cellKm2;
      if (there) there.perKm2 += added;
      else if (heat.size < MAX_HEAT_CELLS) heat.set(name, { ...at, perKm2: added });
    }
  }
  return [...heat.values()];
}

function kernelOf(cellM: number, bandwidthM: number): { dx: number; dy: number; weight: number }[] {
  const reach = Math.floor(bandwidthM / cellM);
  const found: { dx: number; dy: number; weight: number }[] = [];
  for (let dx = -reach; dx <= reach; dx++) {
    for (let dy = -reach; dy <= reach; dy++) {
      const u2 = ((dx * dx + dy * dy) * cellM * cellM) / (bandwidthM * bandwidthM);
      if (u2 < 1) found.push({ dx, dy, weight: (1 - u2) ** 2 });
    }
  }
  const sum = found.reduce((all, { weight }) => all + weight, 0);
  return found.map((one) => ({ ...one, weight: one.weight / sum }));
}
