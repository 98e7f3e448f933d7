/** The value that the given share (0..1) of `values` does not exceed: nearest rank. */
export function percentileOf(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('a percentile needs at least one value');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
