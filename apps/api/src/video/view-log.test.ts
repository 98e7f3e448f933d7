import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { isPlainHost, relayUrlFor } from './relay-url.ts';
import { ViewLog } from './view-log.ts';

const MINUTE_MS = 60_000;

describe('who is watching', () => {
  it('is one watching while it is renewed, another after five minutes without', async () => {
    const clock = new FakeClock();
    const log = new ViewLog(clock);
    expect(log.isNew('ana', 'a')).toBe(true);
    log.note('ana', 'a');
    for (let renewal = 0; renewal < 10; renewal++) {
      await clock.advance(4 * MINUTE_MS);
      expect([log.isNew('ana', 'a'), log.isNew('ana', 'b'), log.isNew('eva', 'a')]).toEqual([false, true, true]);
      log.note('ana', 'a');
    }
    await clock.advance(5 * MINUTE_MS + 1);
    expect(log.isNew('ana', 'a')).toBe(true);
  });

  it('is written down again after eight hours of a wall that never stops', async () => {
    const clock = new FakeClock();
    const log = new ViewLog(clock);
    let written = 0;
    for (let minutes = 0; minutes < 24 * 60; minutes += 2) {
      if (log.isNew('muro', 'a')) written++;
      log.note('muro', 'a');
      await clock.advance(2 * MINUTE_MS);
    }
    expect(written).toBe(3);
  });

  it('forgets the longest ago when it is full', () => {
    const log = new ViewLog(new FakeClock(), 2);
    for (const camera of ['a', 'b', 'c']) log.note('ana', camera);
    expect(['a', 'b', 'c'].map((camera) => log.isNew('ana', camera))).toEqual([true, false, false]);
  });
});

describe('the address of a relay', () => {
  it('takes the name by which the browser came, or stays as it was set', () => {
    expect(relayUrlFor('http://{host}:8081', 'central')).toBe('http://central:8081');
    expect(relayUrlFor('https://video.ilo.gob.pe/relay/', 'central')).toBe('https://video.ilo.gob.pe/relay');
  });

  it.each(['a/b', 'a b', 'a@b', 'a?b', 'a#b', '', 'a:80', '[::1', '"', 'x'.repeat(300)])(
    'takes no %j for a host',
    (host) => {
      expect(isPlainHost(host)).toBe(false);
    },
  );
  it.each(['localhost', '10.0.0.1', '[fd00::1]', 'central.ilo.gob.pe'])('takes %s for a host', (host) =>
    expect(isPlainHost(host)).toBe(true),
  );
});
