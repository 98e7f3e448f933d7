/** Below so many, a number may point at somebody: it is not shown to those who see statistics alone. */
export const SMALL_COUNT = 5;

/**
 * Splits what may be shown from what may not: groups below `k`, and, when that is one alone, the next smallest with it, or
 * the total less the rest would tell it. Groups without anything hide nobody and stay.
 */
export function suppressSmall<T>(
  groups: readonly T[],
  countOf: (group: T) => number,
  k: number = SMALL_COUNT,
): { readonly shown: T[]; readonly hidden: T[] } {
  const isSmall = (group: T): boolean => countOf(group) > 0 && countOf(group) < k;
  const hidden = new Set(groups.filter(isSmall));
  if (hidden.size === 1) {
    const rest = groups.filter((group) => !hidden.has(group) && countOf(group) > 0);
    const next = rest.toSorted((a, b) => countOf(a) - countOf(b))[0];
    if (next !== undefined) hidden.add(next);
  }
  return { shown: groups.filter((group) => !hidden.has(group)), hidden: groups.filter((group) => hidden.has(group)) };
}

/** `null` for a number that would point at somebody. */
export function suppressCount(count: number, k: number = SMALL_COUNT): number | null {
  return count > 0 && count < k ? null : count;
}
