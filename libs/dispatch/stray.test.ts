import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_DISPATCH_RULES as RULES,
  DEFAULT_STRAY_BOUNDS as BOUNDS,
  alarmsOf,
  strayStep,
  type StrayCourse,
} from '#libs/dispatch';
import { Desk } from './testing/desk.ts';

const S = 1_000;
/** What is told of positions `[second, astray]`, with the second. */
function told(...positions: readonly (readonly [number, boolean])[]): string[] {
  const heard: string[] = [];
  let course: StrayCourse = { kind: 'clear' };
  for (const [second, astray] of positions) {
    const step = strayStep(course, astray, second * S, BOUNDS);
    course = step.course;
    if (step.told) heard.push(`${step.told} ${second}`);
  }
  return heard;
}

describe('a unit that is where it has no business', () => {
  it('calls nobody before it stayed, and is back only when it stays back', () => {
    expect(told([0, true], [30, true], [59, true], [60, true], [90, true])).toEqual(['raised 60']);
    expect(told([0, true], [50, true], [55, false], [60, true], [100, true])).toEqual([]);
    expect(told([0, true], [60, true], [70, false], [80, true], [90, false], [119, false], [120, false])).toEqual([
      'raised 60',
      'ended 120',
    ]);
  });

  it('is not believed to have stayed, or come back, through a silence', () => {
    expect(told([0, true], [181, true])).toEqual([]);
    expect(told([0, true], [181, true], [241, true])).toEqual(['raised 241']);
    expect(told([0, true], [60, true], [70, false], [300, false])).toEqual(['raised 60']);
  });

  it('is told no oftener than once in the time of a stay and a return, however a receiver wobbles', () => {
    const positions = fc.array(fc.record({ gapMs: fc.integer({ min: 1, max: 90 * S }), astray: fc.boolean() }));
    fc.assert(
      fc.property(positions, (moves) => {
        let course: StrayCourse = { kind: 'clear' };
        let atMs = 0;
        const raisedAtMs: number[] = [];
        const turns: string[] = [];
        for (const { gapMs, astray } of moves) {
          atMs += gapMs;
          const step = strayStep(course, astray, atMs, BOUNDS);
          course = step.course;
          if (step.told === 'raised') raisedAtMs.push(atMs);
          if (step.told) turns.push(step.told);
        }
        raisedAtMs.slice(1).forEach((raised, index) => {
          expect(raised - raisedAtMs[index]!).toBeGreaterThanOrEqual(BOUNDS.stayMs + BOUNDS.backMs);
        });
        turns.forEach((turn, index) => expect(turn).toBe(index % 2 === 0 ? 'raised' : 'ended'));
      }),
    );
  });

  it('alarms the dispatcher until it is over, and one of them takes it', () => {
    const desk = new Desk();
    const unitId = desk.unit();
    const stray = { unitId, strayKind: 'off-limits', sectorId: 'puerto' } as const;
    const standing = () =>
      alarmsOf([], desk.board.units.values(), desk.nowMs, RULES).map(({ kind, ...rest }) => [
        kind,
        'acknowledged' in rest && rest.acknowledged,
      ]);
    expect(desk.code({ kind: 'acknowledgeStray', ...stray })).toBe('stray-none');
    desk.do({ kind: 'raiseStray', ...stray, sinceMs: desk.nowMs - 60 * S });
    desk.do({ kind: 'raiseStray', ...stray, sinceMs: desk.nowMs });
    desk.do({ kind: 'raiseStray', ...stray, strayKind: 'out-of-sector', sectorId: 'c-1', sinceMs: desk.nowMs });
    expect(standing()).toEqual([
      ['off-limits', false],
      ['out-of-sector', false],
    ]);
    desk.do({ kind: 'acknowledgeStray', ...stray });
    expect(desk.code({ kind: 'acknowledgeStray', ...stray })).toBe('stray-already-acknowledged');
    expect(standing()[0]).toEqual(['off-limits', true]);
    desk.do({ kind: 'endStray', ...stray, cause: 'returned' });
    desk.do({ kind: 'endStray', ...stray, cause: 'returned' });
    expect(desk.log.filter(({ kind }) => kind === 'unit:strayEnded')).toHaveLength(1);
    expect(standing()).toEqual([['out-of-sector', false]]);
    desk.do({ kind: 'endDuty', unitId, endKm: null });
    expect(standing()).toEqual([]);
    expect(desk.code({ kind: 'raiseStray', ...stray, sinceMs: 0 })).toBe('unit-off-duty');
  });

  it('belongs to the sector that it had', () => {
    const desk = new Desk();
    const unitId = desk.unit();
    const { callSign, kind, vehicle, equipment, checkInEveryMs } = desk.unitOf(unitId);
    const profile = { callSign, kind, vehicle, equipment, checkInEveryMs };
    desk.do({ kind: 'changeUnit', unitId, profile: { ...profile, sectorId: 'c-1' } });
    expect('strays' in desk.unitOf(unitId)).toBe(false);
    desk.do({ kind: 'raiseStray', unitId, strayKind: 'out-of-sector', sectorId: 'c-1', sinceMs: 0 });
    desk.do({ kind: 'raiseStray', unitId, strayKind: 'off-limits', sectorId: 'p', sinceMs: 0 });
    desk.do({ kind: 'changeUnit', unitId, profile: { ...profile, sectorId: 'c-2' } });
    expect(desk.unitOf(unitId).strays?.map(({ sectorId }) => sectorId)).toEqual(['p']);
  });
});
