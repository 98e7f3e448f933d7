import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEASE_RULE, holdsOn, roomFor, surplusOf, type LeaseCensus } from './lease-rule.ts';

const census = (cameras: number, others: number, change: Partial<LeaseCensus> = {}): LeaseCensus => ({
  cameras,
  others,
  steadyOthers: others,
  strangers: others,
  ...change,
});

describe('sharing cameras', () => {
  it('lets the only relay have all of them, and two half each', () => {
    expect([roomFor(0, census(12, 0)), roomFor(12, census(12, 0))]).toEqual([12, 0]);
    expect([roomFor(0, census(12, 1)), roomFor(6, census(12, 1)), roomFor(9, census(12, 1))]).toEqual([6, 0, 0]);
  });

  it('gives back what is clearly too much, and only to relays that stay', () => {
    expect(surplusOf(12, census(12, 1))).toBe(6);
    expect(surplusOf(7, census(12, 1))).toBe(0);
    expect(surplusOf(12, census(12, 1, { steadyOthers: 0 }))).toBe(0);
    expect(surplusOf(1_000, census(1_000, 1))).toBe(LEASE_RULE.maxGivenBack);
  });

  it('ends with every camera held and no relay moved by another, whatever they began with', () => {
    const counts = fc.array(fc.nat(40), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.nat(40), (start, unheld) => {
        const held = [...start];
        const cameras = held.reduce((sum, each) => sum + each, unheld);
        let free = unheld;
        const view = census(cameras, held.length - 1);
        let moved = 1;
        for (let round = 0; round < 100 && moved > 0; round++) {
          moved = 0;
          for (const [index, count] of held.entries()) {
            const given = surplusOf(count, view);
            const taken = given > 0 ? 0 : Math.min(free, roomFor(count, view));
            held[index] = count - given + taken;
            free += given - taken;
            moved += given + taken;
          }
        }
        const share = Math.ceil(cameras / held.length);
        expect([moved, free]).toEqual([0, 0]);
        expect(Math.max(...held)).toBeLessThanOrEqual(share + Math.max(1, Math.ceil(share * 0.1)));
      }),
    );
  });
});

describe('a relay without its database', () => {
  const { fenceMs, leaseMs, silentMs, renewMs } = LEASE_RULE;

  it('goes on for as long as its leases hold, whoever else is there', () => {
    expect(holdsOn({ sinceRenewalMs: fenceMs - 1, sleptMs: 0, strangers: 3 })).toBe(true);
  });

  it('lets go before its leases run out where another machine could take them', () => {
    expect(holdsOn({ sinceRenewalMs: fenceMs, sleptMs: 0, strangers: 1 })).toBe(false);
    expect(fenceMs + 500).toBeLessThan(leaseMs);
  });

  it('goes on where nobody could take them, unless it slept', () => {
    expect(holdsOn({ sinceRenewalMs: 3_600_000, sleptMs: 200, strangers: 0 })).toBe(true);
    expect(holdsOn({ sinceRenewalMs: fenceMs, sleptMs: fenceMs, strangers: 0 })).toBe(false);
  });

  it('is not counted any more when its leases run out', () => {
    expect(silentMs).toBeLessThan(leaseMs);
    expect(silentMs).toBeGreaterThan(2 * renewMs);
  });
});
