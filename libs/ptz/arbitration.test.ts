import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_RULES,
  FREE,
  RESERVATION,
  holdOf,
  mayStop,
  release,
  reserve,
  settle,
  startTour,
  steer,
  stopTour,
  tourOf,
  untilMsOf,
  went,
  withTour,
  type Outcome,
  type PtzState,
  type Steerer,
  type Tour,
} from '#libs/ptz';

const rules = DEFAULT_RULES;
const who = (name: string, priority: number): Steerer => ({ accountId: name, displayName: name, priority });
const ANA = who('ana', 1);
const BETO = who('beto', 1);
const SARA = who('sara', 2);
const TITO = who('tito', 2);
const TOUR: Tour = {
  id: 'tour',
  name: 'Ronda',
  steps: [
    { preset: '1', dwellMs: 5_000 },
    { preset: '2', dwellMs: 5_000 },
  ],
};

describe('an order', () => {
  it('takes a free camera, and keeps it for the hold time after the last order', () => {
    const first = steer(FREE, ANA, false, 1_000, rules);
    expect(first.state).toMatchObject({ kind: 'held', hold: { by: ANA, sinceMs: 1_000, orders: 1 } });
    const second = steer(first.state, ANA, false, 10_999, rules);
    expect(untilMsOf(second.state, rules)).toBe(20_999);
    expect(settle(second.state, 20_998, rules).ended).toBeNull();
    expect(settle(second.state, 20_999, rules)).toMatchObject({
      state: FREE,
      ended: { cause: 'idle', hold: { orders: 2 }, wasReserved: false },
    });
  });

  it('of an equal waits until the holder is idle, and says for whom and until when', () => {
    const held = steer(FREE, ANA, false, 0, rules).state;
    for (const takeOver of [false, true]) {
      const refused = steer(held, BETO, takeOver, 9_999, rules);
      expect(refused).toEqual({
        state: held,
        ended: null,
        refused: { code: 'ptz-held', holder: ANA, untilMs: 10_000, mayTakeOver: false },
      });
    }
    const after = steer(held, BETO, false, 10_000, rules);
    expect([holdOf(after.state)?.by, after.ended?.cause]).toEqual([BETO, 'idle']);
  });

  it('of a superior takes over at once, but not by accident', () => {
    const held = steer(FREE, ANA, false, 0, rules).state;
    expect(steer(held, SARA, false, 1, rules).refused).toMatchObject({ code: 'ptz-held', mayTakeOver: true });
    const taken = steer(held, SARA, true, 1, rules);
    expect(taken).toMatchObject({
      state: { kind: 'held', hold: { by: SARA, orders: 1 } },
      ended: { cause: 'taken-over', endedBy: SARA, hold: { by: ANA } },
      refused: null,
    });
    expect(steer(taken.state, ANA, true, 2, rules).refused).toMatchObject({ code: 'ptz-held', mayTakeOver: false });
    expect(steer(taken.state, TITO, true, 2, rules).refused).toMatchObject({ code: 'ptz-held', mayTakeOver: false });
  });
});

describe('a reservation', () => {
  const reserved = reserve(FREE, ANA, 60_000, false, 0, rules).state;

  it('lasts though the camera is not used, and no equal gets in', () => {
    expect(steer(reserved, BETO, true, 59_999, rules).refused).toEqual({
      code: 'ptz-reserved',
      holder: ANA,
      untilMs: 60_000,
      mayTakeOver: false,
    });
    expect(steer(reserved, BETO, false, 60_000, rules)).toMatchObject({
      state: { kind: 'held', hold: { by: BETO } },
      ended: { cause: 'expired', wasReserved: true },
    });
  });

  it('in use at its end becomes a hold of the same turn', () => {
    const used = steer(reserved, ANA, false, 55_000, rules).state;
    const later = settle(used, 60_000, rules);
    expect(later).toMatchObject({ state: { kind: 'held', hold: { sinceMs: 0, orders: 2 } }, ended: null });
    expect(untilMsOf(used, rules)).toBe(65_000);
    expect(settle(later.state, 65_000, rules).ended?.cause).toBe('idle');
  });

  it('has bounds', () => {
    for (const forMs of [RESERVATION.minMs - 1, RESERVATION.maxMs + 1, Number.NaN])
      expect(reserve(FREE, ANA, forMs, false, 0, rules)).toMatchObject({
        state: FREE,
        refused: { code: 'ptz-reservation-bounds' },
      });
  });
});

describe('letting go', () => {
  const held = steer(FREE, ANA, false, 0, rules).state;

  it('is for the holder and for superiors', () => {
    expect(release(held, ANA, 1, rules)).toMatchObject({ state: FREE, ended: { cause: 'released', endedBy: null } });
    expect(release(held, SARA, 1, rules)).toMatchObject({ state: FREE, ended: { cause: 'withdrawn', endedBy: SARA } });
    expect(release(held, BETO, 1, rules)).toMatchObject({
      state: held,
      refused: { code: 'ptz-not-holder', holder: ANA },
    });
    expect(release(FREE, ANA, 1, rules).refused).toMatchObject({ code: 'ptz-not-holder', holder: null });
  });

  it('a stop disturbs nobody else and takes no turn', () => {
    expect(mayStop(held, ANA, 1, rules).refused).toBeNull();
    expect(mayStop(held, SARA, 1, rules).refused?.code).toBe('ptz-not-holder');
    expect(mayStop(FREE, BETO, 1, rules)).toEqual({ state: FREE, ended: null, refused: null });
    const touring = startTour(FREE, TOUR, ANA, 0, rules).state;
    expect(mayStop(touring, ANA, 1, rules)).toMatchObject({ state: touring, refused: { code: 'ptz-not-holder' } });
  });
});

describe('a tour', () => {
  it('pauses for anybody and goes on at the same step when they are idle', () => {
    const begun = startTour(FREE, TOUR, ANA, 0, rules).state;
    const running = withTour(begun, went({ ...tourOf(begun)!, step: 1 }, 0));
    const held = steer(running, BETO, false, 1_000, rules);
    expect(held).toMatchObject({ state: { kind: 'held', tour: { step: 1 } }, ended: null, refused: null });
    expect(settle(held.state, 11_000, rules)).toMatchObject({
      state: { kind: 'touring', tour: { step: 1, phase: { kind: 'due' } } },
      ended: { cause: 'idle' },
    });
  });

  it('that is started waits for somebody else, and ends the turn of the one who starts it', () => {
    const held = steer(FREE, ANA, false, 0, rules).state;
    expect(startTour(held, TOUR, SARA, 1, rules)).toMatchObject({ state: { kind: 'held', tour: {} }, ended: null });
    expect(startTour(held, TOUR, ANA, 1, rules)).toMatchObject({
      state: { kind: 'touring' },
      ended: { cause: 'released' },
    });
  });

  it('that is stopped leaves whoever steers alone', () => {
    const held = steer(startTour(FREE, TOUR, null, 0, rules).state, ANA, false, 0, rules).state;
    expect(stopTour(held)).toEqual({ ...held, tour: null });
    expect(stopTour(startTour(FREE, TOUR, null, 0, rules).state)).toEqual(FREE);
  });
});

/** The rules once more, as a person would keep them on a slip of paper: who, since what order, reserved until when. */
class Slip {
  by: Steerer | undefined;
  lastMs = 0;
  reservedMs = -1;
  tour = false;

  tick(nowMs: number): void {
    if (this.by && nowMs >= this.reservedMs && nowMs - this.lastMs >= rules.holdMs) this.by = undefined;
  }

  claim(by: Steerer, takeOver: boolean, nowMs: number, forMs?: number): boolean {
    this.tick(nowMs);
    const mine = this.by?.accountId === by.accountId;
    if (this.by && !mine && !(takeOver && by.priority > this.by.priority)) return false;
    if (!mine) this.reservedMs = -1;
    if (forMs !== undefined) this.reservedMs = nowMs + forMs;
    this.by = by;
    this.lastMs = nowMs;
    return true;
  }

  letGo(by: Steerer, nowMs: number): boolean {
    this.tick(nowMs);
    if (!this.by || (this.by.accountId !== by.accountId && by.priority <= this.by.priority)) return false;
    this.by = undefined;
    return true;
  }

  get kind(): PtzState['kind'] {
    if (this.by) return this.reservedMs >= 0 ? 'reserved' : 'held';
    return this.tour ? 'touring' : 'free';
  }
}

const steerer = fc.constantFrom(ANA, BETO, SARA, TITO);
const command = fc.oneof(
  fc.record({ op: fc.constant('steer' as const), by: steerer, takeOver: fc.boolean() }),
  fc.record({
    op: fc.constant('reserve' as const),
    by: steerer,
    takeOver: fc.boolean(),
    forMs: fc.integer({ min: 60_000, max: 200_000 }),
  }),
  fc.record({ op: fc.constant('release' as const), by: steerer }),
  fc.record({ op: fc.constant('start' as const), by: steerer }),
  fc.record({ op: fc.constant('stop' as const), by: steerer }),
);
const timeline = fc.array(fc.tuple(command, fc.oneof(fc.nat(4_000), fc.nat(90_000))), { maxLength: 60 });

describe('any sequence of wishes', () => {
  it('agrees with the rules kept by hand, loses no turn and lets no tour turn a held camera', () => {
    fc.assert(
      fc.property(timeline, (wishes) => {
        const slip = new Slip();
        let state: PtzState = FREE;
        let nowMs = 0;
        let begun = 0;
        let ended = 0;
        for (const [wish, laterMs] of wishes) {
          nowMs += laterMs;
          slip.tick(nowMs);
          const settled = settle(state, nowMs, rules);
          if (settled.ended) ended++;
          // Settling twice changes nothing.
          expect(settle(settled.state, nowMs, rules)).toEqual({ state: settled.state, ended: null, refused: null });
          if (slip.by && nowMs >= slip.reservedMs) slip.reservedMs = -1;
          expect(settled.state.kind).toBe(slip.kind);
          const before = holdOf(settled.state);
          const outcome = obey(settled.state, wish, nowMs, slip);
          const after = holdOf(outcome.state);
          if (outcome.ended) ended++;
          if (after && after.sinceMs === nowMs && (!before || before.by.accountId !== after.by.accountId)) begun++;
          // Nobody is displaced but by a superior who said so.
          if (before && after && before.by.accountId !== after.by.accountId) {
            expect(after.by.priority).toBeGreaterThan(before.by.priority);
            expect(outcome.ended).toMatchObject({ cause: 'taken-over', hold: { by: before.by }, endedBy: after.by });
          }
          if (outcome.refused) expect(outcome.state).toEqual(settled.state);
          expect(outcome.state.kind).toBe(slip.kind);
          expect(after?.by.accountId).toBe(slip.by?.accountId);
          expect(tourOf(outcome.state) !== null).toBe(slip.tour);
          const untilMs = untilMsOf(outcome.state, rules);
          if (untilMs !== null) expect(untilMs).toBeGreaterThan(nowMs);
          state = outcome.state;
        }
        // Every turn that began has ended once, or is going on: the audit gets each of them.
        expect(ended + (holdOf(state) ? 1 : 0)).toBe(begun);
      }),
      { numRuns: 2_000 },
    );
  });
});

type Wish = typeof command extends fc.Arbitrary<infer W> ? W : never;

function obey(state: PtzState, wish: Wish, nowMs: number, slip: Slip): Outcome {
  const { by } = wish;
  switch (wish.op) {
    case 'steer': {
      const granted = slip.claim(by, wish.takeOver, nowMs);
      return checked(steer(state, by, wish.takeOver, nowMs, rules), granted);
    }
    case 'reserve': {
      const granted = slip.claim(by, wish.takeOver, nowMs, wish.forMs);
      return checked(reserve(state, by, wish.forMs, wish.takeOver, nowMs, rules), granted);
    }
    case 'release':
      return checked(release(state, by, nowMs, rules), slip.letGo(by, nowMs));
    case 'start':
      slip.tour = true;
      if (slip.by?.accountId === by.accountId) slip.by = undefined;
      return startTour(state, TOUR, by, nowMs, rules);
    case 'stop':
      slip.tour = false;
      return { state: stopTour(state), ended: null, refused: null };
  }
}

function checked(outcome: Outcome, granted: boolean): Outcome {
  expect(outcome.refused === null).toBe(granted);
  return outcome;
}
