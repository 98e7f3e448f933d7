import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '#libs/base';
import { LINES_PER_WINDOW, RefusalDigest, WINDOW_MS } from './refusal-digest.ts';

const refused = (code: string, route = 'GET /api/x') => ({
  action: 'request:refuse',
  outcome: 'refused' as const,
  code,
  details: { route },
});

describe('RefusalDigest', () => {
  it('gives the first of a minute a line each and counts the rest, per account and code', async () => {
    const clock = new FakeClock();
    const digest = new RefusalDigest(clock);
    const who = { accountId: 'a', username: 'ana', role: 'patrol' as const, ip: '10.0.0.1' };
    const lines = Array.from({ length: 25 }, () => digest.takesLine(refused('permission-missing'), who));
    expect(lines.filter(Boolean)).toHaveLength(LINES_PER_WINDOW);
    expect(digest.takesLine(refused('login-wrong'), who)).toBe(true);
    expect(digest.takesLine(refused('permission-missing'), { ...who, accountId: 'b' })).toBe(true);
    expect(digest.takeSummaries()).toEqual([]);
    const fromMs = clock.nowMs();
    await clock.advance(WINDOW_MS);
    expect(digest.takeSummaries()).toEqual([
      {
        what: {
          action: 'request:refuse',
          outcome: 'refused',
          code: 'permission-missing',
          details: { more: 15, fromMs, toMs: fromMs + WINDOW_MS, addresses: ['10.0.0.1'], routes: ['GET /api/x'] },
        },
        who,
      },
    ]);
    expect(digest.takesLine(refused('permission-missing'), who)).toBe(true);
  });

  it('loses none, whoever comes and whenever it is looked at', async () => {
    const steps = fc.array(
      fc.record({ who: fc.nat(1_500), times: fc.integer({ min: 1, max: 30 }), waitMs: fc.nat(40_000) }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.boolean(), async (all, crowd) => {
        const clock = new FakeClock();
        const digest = new RefusalDigest(clock);
        let [said, lines, counted] = [0, 0, 0];
        const refuse = (ip: string): void => {
          said++;
          if (digest.takesLine(refused('login-wrong'), { ip })) lines++;
        };
        const count = (everything?: boolean): void => {
          for (const { what } of digest.takeSummaries(everything)) counted += Number(what.details?.['more']);
        };
        if (crowd) for (let other = 0; other < 1_100; other++) refuse(`other ${other}`);
        for (const { who, times, waitMs } of all) {
          for (let time = 0; time < times; time++) refuse(`10.0.0.${who}`);
          await clock.advance(waitMs);
          count();
        }
        count(true);
        expect(lines + counted).toBe(said);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a bound on lines when the whole world is refused', () => {
    const digest = new RefusalDigest(new FakeClock());
    let lines = 0;
    for (let address = 0; address < 50_000; address++) {
      if (digest.takesLine(refused('login-wrong'), { ip: `2001:db8::${address.toString(16)}` })) lines++;
    }
    expect(lines).toBe(1_000 + LINES_PER_WINDOW);
    const summaries = digest.takeSummaries(true);
    expect(summaries).toHaveLength(1);
    expect(summaries[0]).toMatchObject({ who: {}, what: { details: { more: 50_000 - lines } } });
  });
});
