import { describe, expect, it } from '@jest/globals';
import { endMinuteOfTime, minuteOfTime, startMinuteOfTime, timeOfMinute } from './schedule-times.ts';

describe('times of a schedule', () => {
  it('are written and read alike', () => {
    for (const minute of [0, 1, 59, 60, 1_320, 1_439, 1_440]) expect(minuteOfTime(timeOfMinute(minute))).toBe(minute);
    expect([minuteOfTime('7:5'), minuteOfTime(' 22.30 ')]).toEqual([425, 1_350]);
    for (const text of ['', '24:01', '25:00', '12:60', 'noon', '1:2:3', '-1:00'])
      expect([text, minuteOfTime(text)]).toEqual([text, undefined]);
  });

  it('begin a day at 0:00 and end it at 24:00', () => {
    expect([startMinuteOfTime('24:00'), startMinuteOfTime('00:00'), startMinuteOfTime('x')]).toEqual([0, 0, undefined]);
    expect([endMinuteOfTime('00:00'), endMinuteOfTime('24:00'), endMinuteOfTime('06:30')]).toEqual([1_440, 1_440, 390]);
  });
});
