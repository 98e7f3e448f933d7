import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Result } from '#libs/base';
import {
  DEFAULT_SHIFTS,
  DEFAULT_SHIFT_RULES,
  ShiftTable,
  checkAbsence,
  checkAbsenceLift,
  checkEnd,
  checkNotOver,
  checkRoster,
  checkStart,
  checkSwap,
  evolveRoster,
  onDuty,
  rollOf,
  type Roster,
  type RosterPlan,
  ROSTER_CAPS,
} from '#libs/shift';

const HOUR = 3_600_000;
const RULES = DEFAULT_SHIFT_RULES;
const lima = (hour: number): number => Date.UTC(2026, 10, 20, 5) + hour * HOUR;
const table = new ShiftTable(DEFAULT_SHIFTS);
const [morning, afternoon, night] = table.on('2026-11-20') as [never, never, never];
const codeOf = (result: Result<unknown>) => (result.ok ? null : result.refusal.code);

const plan = (staffId: string, post: RosterPlan['post'] = 'sereno', unitId: string | null = null): RosterPlan => ({
  staffId,
  name: staffId,
  post,
  unitId,
});
const rosterOf = (shift: Roster['shift'], ...entries: RosterPlan[]): Roster =>
  evolveRoster(undefined, { kind: 'shift:rosterSet', shiftId: shift.id, atMs: 0, shift, entries, reason: '' });
const at = { shiftId: '', atMs: lima(7) };

describe('a roster', () => {
  const noon = rosterOf(afternoon, plan('ana', 'driver', 'h1'), plan('beto', 'dispatcher'));

  it('refuses who works elsewhere at that time, or has not rested', () => {
    const check = (roster: Roster, ...others: Roster[]) => codeOf(checkRoster(roster, others, RULES, ''));
    expect(check(noon)).toBeNull();
    expect(check(rosterOf(night, plan('ana')), noon)).toBe('roster-rest-short');
    expect(codeOf(checkRoster(rosterOf(night, plan('ana')), [noon], RULES, 'sismo'))).toBeNull();
    const long = { ...table.on('2026-11-20')[0]!, id: '2026-11-20/x', endMs: lima(15) };
    expect(check(rosterOf(long, plan('ana')), noon)).toBe('roster-double-booked');
    expect(codeOf(checkRoster(rosterOf(long, plan('ana')), [noon], RULES, 'sismo'))).toBe('roster-double-booked');
    // Eight hours: morning, then night.
    expect(check(rosterOf(night, plan('eva')), rosterOf(morning, plan('eva')))).toBeNull();
  });

  it('refuses a person twice, two drivers of a vehicle, and too many', () => {
    const check = (...entries: RosterPlan[]) => codeOf(checkRoster(rosterOf(morning, ...entries), [], RULES, ''));
    expect(check(plan('a'), plan('a', 'driver'))).toBe('roster-person-twice');
    expect(check(plan('a', 'driver', 'h1'), plan('b', 'driver', 'h1'))).toBe('roster-two-drivers');
    expect(check(plan('a', 'driver', 'h1'), plan('b', 'sereno', 'h1'))).toBeNull();
    expect(check(...Array.from({ length: ROSTER_CAPS.entries + 1 }, (_, n) => plan(`p${n}`)))).toBe('roster-full');
    expect([codeOf(checkNotOver(morning, lima(13))), codeOf(checkNotOver(morning, lima(14)))]).toEqual([
      null,
      'shift-over',
    ]);
  });

  it('knows who is absent and who stands in, and frees who is absent for another shift', () => {
    const absent = evolveRoster(noon, {
      ...at,
      kind: 'shift:absenceRecorded',
      staffId: 'ana',
      cause: 'sick',
      note: '',
      standIn: { staffId: 'eva', name: 'Eva' },
      reason: '',
    });
    expect(absent.entries).toMatchObject([
      { staffId: 'ana', absence: { cause: 'sick' } },
      { staffId: 'beto' },
      { staffId: 'eva', name: 'Eva', post: 'driver', unitId: 'h1', replaces: 'ana' },
    ]);
    // Two drivers, but one is at home.
    expect(codeOf(checkRoster(absent, [rosterOf(night, plan('ana'))], RULES, ''))).toBeNull();
    expect(codeOf(checkAbsence(absent, 'ana'))).toBe('roster-person-absent');
    expect(codeOf(checkAbsence(absent, 'zoe'))).toBe('roster-person-unknown');
    expect(codeOf(checkAbsenceLift(absent, 'beto'))).toBe('roster-person-present');
    expect(codeOf(checkStart(absent, 'ana', lima(14), RULES))).toBe('roster-person-absent');
    expect(codeOf(checkSwap(absent, 'ana', rosterOf(night, plan('z')), 'z'))).toBe('roster-person-absent');
    const back = evolveRoster(absent, { ...at, kind: 'shift:absenceLifted', staffId: 'ana', reason: '' });
    expect(codeOf(checkRoster(back, [], RULES, ''))).toBe('roster-two-drivers');
  });

  it('swaps two people, who take each other’s places', () => {
    const other = rosterOf(night, plan('eva', 'call-taker'));
    expect(codeOf(checkSwap(noon, 'ana', noon, 'beto'))).toBe('roster-same-shift');
    expect(codeOf(checkSwap(noon, 'ana', other, 'zoe'))).toBe('roster-person-unknown');
    expect(codeOf(checkSwap(noon, 'ana', other, 'eva'))).toBeNull();
    const after = evolveRoster(noon, {
      ...at,
      kind: 'shift:swapped',
      staffId: 'ana',
      comes: { staffId: 'eva', name: 'Eva' },
      otherShiftId: '',
      reason: '',
    });
    expect(after.entries[0]).toMatchObject({ staffId: 'eva', name: 'Eva', post: 'driver', unitId: 'h1' });
  });

  it('keeps when people begin and end, with the kilometres', () => {
    expect(codeOf(checkStart(noon, 'ana', lima(13.4), RULES))).toBe('shift-not-running');
    expect(codeOf(checkStart(noon, 'ana', lima(13.6), RULES))).toBeNull();
    expect(codeOf(checkEnd(noon, 'ana', 1, lima(15), RULES))).toBe('attendance-not-started');
    const begun = evolveRoster(noon, {
      shiftId: '',
      atMs: lima(14),
      kind: 'shift:personStarted',
      staffId: 'ana',
      startKm: 900,
    });
    expect(codeOf(checkStart(begun, 'ana', lima(15), RULES))).toBe('attendance-started');
    expect(codeOf(checkAbsence(begun, 'ana'))).toBe('roster-person-present');
    expect(codeOf(checkSwap(begun, 'ana', rosterOf(night, plan('z')), 'z'))).toBe('attendance-started');
    expect(codeOf(checkEnd(begun, 'ana', 899, lima(21), RULES))).toBe('attendance-km-backwards');
    expect(codeOf(checkEnd(begun, 'ana', 960, lima(35), RULES))).toBe('shift-over');
    const over = evolveRoster(begun, {
      shiftId: '',
      atMs: lima(21),
      kind: 'shift:personEnded',
      staffId: 'ana',
      endKm: 960,
    });
    expect(over.entries[0]!.attendance).toEqual({
      startedAtMs: lima(14),
      startKm: 900,
      endedAtMs: lima(21),
      endKm: 960,
    });
    expect(codeOf(checkEnd(over, 'ana', 960, lima(22), RULES))).toBe('attendance-ended');
    // A new plan keeps what happened.
    const again = evolveRoster(over, {
      ...at,
      kind: 'shift:rosterSet',
      shift: afternoon,
      entries: [plan('ana', 'sereno')],
      reason: '',
    });
    expect(again.entries).toMatchObject([{ post: 'sereno', attendance: { endKm: 960 } }]);
  });
});

describe('who is on duty', () => {
  const rosters = [
    rosterOf(morning, plan('ana', 'driver', 'h1'), plan('beto', 'dispatcher')),
    rosterOf(afternoon, plan('eva', 'driver', 'h2')),
  ];

  it('follows the roster, with some minutes of grace on both sides', () => {
    const units = (hour: number) => [...(rollOf(rosters, [], lima(hour), RULES)?.unitIds ?? ['none'])].sort();
    expect([7, 13.4, 13.6, 14.4, 14.6, 22.1].map(units)).toEqual([
      ['h1'],
      ['h1'],
      ['h1', 'h2'],
      ['h1', 'h2'],
      ['h2'],
      ['none'],
    ]);
    expect(rollOf(rosters, ['h9'], lima(7), RULES)).toEqual({
      shiftId: '2026-11-20/manana',
      unitIds: new Set(['h1', 'h9']),
      staffIds: new Set(['ana', 'beto']),
    });
  });

  it('is anybody’s guess where nothing was planned: nobody is kept from work', () => {
    expect(rollOf([], [], lima(7), RULES)).toBeNull();
    expect(rollOf([rosterOf(morning, plan('beto', 'dispatcher'))], [], lima(7), RULES)).toBeNull();
  });

  it('does not count who is absent or went home', () => {
    const away = evolveRoster(rosters[0], {
      ...at,
      kind: 'shift:absenceRecorded',
      staffId: 'ana',
      cause: 'late',
      note: '',
      standIn: null,
      reason: '',
    });
    expect(rollOf([away], [], lima(7), RULES)?.unitIds).toEqual(new Set());
    const begun = evolveRoster(rosters[0], { ...at, kind: 'shift:personStarted', staffId: 'beto', startKm: null });
    const home = evolveRoster(begun, { ...at, kind: 'shift:personEnded', staffId: 'beto', endKm: null });
    const told = (roster: Roster) => onDuty([roster], lima(8), ['dispatcher']).map(({ staffId }) => staffId);
    expect([told(begun), told(home)]).toEqual([['beto'], []]);
    expect(onDuty(rosters, lima(5), ['dispatcher'])).toEqual([]);
  });
});

it('a plan that passes has nobody in two shifts at once, whoever is put where', () => {
  const shifts = table.from('2026-11-20', 3);
  const entry = fc.record({ shift: fc.nat(shifts.length - 1), person: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 30 }), (wishes) => {
      const kept = shifts.map((shift) => rosterOf(shift));
      for (const { shift, person } of wishes) {
        const before = kept[shift]!;
        const entries = [...before.entries, plan(`p${person}`)];
        const wish = evolveRoster(before, { ...at, kind: 'shift:rosterSet', shift: before.shift, entries, reason: '' });
        if (checkRoster(wish, kept, RULES, '').ok) kept[shift] = wish;
      }
      for (let person = 0; person <= 5; person++) {
        const worked = kept.filter(({ entries }) => entries.some(({ staffId }) => staffId === `p${person}`));
        worked.forEach(({ shift }, index) => {
          const next = worked[index + 1]?.shift;
          if (next) expect(next.startMs - shift.endMs).toBeGreaterThanOrEqual(RULES.minRestMs);
        });
      }
    }),
    { numRuns: 100 },
  );
});
