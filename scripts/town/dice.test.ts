import { describe, expect, it } from '@jest/globals';
import { Dice } from './dice.ts';

const many = (count: number, one: () => number): number[] => Array.from({ length: count }, one);
const meanOf = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

describe('Dice', () => {
  it('throws the same again for the same seed, and other things for another', () => {
    const throws = (seed: string): number[] =>
      many(
        20,
        (
          (dice) => () =>
            dice.share()
        )(new Dice(seed)),
      );
    expect(throws('a')).toEqual(throws('a'));
    expect(throws('a')).not.toEqual(throws('b'));
    expect(throws('a')).not.toEqual(
      many(
        20,
        (
          (dice) => () =>
            dice.share()
        )(new Dice('a').fork('a')),
      ),
    );
  });

  it('does not let the throws of one part change those of another', () => {
    const town = new Dice('town');
    const before = town.fork('Halcón 1').share();
    many(100, () => town.fork('Halcón 2').share());
    expect(town.fork('Halcón 1').share()).toBe(before);
  });

  it('is even, normal and Poisson to what 20,000 throws can tell', () => {
    const dice = new Dice('even');
    const shares = many(20_000, () => dice.share());
    const tenths = many(10, () => 0);
    for (const share of shares) tenths[Math.floor(share * 10)]!++;
    for (const count of tenths) expect(Math.abs(count - 2_000)).toBeLessThan(200);
    const normal = many(20_000, () => dice.normal());
    expect(meanOf(normal)).toBeCloseTo(0, 1);
    expect(meanOf(normal.map((one) => one * one))).toBeCloseTo(1, 1);
    // Waits between chance events have a deviation as large as their mean.
    const gaps = many(20_000, () => dice.gap(5));
    expect(meanOf(gaps) / 5).toBeCloseTo(1, 1);
    expect(Math.sqrt(meanOf(gaps.map((one) => (one - 5) ** 2))) / 5).toBeCloseTo(1, 1);
  });

  it('picks by weight, and nothing that has none', () => {
    const dice = new Dice('weights');
    const picked = Array.from({ length: 3_000 }, () =>
      dice.weighted(['a', 'b', 'c'], (one) => ({ a: 3, b: 1, c: 0 })[one]!),
    );
    const share = picked.filter((one) => one === 'a').length / picked.length;
    expect(share).toBeCloseTo(0.75, 1);
    expect(picked).not.toContain('c');
    expect(() => dice.weighted(['a'], () => 0)).toThrow('weight');
  });
});
