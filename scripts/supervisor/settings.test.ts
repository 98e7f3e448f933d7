import { describe, expect, it } from '@jest/globals';
import { wantsDemo } from './demo-wish.ts';
import { readSettings } from './settings.ts';

describe('readSettings', () => {
  it('has defaults that need nothing said', () => {
    expect(readSettings({})).toMatchObject({
      ok: true,
      value: {
        apiPort: 8080,
        relayPort: 8081,
        simPort: 8090,
        demo: 'find-out',
        demoTown: true,
        databaseUrl: undefined,
        masterKeyGiven: false,
      },
    });
  });

  it('turns the moving town off alone', () => {
    expect(readSettings({ ATALAYA_DEMO_TOWN: '0' })).toMatchObject({ value: { demo: 'find-out', demoTown: false } });
  });

  it('takes an empty variable as one that was not set', () => {
    expect(readSettings({ ATALAYA_PORT: '', DATABASE_URL: '', ATALAYA_KEY: '', ATALAYA_DEMO: '' })).toEqual(
      readSettings({}),
    );
  });

  it.each([
    ['ATALAYA_PORT', '80a'],
    ['ATALAYA_RELAY_PORT', '65536'],
    ['ATALAYA_SIM_PORT', '-1'],
    ['ATALAYA_DEMO', 'perhaps'],
    ['ATALAYA_DEMO_TOWN', 'some'],
  ])('names %s when it is %s', (name, value) => {
    const result = readSettings({ [name]: value });
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.refusal.message).toContain(name);
  });
});

describe('wantsDemo', () => {
  const none = { hasCameras: false, hasDemonstration: false };
  const real = { hasCameras: true, hasDemonstration: false };
  const used = { hasCameras: true, hasDemonstration: true };

  it('runs where no camera was ever adopted or where it ran before', () => {
    expect([none, real, used].map((facts) => wantsDemo('find-out', facts))).toEqual([true, false, true]);
  });

  it('does what it was told', () => {
    expect([none, real, used].map((facts) => wantsDemo('off', facts))).toEqual([false, false, false]);
    expect([none, real, used].map((facts) => wantsDemo('on', facts))).toEqual([true, true, true]);
  });
});
