import type { TrackView } from '#libs/wire';

type Fix = TrackView['fixes'][number];

/** Two positions further apart have nothing known between them, as `DEFAULT_TRACK_BOUNDS` of libs/avl says. */
export const MAX_GAP_MS = 5 * 60_000;

/** A time of which nothing is known, and between which positions it lies. */
export interface TrackGap {
  readonly from: Fix;
  readonly to: Fix;
}

/** A track cut where nothing is known: what was travelled, and the gaps between. */
export function piecesOf(fixes: readonly Fix[]): {
  readonly pieces: readonly Fix[][];
  readonly gaps: readonly TrackGap[];
} {
  const pieces: Fix[][] = [];
  const gaps: TrackGap[] = [];
  for (const fix of fixes) {
    const piece = pieces.at(-1);
    const last = piece?.at(-1);
    if (piece && last && fix.takenAtMs - last.takenAtMs <= MAX_GAP_MS) piece.push(fix);
    else {
      if (last) gaps.push({ from: last, to: fix });
      pieces.push([fix]);
    }
  }
  return { pieces, gaps };
}
