import { describe, expect, it } from '@jest/globals';
import type { TrackView } from '#libs/wire';
import { piecesOf } from './track-pieces.ts';

const at = (minute: number) => ({ takenAtMs: minute * 60_000 }) as TrackView['fixes'][number];
const minutesOf = (fixes: readonly { readonly takenAtMs: number }[]) =>
  fixes.map(({ takenAtMs }) => takenAtMs / 60_000);

describe('a track', () => {
  it('is cut where nothing is known for more than five minutes', () => {
    const { pieces, gaps } = piecesOf([0, 5, 6, 12, 12.5, 60].map(at));
    expect(pieces.map(minutesOf)).toEqual([[0, 5, 6], [12, 12.5], [60]]);
    expect(gaps.map(({ from, to }) => minutesOf([from, to]))).toEqual([
      [6, 12],
      [12.5, 60],
    ]);
    expect(piecesOf([])).toEqual({ pieces: [], gaps: [] });
  });
});
