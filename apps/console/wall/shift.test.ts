import { describe, expect, it } from '@jest/globals';
import { shiftAt } from './shift.ts';

const limaHour = (hour: number, minute = 0): number => Date.UTC(2026, 10, 22, hour + 5, minute);

describe('shift', () => {
  it('changes at 06, 14 and 22 in Lima', () => {
    const names = [limaHour(5, 59), limaHour(6), limaHour(13, 59), limaHour(14), limaHour(21, 59), limaHour(22)].map(
      (at) => shiftAt(at).name,
    );
    expect(names).toEqual(['night', 'morning', 'morning', 'afternoon', 'afternoon', 'night']);
  });
});
