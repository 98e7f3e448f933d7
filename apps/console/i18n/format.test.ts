import { describe, expect, it } from '@jest/globals';
import {
  age,
  area,
  clockTime,
  countUp,
  date,
  dateTime,
  decimal,
  distance,
  momentOf,
  percent,
  signedDuration,
} from './format.ts';

const nightInLima = Date.UTC(2026, 10, 22, 4, 59, 7);

describe('times', () => {
  it('writes Lima time with seconds, 24 h, day first', () => {
    expect(clockTime(nightInLima)).toBe('23:59:07');
    expect(date(nightInLima)).toBe('21/11/2026');
    expect(dateTime(nightInLima)).toBe('21/11/2026 23:59:07');
    expect(clockTime(nightInLima + 60_000)).toBe('00:00:07');
  });

  it('adds the date only to another day', () => {
    expect(momentOf(nightInLima, nightInLima + 10_000)).toBe('23:59:07');
    expect(momentOf(nightInLima, nightInLima + 60_000)).toBe('21/11/2026 23:59:07');
  });

  it('counts up over minutes, hours and days', () => {
    expect([12_000, 725_000, 3_725_000, 273_000_000, -5].map(countUp)).toEqual([
      '00:12',
      '12:05',
      '1:02:05',
      '3 d 03:50:00',
      '00:00',
    ]);
  });

  it('shortens ages', () => {
    expect([0, 59_999, 60_000, 7_200_000, 1e9].map(age)).toEqual(['0 s', '59 s', '1 min', '2 h', '11 d']);
  });
});

describe('numbers', () => {
  it('uses the decimal comma in Spanish', () => {
    expect(decimal(1.94, 1, 'es')).toBe('1,9');
    expect(decimal(1.94, 1, 'en')).toBe('1.9');
    expect(distance(640.4, 'es')).toBe('640 m');
    expect(distance(1900, 'en')).toBe('1.9 km');
    expect(area(8200, 'es')).toBe('8\u00a0200 m²');
    expect(area(420_000, 'en')).toBe('0.42 km²');
  });

  it('never rounds a share up to all', () => {
    expect([0, 0.424, 0.996, 1, 1.2].map(percent)).toEqual(['0 %', '42 %', '99 %', '100 %', '100 %']);
  });

  it('signs clock errors', () => {
    expect(signedDuration(-340, 'en')).toBe('−340 ms');
    expect(signedDuration(1200, 'en')).toBe('+1.2 s');
    expect(signedDuration(125_000, 'en')).toBe('+2 min');
    expect(signedDuration(-7_200_000, 'en')).toBe('−2.0 h');
  });
});
