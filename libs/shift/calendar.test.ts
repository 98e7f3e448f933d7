import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Result } from '#libs/base';
import {
  DEFAULT_SHIFTS,
  EVERY_DAY,
  ShiftTable,
  ZoneTime,
  addDays,
  evolveCalendar,
  isDate,
  setException,
  setPatterns,
  weekdayOf,
  type ShiftCalendar,
  type ShiftPattern,
} from '#libs/shift';

const HOUR = 3_600_000;
/** A local hour of Lima on 20/11/2026. */
const lima = (hour: number): number => Date.UTC(2026, 10, 20, 5) + hour * HOUR;
const codeOf = (result: Result<unknown>) => (result.ok ? null : result.refusal.code);
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};
const pattern = (id: string, startMinute: number, endMinute: number, weekdays = EVERY_DAY): ShiftPattern => ({
  id,
  name: id,
  startMinute,
  endMinute,
  weekdays,
});
const TODAY = '2026-11-20';

describe('wall clocks', () => {
  it('of Lima are five hours behind UTC all year', () => {
    const zone = new ZoneTime('America/Lima');
    for (const date of ['2026-01-01', '2026-07-01', '2026-12-31'])
      expect(zone.instantOf(date, 360)).toBe(Date.parse(`${date}T11:00:00Z`));
    expect(zone.dateOf(lima(0) - 1)).toBe('2026-11-19');
    expect(zone.dateOf(lima(0))).toBe('2026-11-20');
  });

  it('that are changed make nights of 7 and 9 hours, as in Santiago', () => {
    // Chile 2026: back on 5 April at 00:00 (to 23:00), forward on 6 September at 00:00 (to 01:00). IANA tzdata.
    const table = new ShiftTable({ ...DEFAULT_SHIFTS, timeZone: 'America/Santiago' });
    const hours = (date: string): number[] => table.on(date).map(({ startMs, endMs }) => (endMs - startMs) / HOUR);
    expect([hours('2026-04-04'), hours('2026-09-05'), hours('2026-06-01')]).toEqual([
      [8, 8, 9],
      [8, 8, 7],
      [8, 8, 8],
    ]);
    const zone = new ZoneTime('America/Santiago');
    // 23:30 comes twice on 4 April: the first is meant. 00:30 of 6 September is skipped.
    expect(zone.instantOf('2026-04-04', 1_410)).toBe(Date.parse('2026-04-05T02:30:00Z'));
    expect(zone.instantOf('2026-09-06', 30)).toBe(Date.parse('2026-09-06T04:30:00Z'));
  });

  it('and calendars agree in every zone: a minute of a day lies on that day', () => {
    const zones = ['America/Lima', 'America/Santiago', 'Asia/Kathmandu', 'Pacific/Auckland'].map(
      (one) => new ZoneTime(one),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 3_650 }),
        fc.integer({ min: 240, max: 1_300 }),
        (zone, day, minute) => {
          const date = addDays('2020-01-01', day);
          expect(zone.dateOf(zone.instantOf(date, minute))).toBe(date);
        },
      ),
    );
  });

  it('know the days that there are', () => {
    expect(['2026-02-29', '2028-02-29', '2026-13-01', '2026-1-1', 'x'].map(isDate)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
    expect([weekdayOf('2026-11-22'), weekdayOf('2026-11-23')]).toEqual([7, 1]);
  });
});

describe('the calendar of shifts', () => {
  const table = new ShiftTable(DEFAULT_SHIFTS);

  it('knows the shift of every hour, and the night belongs to the day on which it began', () => {
    expect([0, 5.99, 6, 13.99, 14, 22, 23.99, 24].map((hour) => table.at(lima(hour))?.id)).toEqual([
      '2026-11-19/noche',
      '2026-11-19/noche',
      '2026-11-20/manana',
      '2026-11-20/manana',
      '2026-11-20/tarde',
      '2026-11-20/noche',
      '2026-11-20/noche',
      '2026-11-20/noche',
    ]);
    expect(table.next(lima(7))?.id).toBe('2026-11-20/tarde');
    expect(table.around(lima(14), HOUR, HOUR).map(({ id }) => id)).toEqual(['2026-11-20/manana', '2026-11-20/tarde']);
    expect([table.find('2026-11-20/tarde')?.startMs, table.find('2026-11-20/x'), table.find('no')]).toEqual([
      lima(14),
      null,
      null,
    ]);
  });

  it('changes from a day on, and leaves the days before as they were', () => {
    const long = [pattern('dia', 420, 1_140), pattern('nocturno', 1_320, 420)];
    const changed = new ShiftTable(value(setPatterns(DEFAULT_SHIFTS, '2026-12-01', long, TODAY)));
    expect(changed.on('2026-11-30').map(({ id }) => id)).toEqual(table.on('2026-11-30').map(({ id }) => id));
    expect(changed.on('2026-12-01').map(({ name }) => name)).toEqual(['dia', 'nocturno']);
    expect(changed.at(Date.parse('2026-12-02T01:00:00Z'))).toBeNull();
    expect(codeOf(setPatterns(DEFAULT_SHIFTS, '2026-11-19', long, TODAY))).toBe('shift-date-past');
  });

  it('has other shifts at the weekend, and on a date of its own', () => {
    const week = [pattern('m', 360, 840, [1, 2, 3, 4, 5]), pattern('larga', 480, 1_200, [6, 7])];
    const calendar = value(setPatterns(DEFAULT_SHIFTS, '2026-11-23', week, TODAY));
    expect(new ShiftTable(calendar).from('2026-11-27', 3).map(({ id }) => id)).toEqual([
      '2026-11-27/m',
      '2026-11-28/larga',
      '2026-11-29/larga',
    ]);
    const feast = value(setException(calendar, '2026-11-28', { note: 'Aniversario', patterns: [] }, TODAY));
    expect(new ShiftTable(feast).on('2026-11-28')).toEqual([]);
    expect(new ShiftTable(value(setException(feast, '2026-11-28', null, TODAY))).on('2026-11-28')).toHaveLength(1);
    expect(codeOf(setException(calendar, '2026-11-28', null, TODAY))).toBe('shift-exception-unknown');
  });

  it('refuses what nobody can work', () => {
    const code = (...patterns: ShiftPattern[]) => codeOf(setPatterns(DEFAULT_SHIFTS, '2026-12-01', patterns, TODAY));
    expect(code(pattern('todo', 360, 360))).toBeNull();
    expect(code(pattern('a', 360, 840), pattern('b', 839, 1_000))).toBe('shift-overlaps');
    // The night of 30 November still runs until 06:00.
    expect(code(pattern('temprano', 300, 840))).toBe('shift-overlaps');
    expect(code(pattern('a', 600, 630))).toBe('shift-hours-wrong');
    expect(code(pattern('a', 600, 1_440))).toBe('shift-hours-wrong');
    expect(code(pattern('a', 600, 900, []))).toBe('shift-hours-wrong');
    expect(code(pattern('a', 360, 420), pattern('a', 420, 600))).toBe('shift-name-taken');
    expect(code()).toBe('shifts-full');
    expect(codeOf(setPatterns(DEFAULT_SHIFTS, '2026-02-30', [pattern('a', 360, 840)], TODAY))).toBe('shift-date-wrong');
    const night = { note: '', patterns: [pattern('n', 1_320, 400)] };
    expect(codeOf(setException(DEFAULT_SHIFTS, '2026-12-24', night, TODAY))).toBe('shift-overlaps');
  });

  it('has at most one shift at any instant, whatever was edited in which order', () => {
    const minute = fc.integer({ min: 0, max: 47 }).map((half) => half * 30);
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    const patterns = fc.array(fc.record({ startMinute: minute, endMinute: minute, weekdays: days }), { maxLength: 3 });
    const edit = fc.record({ day: fc.integer({ min: 0, max: 14 }), patterns, whole: fc.boolean() });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), fc.integer({ min: -24, max: 500 }), (edits, halfHours) => {
        let calendar: ShiftCalendar = DEFAULT_SHIFTS;
        let folded: ShiftCalendar = DEFAULT_SHIFTS;
        for (const one of edits) {
          const named = one.patterns.map((each, at) => ({ id: `s${at}`, name: `s${at}`, ...each }));
          const date = addDays(TODAY, one.day);
          const edited = one.whole
            ? setPatterns(calendar, date, named, TODAY)
            : setException(calendar, date, { note: '', patterns: named }, TODAY);
          if (!edited.ok) continue;
          calendar = edited.value;
          folded = evolveCalendar(folded, {
            atMs: 0,
            ...(one.whole
              ? { kind: 'shift:patternsSet', fromDate: date, patterns: named }
              : { kind: 'shift:exceptionSet', date, note: '', patterns: named }),
          });
        }
        expect(folded).toEqual(calendar);
        const atMs = lima(0) + halfHours * (HOUR / 2) + 1;
        const running = new ShiftTable(calendar).around(atMs, 0, 0);
        expect(running.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});
