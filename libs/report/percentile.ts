/** Number of a sample, and how long half and nine tenths of it took at most. `null` where there is no sample. */
export interface Spread {
  readonly n: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

/**
 * The value below which `share` of a sorted sample lies, with linear interpolation between the two next to it (definition 7
 * of Hyndman and Fan, 1996; the same as `percentile_cont` of SQL:2003 and PostgreSQL). `NaN` of an empty sample.
 */
export function percentile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (high - low) * (place - below);
}

/** Sorts the sample where it lies. */
export function spreadOf(sample: Float64Array): Spread {
  if (sample.length === 0) return { n: 0, medianMs: null, p90Ms: null };
  sample.sort();
  return { n: sample.length, medianMs: percentile(sample, 0.5), p90Ms: percentile(sample, 0.9) };
}

/** What each group's values are, beside each other: `NaN` is no value and is left out. */
export function spreadsByGroup(values: Float64Array, groupOf: Uint32Array, groups: number): Spread[] {
  const starts = new Uint32Array(groups + 1);
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row]!)) starts[groupOf[row]! + 1]!++;
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!;
  const sorted = new Float64Array(starts[groups]!);
  const next = starts.slice();
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (!Number.isNaN(value)) sorted[next[groupOf[row]!]!++] = value;
  }
  return Array.from({ length: groups }, (_, group) => spreadOf(sorted.subarray(starts[group], starts[group + 1])));
}
