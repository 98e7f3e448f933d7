import { describe, expect, it } from '@jest/globals';
import { endMinuteOfTime, minuteOfTime, timeOfMinute } from './schedule-times.ts';

describe('times of a schedule', () => {
  it('are written and read alike', () => {
    for (const minute of [0, 1, 59, 60, 1_320, 1_439]) expect(minuteOfTime(timeOfMinute(minute))).toBe(minute);
    for (const text of ['', '24:00', '7:00', '12:60', 'noon']) expect(minuteOfTime(text)).toBeUndefined();
  });

  it('end a day at midnight', () => {
    expect([timeOfMinute(1_440), endMinuteOfTime('00:00'), endMinuteOfTime('06:30')]).toEqual(['00:00', 1_440, 390]);
  });
});
