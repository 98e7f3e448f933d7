import { isNone } from './figure-table.ts';
import { leastOf, selectPlace } from './select.ts';

/** Number of a sample, and how long half and nine tenths of it took at most. `null` where there is no sample. */
export interface Spread {
  readonly n: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

/**
 * The value below which `share` of a sample lies, with linear interpolation between the two next to it in order (definition
 * 7 of Hyndman and Fan, 1996; the same as `percentile_cont` of SQL:2003 and PostgreSQL). `NaN` of an empty sample. The sample
 * is put in another order; before `from` lies nothing greater than behind it.
 */
export function percentile(sample: Float64Array, share: number, from = 0): number {
  if (sample.length === 0) return Number.NaN;
  const place = share * (sample.length - 1);
  const below = Math.floor(place);
  selectPlace(sample, below, from);
  const low = sample[below]!;
  if (below === place) return low;
  return low + (leastOf(sample, below + 1, sample.length) - low) * (place - below);
}

/** Puts the sample in another order. */
export function spreadOf(sample: Float64Array): Spread {
  if (sample.length === 0) return { n: 0, medianMs: null, p90Ms: null };
  const medianMs = percentile(sample, 0.5);
  return { n: sample.length, medianMs, p90Ms: percentile(sample, 0.9, Math.floor(0.5 * (sample.length - 1))) };
}

/** How all values spread, and those of each group. `NaN` is no value and is left out. */
export function spreadsByGroup(
  values: Float64Array,
  groupOf: Uint32Array,
  groups: number,
): { readonly whole: Spread; readonly parts: Spread[] } {
  const starts = new Uint32Array(groups + 1);
  for (let row = 0; row < values.length; row++) if (!isNone(values[row]!)) starts[groupOf[row]! + 1]!++;
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!;
  const beside = new Float64Array(starts[groups]!);
  const next = starts.slice();
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!isNone(value)) beside[next[groupOf[row]!]!++] = value;
  }
  const partOf = (group: number): Float64Array => beside.subarray(starts[group], starts[group + 1]);
  const parts = Array.from({ length: groups }, (_, group) => spreadOf(partOf(group)));
  return { parts, whole: spreadOf(beside) };
}
