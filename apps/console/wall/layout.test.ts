import { describe, expect, it } from '@jest/globals';
import { LAYOUTS, TILES, addressOf, layoutOf, pageOf } from './layout.ts';

describe('layouts of a wall', () => {
  it('are kept in the address', () => {
    for (const layout of LAYOUTS) expect(layoutOf(new URL(addressOf(layout), 'http://wall').search)).toBe(layout);
    expect(layoutOf('?layout=unknown')).toBe('map-12');
    expect(TILES['map-12']).toBe(12);
  });

  it('turn pages in a circle, both ways', () => {
    const cameras = Array.from({ length: 30 }, (_, index) => ({ id: String(index), code: `C-${index}` }));
    expect(pageOf(cameras, 12, 0)).toMatchObject({ pages: 3 });
    expect(pageOf(cameras, 12, 2).shown.map(({ id }) => id)).toEqual(['24', '25', '26', '27', '28', '29']);
    expect(pageOf(cameras, 12, 3).shown[0]?.id).toBe('0');
    expect(pageOf(cameras, 12, -1).shown[0]?.id).toBe('24');
    expect(pageOf([], 12, 5)).toEqual({ shown: [], pages: 1 });
  });
});
