import { describe, expect, it } from '@jest/globals';
import { growthPercent } from './page-memory.ts';

describe('growthPercent', () => {
  it('compares the end with the beginning and is not moved by one odd sample', () => {
    expect(growthPercent([100, 100, 900, 100, 100, 100, 110, 110, 110])).toBeCloseTo(10);
    expect(growthPercent([100, 100])).toBe(0);
  });
});
