import { describe, expect, it } from '@jest/globals';
import { streetGrid } from './street-grid.ts';

describe('street grid', () => {
  it('draws both edges and the streets between them', () => {
    const lines = streetGrid(
      [
        [0, 10],
        [4, 10],
        [4, 0],
        [0, 0],
      ],
      2,
      1,
    );
    expect(lines).toEqual([
      [
        [0, 10],
        [0, 0],
      ],
      [
        [2, 10],
        [2, 0],
      ],
      [
        [4, 10],
        [4, 0],
      ],
      [
        [0, 10],
        [4, 10],
      ],
      [
        [0, 0],
        [4, 0],
      ],
    ]);
  });

  it('draws nothing of a quarter that has no four corners', () => {
    expect(streetGrid([[0, 0]], 3, 3)).toEqual([]);
  });
});
