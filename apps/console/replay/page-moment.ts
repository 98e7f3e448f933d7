import type { IncidentItem, ReplayChangeView, ReplayPageView, UnitView } from '#libs/wire';

/** What a page shows at one moment. */
export interface MomentView {
  readonly incidents: readonly IncidentItem[];
  readonly units: readonly UnitView[];
}

/** Whether a page shows a moment; the last page shows its very end too. */
export function holds({ fromMs, untilMs, nextAfter }: ReplayPageView, atMs: number): boolean {
  return atMs >= fromMs && (atMs < untilMs || (nextAfter === null && atMs <= untilMs));
}

/** How many entries of a page had happened at a moment: entries of one instant happened together. */
export function happened({ changes }: Pick<ReplayPageView, 'changes'>, atMs: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle]!.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The board of a page after its first `count` entries. Positions stay those of the page: tracks tell better ones. */
export function boardAfter({ board, changes }: ReplayPageView, count: number): MomentView {
  const incidents = new Map(board.incidents.map((one) => [one.id, one]));
  const units = new Map(board.units.map((one) => [one.id, one]));
  for (const change of changes.slice(0, count)) {
    for (const one of change.incidents) incidents.set(one.id, one);
    for (const one of change.units) units.set(one.id, { ...one, position: units.get(one.id)?.position ?? null });
  }
  return { incidents: [...incidents.values()], units: [...units.values()] };
}

/** When the next entry after a moment happens within a page, or the one before; what nobody here may read is passed over. */
export function stepWithin({ changes }: Pick<ReplayPageView, 'changes'>, atMs: number, by: 1 | -1): number | null {
  const told = changes.filter(({ line }) => line !== null);
  const found = by === 1 ? told.find((change) => change.atMs > atMs) : told.findLast((change) => change.atMs < atMs);
  return found?.atMs ?? null;
}

/** The log up to a moment, the last first, out of pages in their order. */
export function logUpTo(pages: readonly ReplayPageView[], atMs: number, limit: number): ReplayChangeView[] {
  return pages
    .flatMap(({ changes }) => changes)
    .filter((change) => change.atMs <= atMs && change.line !== null)
    .slice(-limit)
    .toReversed();
}
