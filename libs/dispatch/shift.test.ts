import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_SHIFTS,
  HANDOVER_SECTIONS,
  checkCalendar,
  checkRoster,
  countersignHandover,
  distributeCameras,
  isLockDue,
  lockHandover,
  onDuty,
  rollOf,
  saveSection,
  shiftAt,
  shiftsOfDay,
  startHandover,
  unlockHandover,
  type Handover,
  type RosterEntry,
  type ShiftPattern,
} from '#libs/dispatch';
import type { Result } from '#libs/base';

const HOUR = 3_600_000;
/** A local hour of Lima on 20/11/2026. */
const lima = (hour: number): number => Date.UTC(2026, 10, 20, 5) + hour * HOUR;
const codeOf = (result: Result<unknown>) => (result.ok ? null : result.refusal.code);
const value = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
};

describe('the calendar of shifts', () => {
  it('knows the shift of every hour, and the night belongs to the day on which it began', () => {
    expect([0, 5.99, 6, 13.99, 14, 22, 23.99, 24].map((hour) => shiftAt(DEFAULT_SHIFTS, lima(hour))?.id)).toEqual([
      '2026-11-19/noche',
      '2026-11-19/noche',
      '2026-11-20/manana',
      '2026-11-20/manana',
      '2026-11-20/tarde',
      '2026-11-20/noche',
      '2026-11-20/noche',
      '2026-11-20/noche',
    ]);
    expect(shiftsOfDay(DEFAULT_SHIFTS, lima(12)).map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [lima(6), lima(14)],
      [lima(14), lima(22)],
      [lima(22), lima(30)],
    ]);
  });

  it('refuses shifts that overlap, have no hours or share a name, and allows a gap', () => {
    const code = (...patterns: [string, number, number][]) =>
      codeOf(
        checkCalendar({
          utcOffsetMinutes: -300,
          patterns: patterns.map(([name, startMinute, endMinute]) => ({ id: name, name, startMinute, endMinute })),
        }),
      );
    expect(codeOf(checkCalendar(DEFAULT_SHIFTS))).toBeNull();
    expect(code(['día', 480, 1_200])).toBeNull();
    expect(code(['todo', 0, 0])).toBeNull();
    expect(code(['a', 360, 840], ['b', 839, 1_000])).toBe('shift-overlaps');
    expect(code(['a', 0, 300], ['noche', 1_320, 1])).toBe('shift-overlaps');
    expect(code(['a', 600, 630])).toBe('shift-hours-wrong');
    expect(code(['a', 600, 1_440])).toBe('shift-hours-wrong');
    expect(code(['a', 0, 300], ['a', 300, 600])).toBe('shift-name-taken');
    expect(code()).toBe('shifts-full');
    const hole = { utcOffsetMinutes: -300, patterns: [{ id: 'd', name: 'd', startMinute: 480, endMinute: 1_200 }] };
    expect(shiftAt(hole, lima(3))).toBeNull();
  });

  it('that passes the check has at most one shift at any instant', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const pattern = fc.record({ startMinute: minute, endMinute: minute });
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), fc.nat(2_880), (list, at) => {
        const patterns = list.map((one, n): ShiftPattern => ({ id: `s${n}`, name: `s${n}`, ...one }));
        const calendar = { utcOffsetMinutes: -300, patterns };
        const instant = lima(0) + at * 60_000;
        const running = [-24, 0, 24]
          .flatMap((hours) => shiftsOfDay(calendar, instant + hours * HOUR))
          .filter(({ startMs, endMs }) => startMs <= instant && instant < endMs);
        if (codeOf(checkCalendar(calendar)) === null) expect(running.length).toBeLessThanOrEqual(1);
        expect(shiftAt(calendar, instant) === null).toBe(running.length === 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the roster', () => {
  const shift = shiftAt(DEFAULT_SHIFTS, lima(7))!;
  const entry = (staffId: string, post: RosterEntry['post'], unitId: string | null = null): RosterEntry => ({
    staffId,
    name: staffId,
    post,
    unitId,
    accountId: null,
  });
  const roster = { shift, entries: [entry('jefe', 'shift-chief'), entry('ana', 'driver', 'h1')] };

  it('says who is on duty while its shift runs, and nobody before or after', () => {
    expect(rollOf(roster, lima(7))).toEqual({
      shiftId: '2026-11-20/manana',
      unitIds: new Set(['h1']),
      staffIds: new Set(['jefe', 'ana']),
    });
    expect([rollOf(roster, lima(14)), rollOf(null, lima(7))]).toEqual([null, null]);
    expect(onDuty(roster, lima(7), ['shift-chief', 'dispatcher']).map(({ staffId }) => staffId)).toEqual(['jefe']);
    expect(onDuty(roster, lima(5), ['shift-chief'])).toEqual([]);
  });

  it('has nobody twice', () => {
    expect(codeOf(checkRoster(roster))).toBeNull();
    const twice = { shift, entries: [...roster.entries, entry('ana', 'sereno')] };
    expect(codeOf(checkRoster(twice))).toBe('roster-person-twice');
  });
});

describe('a handover', () => {
  const shift = shiftAt(DEFAULT_SHIFTS, lima(7))!;
  const online = (id: string) => id !== 'rota';
  const filled = (): Handover =>
    HANDOVER_SECTIONS.reduce(
      (book, section) => value(saveSection(book, section, [], 0, online)),
      startHandover(shift, 'Ana'),
    );

  it('is saved by section, and two writers do not overwrite each other', () => {
    const rows = [{ cameraId: 'rota', incidentId: null, text: 'Sin señal desde las 05:10.' }];
    const book = value(saveSection(startHandover(shift, 'Ana'), 'occurrences', rows, 0, online));
    expect(book).toMatchObject({ content: { occurrences: rows }, revisions: { occurrences: 1, highlights: 0 } });
    expect(codeOf(saveSection(book, 'occurrences', [], 0, online))).toBe('handover-changed');
    expect(codeOf(saveSection(book, 'highlights', [], 0, online))).toBeNull();
    const staff = [{ staffId: 'a', name: 'A', cameraIds: ['c1', 'rota'] }];
    expect(codeOf(saveSection(book, 'cameraStaff', staff, 0, online))).toBe('handover-camera-offline');
  });

  it('is locked when every section was seen, or at the end of the shift whatever is missing', () => {
    const empty = startHandover(shift, 'Ana');
    expect(codeOf(lockHandover(empty, 'ana', lima(13)))).toBe('handover-section-empty');
    expect([isLockDue(empty, lima(13.9)), isLockDue(empty, lima(14))]).toEqual([false, true]);
    const locked = value(lockHandover(empty, 'centro', lima(14), true));
    expect(codeOf(saveSection(locked, 'highlights', [], 0, online))).toBe('handover-locked');
    expect(codeOf(unlockHandover(locked, 'sara', '', lima(15)))).toBe('reason-missing');
    const again = value(unlockHandover(locked, 'sara', 'faltó el kilometraje', lima(15)));
    expect(again).toMatchObject({ state: { kind: 'draft' }, unlocks: [{ by: 'sara' }] });
  });

  it('is countersigned by somebody else, and then stands', () => {
    const book = filled();
    expect(codeOf(countersignHandover(book, 'beto', lima(14)))).toBe('handover-not-locked');
    const locked = value(lockHandover(book, 'ana', lima(13.8)));
    expect(codeOf(countersignHandover(locked, 'ana', lima(14)))).toBe('handover-own-countersign');
    const signed = value(countersignHandover(locked, 'beto', lima(14)));
    expect(signed.state).toMatchObject({ kind: 'countersigned', lockedBy: 'ana', by: 'beto' });
    expect(codeOf(unlockHandover(signed, 'sara', 'olvido', lima(15)))).toBe('handover-countersigned');
    expect(codeOf(saveSection(signed, 'highlights', [], 1, online))).toBe('handover-countersigned');
  });

  it('shares cameras evenly', () => {
    const operators = ['a', 'b', 'c'].map((staffId) => ({ staffId, name: staffId }));
    fc.assert(
      fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 40 }), (cameras) => {
        const shares = distributeCameras(operators, cameras).map(({ cameraIds }) => cameraIds);
        expect(shares.flat().sort()).toEqual(cameras.toSorted());
        const sizes = shares.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 50 },
    );
    expect(distributeCameras([], ['c1'])).toEqual([]);
  });
});
