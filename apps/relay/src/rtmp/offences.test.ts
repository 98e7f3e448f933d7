import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { MAX_REMEMBERED_OFFENDERS, OFFENCES_AT_ONCE, OFFENCE_REFILL_MS } from './limits.ts';
import { Offences } from './offences.ts';

describe('offences', () => {
  it('shut one out who has used up what is forgiven, and nobody else, until some of it is back', async () => {
    const clock = new FakeClock();
    const offences = new Offences(clock);
    for (let count = 0; count < OFFENCES_AT_ONCE; count++) {
      expect(offences.isShutOut('10.0.0.1')).toBe(false);
      offences.note('10.0.0.1');
    }
    expect([offences.isShutOut('10.0.0.1'), offences.isShutOut('10.0.0.2')]).toEqual([true, false]);
    await clock.advance(OFFENCE_REFILL_MS);
    expect(offences.isShutOut('10.0.0.1')).toBe(false);
    offences.note('10.0.0.1');
    expect(offences.isShutOut('10.0.0.1')).toBe(true);
  });

  it('are forgotten when there are too many who offend, the longest ago first', () => {
    const offences = new Offences(new FakeClock());
    for (let count = 0; count < OFFENCES_AT_ONCE; count++) offences.note('first');
    expect(offences.isShutOut('first')).toBe(true);
    for (let other = 0; other < MAX_REMEMBERED_OFFENDERS; other++) offences.note(`other ${other}`);
    expect(offences.isShutOut('first')).toBe(false);
  });
});
