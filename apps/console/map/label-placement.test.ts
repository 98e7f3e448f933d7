import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeLabels, type LabelBox } from './label-placement.ts';

const box = (id: string, xPx: number, yPx: number, more: Partial<LabelBox> = {}): LabelBox => ({
  id,
  xPx,
  yPx,
  widthPx: 40,
  heightPx: 16,
  offsetPx: 8,
  weight: 1,
  ...more,
});

describe('label placement', () => {
  it('prefers the right side and moves over when it is taken', () => {
    const placed = placeLabels([box('a', 100, 100, { weight: 2 }), box('b', 104, 100)]);
    expect(placed.find(({ id }) => id === 'a')).toEqual({ id: 'a', leftPx: 108, topPx: 92 });
    expect(placed.find(({ id }) => id === 'b')).toEqual({ id: 'b', leftPx: 56, topPx: 92 });
  });

  it('leaves out the light one when there is no room', () => {
    const centred = { offsetPx: 0 };
    expect(
      placeLabels([box('a', 0, 0, centred), box('b', 5, 5, { ...centred, weight: 9 })]).map(({ id }) => id),
    ).toEqual(['b']);
  });

  it('always shows what must be shown', () => {
    const all = [box('a', 0, 0, { offsetPx: 0, weight: 9 }), box('b', 0, 0, { offsetPx: 0, always: true })];
    expect(placeLabels(all).map(({ id }) => id)).toEqual(['b']);
  });

  it('covers no mark, and leaves a name out rather than cover one', () => {
    const mark = (left: number) => ({ left, top: 90, right: left + 14, bottom: 110 });
    expect(placeLabels([box('a', 100, 100)], [mark(120)])[0]).toEqual({ id: 'a', leftPx: 52, topPx: 92 });
    const all = { left: 0, top: 0, right: 200, bottom: 200 };
    expect(placeLabels([box('a', 100, 100)], [all])).toEqual([]);
    expect(placeLabels([box('a', 100, 100, { always: true })], [all])).toHaveLength(1);
  });

  it('never lets two labels overlap', () => {
    const wish = fc.record({
      xPx: fc.integer({ min: 0, max: 300 }),
      yPx: fc.integer({ min: 0, max: 200 }),
      weight: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(wish, { maxLength: 40 }), (wishes) => {
        const placed = placeLabels(wishes.map((one, index) => box(String(index), one.xPx, one.yPx, one)));
        for (const a of placed) {
          for (const b of placed) {
            if (a.id === b.id) continue;
            const apart = Math.abs(a.leftPx - b.leftPx) >= 40 || Math.abs(a.topPx - b.topPx) >= 16;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});
