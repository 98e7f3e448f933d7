import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, refusal, refused, type Result } from '#libs/base';
import { DeviceLoginLimit, MAX_WRONG_PER_MINUTE } from './device-login-limit.ts';

const wrong = () => Promise.resolve(refused(refusal('peer-failed', 'onvif-unauthorized', 'wrong login')));
const silent = () => Promise.resolve(refused(refusal('peer-failed', 'onvif-timeout', 'no answer')));
const right = () => Promise.resolve(ok('in'));
const codeOf = (result: Result<unknown>): string => (result.ok ? 'in' : result.refusal.code);

describe('DeviceLoginLimit', () => {
  it('stops wrong logins at one device for a minute, and at no other', async () => {
    const clock = new FakeClock();
    const limit = new DeviceLoginLimit(clock);
    for (let n = 0; n < MAX_WRONG_PER_MINUTE; n++)
      expect(codeOf(await limit.attempt('a', wrong))).toBe('onvif-unauthorized');
    await clock.advance(20_000);
    const stopped = await limit.attempt('a', right);
    expect(stopped).toMatchObject({
      refusal: { kind: 'too-many', code: 'too-many-device-logins', details: { retryAfterS: 40 } },
    });
    expect(codeOf(await limit.attempt('b', right))).toBe('in');
    await clock.advance(40_000);
    expect(codeOf(await limit.attempt('a', right))).toBe('in');
  });

  it('counts tries that run at the same time, and gives back what was no wrong login', async () => {
    const limit = new DeviceLoginLimit(new FakeClock());
    const together = await Promise.all(Array.from({ length: 8 }, () => limit.attempt('a', wrong)));
    expect(together.map(codeOf).filter((code) => code === 'onvif-unauthorized')).toHaveLength(MAX_WRONG_PER_MINUTE);
    for (let n = 0; n < 20; n++)
      expect(codeOf(await limit.attempt('b', n % 2 ? right : silent))).not.toMatch(/^too-many/);
    for (let n = 0; n < 20; n++) {
      await expect(limit.attempt('c', () => Promise.reject(new Error('bug')))).rejects.toThrow('bug');
    }
    expect(codeOf(await limit.attempt('c', right))).toBe('in');
  });
});
