import { describe, expect, it } from '@jest/globals';
import { FakeClock, RefusalError } from '#libs/base';
import { LoginThrottle } from './login-throttle.ts';

const MINUTE_MS = 60_000;

function refusalOf(begin: () => unknown): Record<string, unknown> | undefined {
  try {
    begin();
    return undefined;
  } catch (thrown) {
    return { code: (thrown as RefusalError).refusal.code, ...(thrown as RefusalError).refusal.details };
  }
}

describe('LoginThrottle', () => {
  it('lets ten wrong tries pass for an account and says how long the next must wait', async () => {
    const clock = new FakeClock();
    const throttle = new LoginThrottle(clock);
    for (let count = 0; count < 10; count++) {
      throttle.begin('ana', `10.0.0.${count}`, false);
      await clock.advance(MINUTE_MS);
    }
    const wait = refusalOf(() => throttle.begin('ana', '10.0.0.99', false));
    expect(wait).toEqual({ code: 'too-many-logins', retryAfterS: 5 * 60 });
    await clock.advance(5 * MINUTE_MS);
    expect(refusalOf(() => throttle.begin('ana', '10.0.0.99', false))).toBeUndefined();
  });

  it('lets sixty pass from one address, whatever the names', () => {
    const throttle = new LoginThrottle(new FakeClock());
    for (let count = 0; count < 60; count++) throttle.begin(`name-${count}`, '10.0.0.1', false);
    expect(refusalOf(() => throttle.begin('another', '10.0.0.1', false))?.['code']).toBe('too-many-logins');
    expect(refusalOf(() => throttle.begin('another', '10.0.0.2', false))).toBeUndefined();
  });

  it('forgives an account that succeeds, and gives the address only that one try back', () => {
    const throttle = new LoginThrottle(new FakeClock());
    for (let count = 0; count < 9; count++) throttle.begin('ana', '10.0.0.1', false);
    throttle.begin('ana', '10.0.0.1', false).succeeded();
    for (let count = 0; count < 10; count++) throttle.begin('ana', '10.0.0.1', false);
    expect(refusalOf(() => throttle.begin('ana', '10.0.0.2', false))).toBeDefined();
    for (let count = 0; count < 41; count++) throttle.begin(`name-${count}`, '10.0.0.1', false);
    expect(refusalOf(() => throttle.begin('other', '10.0.0.1', false))).toBeDefined();
  });

  it('counts a known desk apart from strangers', () => {
    const throttle = new LoginThrottle(new FakeClock());
    for (let count = 0; count < 10; count++) throttle.begin('ana', `10.9.9.${count}`, false);
    expect(refusalOf(() => throttle.begin('ana', '10.0.0.1', false))).toBeDefined();
    expect(refusalOf(() => throttle.begin('ana', '10.0.0.1', true))).toBeUndefined();
  });

  it('does not give a flood a way to grow its memory', () => {
    const throttle = new LoginThrottle(new FakeClock());
    for (let count = 0; count < 60_000; count++) throttle.begin(`name-${count}`, `address-${count}`, false);
    const { tries } = throttle as unknown as { tries: Map<string, unknown> };
    expect(tries.size).toBeLessThanOrEqual(20_000);
  });
});
