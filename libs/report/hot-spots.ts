import { cellName, type Cell, type CountedCell } from './grid.ts';

export interface HotSpot extends Cell {
  /** In the cell itself. */
  readonly count: number;
  /** In the cell and the eight around it. */
  readonly around: number;
  /** Gi*: standard deviations above what chance would put around a cell. */
  readonly z: number;
  /** Chance of such a z or more when incidents fell evenly over the cells, one-sided. */
  readonly p: number;
}

/** Share of the spots that may be there by chance. */
export const FALSE_DISCOVERY_RATE = 0.05;
/** Fewer cells or incidents have no normal approximation to stand on. */
export const MIN_STUDY_CELLS = 30;
export const MIN_STUDY_COUNT = 30;

export type HotSpotsReport =
  | {
      readonly kind: 'found';
      readonly studyCells: number;
      readonly meanPerCell: number;
      readonly spots: readonly HotSpot[];
    }
  /** Nothing can be said with so little. */
  | { readonly kind: 'too-few'; readonly studyCells: number; readonly count: number };

/**
 * Hot spots by Getis and Ord's local Gi* (Ord and Getis, Geographical Analysis 27, 1995, eq. 14) with binary weights over a
 * cell and its eight neighbours that are in the study area. Cells with p below the line of Benjamini and Hochberg (1995) at
 * {@link FALSE_DISCOVERY_RATE} are spots, the hottest first. `study` are the cells that count, those without anything too.
 */
export function hotSpotsOf(study: readonly Cell[], counted: readonly CountedCell[]): HotSpotsReport {
  const counts = new Map(study.map((cell) => [cellName(cell), 0]));
  for (const cell of counted) if (counts.has(cellName(cell))) counts.set(cellName(cell), cell.count);
  const n = counts.size;
  const values = [...counts.values()];
  const sum = values.reduce((all, count) => all + count, 0);
  if (n < MIN_STUDY_CELLS || sum < MIN_STUDY_COUNT) return { kind: 'too-few', studyCells: n, count: sum };
  const mean = sum / n;
  const deviation = Math.sqrt(values.reduce((all, count) => all + count * count, 0) / n - mean * mean);
  const cells = study.map((cell): HotSpot => {
    const near = neighbourhood(cell, counts);
    const around = near.reduce((all, count) => all + count, 0);
    const w = near.length;
    const spread = deviation * Math.sqrt((n * w - w * w) / (n - 1));
    const z = spread === 0 ? 0 : (around - mean * w) / spread;
    return { ...cell, count: counts.get(cellName(cell))!, around, z, p: upperTail(z) };
  });
  return { kind: 'found', studyCells: n, meanPerCell: mean, spots: significant(cells) };
}

function neighbourhood({ column, row }: Cell, counts: ReadonlyMap<string, number>): number[] {
  const near: number[] = [];
  for (let dx = -1; dx <= 1; dx++)
    for (let dy = -1; dy <= 1; dy++) {
      const count = counts.get(cellName({ column: column + dx, row: row + dy }));
      if (count !== undefined) near.push(count);
    }
  return near;
}

/** Benjamini and Hochberg: the largest rank i with p(i) <= i/m of the rate, and all before it. */
function significant(cells: readonly HotSpot[]): HotSpot[] {
  const sorted = cells.toSorted((a, b) => b.z - a.z || b.count - a.count);
  let last = -1;
  sorted.forEach(({ p }, index) => {
    if (p <= ((index + 1) / sorted.length) * FALSE_DISCOVERY_RATE) last = index;
  });
  return sorted.slice(0, last + 1);
}

/** 1 − Φ(z) by Abramowitz and Stegun 7.1.26 for erfc; at most 1.5e-7 off. */
export function upperTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-x * x)) / 2;
  return z >= 0 ? tail : 1 - tail;
}
