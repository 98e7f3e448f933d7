import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refusal } from '#libs/base';
import { CameraStateMachine, Demand, RecentReaders, StreamStats, retryWaitMs, streamTarget } from '#libs/relay';

const REFUSED = refusal('peer-failed', 'connect-refused', 'nobody listens');
const GOOD_RATES = { bitrateKbps: 2_000, framesPerSecond: 25, lossShare: 0, damagedUnits: 0 };
const GOOD = { rates: GOOD_RATES, keyFrameAgeMs: 500, announcedFramesPerSecond: 25 };

describe('CameraStateMachine', () => {
  it('is online at the first frame and offline three seconds after the last', () => {
    const camera = new CameraStateMachine(0);
    expect(camera.state).toMatchObject({ name: 'connecting', sinceMs: 0 });
    expect(camera.frame(100)).toBe(true);
    expect(camera.frame(140)).toBe(false);
    expect(camera.tick(3_139, true)).toBe(false);
    expect(camera.tick(3_140, true)).toBe(true);
    expect(camera.state).toMatchObject({ name: 'offline', sinceMs: 3_140, reason: { code: 'no-frames' } });
  });

  it('is offline at once when the connection fails, and stays so until a frame', () => {
    const camera = new CameraStateMachine(0);
    camera.frame(10);
    expect(camera.failure(REFUSED, 50)).toBe(true);
    expect(camera.failure(REFUSED, 300)).toBe(false);
    expect(camera.state).toMatchObject({ name: 'offline', sinceMs: 50 });
    expect(camera.failure(refusal('peer-failed', 'rtsp-unauthorized', 'login refused'), 600)).toBe(true);
    expect(camera.state).toMatchObject({ sinceMs: 50, reason: { code: 'rtsp-unauthorized' } });
    expect(camera.frame(1_000)).toBe(true);
    expect(camera.state).toEqual({ name: 'online', sinceMs: 1_000 });
  });

  it('rests when nobody wants its video, and is what its last probe said until it is pulled again', () => {
    const camera = new CameraStateMachine(0);
    camera.frame(10);
    expect(camera.rested(5_000)).toBe(true);
    expect(camera.state).toEqual({ name: 'standby', sinceMs: 5_000 });
    expect(camera.tick(60_000, false)).toBe(false);
    expect(camera.probed(undefined, 60_000)).toBe(false);
    expect(camera.probed(REFUSED, 120_000)).toBe(true);
    expect(camera.state).toMatchObject({ name: 'offline', sinceMs: 120_000, reason: { code: 'connect-refused' } });
    expect(camera.probed(undefined, 135_000)).toBe(true);
    expect(camera.pulled(140_000)).toBe(true);
    expect(camera.state).toMatchObject({ name: 'connecting', sinceMs: 140_000 });
    expect(camera.tick(144_999, false)).toBe(false);
    camera.tick(145_000, false);
    expect(camera.state).toMatchObject({ name: 'offline', reason: { code: 'no-answer' } });
    expect(camera.rested(150_000)).toBe(false);
    expect(camera.state.name).toBe('offline');
  });

  it('gives up connecting after five seconds of nothing, fifteen of video without a key frame', () => {
    const silent = new CameraStateMachine(0);
    silent.tick(5_000, false);
    expect(silent.state).toMatchObject({ name: 'offline', reason: { code: 'no-answer' } });
    const keyless = new CameraStateMachine(0);
    expect(keyless.tick(14_999, true)).toBe(false);
    keyless.tick(15_000, true);
    expect(keyless.state).toMatchObject({ name: 'offline', reason: { code: 'no-key-frame' } });
  });

  it.each([
    ['packet-loss', { ...GOOD, rates: { ...GOOD_RATES, lossShare: 0.05 } }],
    ['no-key-frame', { ...GOOD, keyFrameAgeMs: 20_000 }],
    ['low-frame-rate', { ...GOOD, rates: { ...GOOD_RATES, framesPerSecond: 5 } }],
    ['damaged-frames', { ...GOOD, rates: { ...GOOD_RATES, damagedUnits: 3 } }],
  ])('is degraded by %s only when it lasts, and well again only when that lasts', (code, quality) => {
    const camera = new CameraStateMachine(0);
    camera.frame(0);
    expect([camera.judge(quality, 1_000), camera.judge(GOOD, 2_000)]).toEqual([false, false]);
    expect([camera.judge(quality, 3_000), camera.judge(quality, 6_000)]).toEqual([false, true]);
    expect(camera.state).toMatchObject({ name: 'degraded', sinceMs: 6_000, reason: { code } });
    expect([camera.judge(GOOD, 7_000), camera.judge(quality, 9_000), camera.judge(GOOD, 13_000)]).toEqual([
      false,
      false,
      false,
    ]);
    expect(camera.judge(GOOD, 18_000)).toBe(true);
    expect(camera.state.name).toBe('online');
  });

  it('always gives a reason unless it is online, and since never lies in the future', () => {
    const step = fc.constantFrom('frame', 'fail', 'tick', 'good', 'bad');
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 6_000 })), { maxLength: 80 }), (steps) => {
        const camera = new CameraStateMachine(0);
        let nowMs = 0;
        for (const [what, waitMs] of steps) {
          nowMs += waitMs;
          const before = camera.state;
          const changed =
            what === 'frame'
              ? camera.frame(nowMs)
              : what === 'fail'
                ? camera.failure(REFUSED, nowMs)
                : what === 'tick'
                  ? camera.tick(nowMs, true)
                  : camera.judge(what === 'good' ? GOOD : { ...GOOD, keyFrameAgeMs: 99_000 }, nowMs);
          expect(changed).toBe(camera.state !== before);
          expect(camera.state.sinceMs).toBeLessThanOrEqual(nowMs);
          expect('reason' in camera.state).toBe(camera.state.name !== 'online');
        }
      }),
    );
  });
});

describe('StreamStats', () => {
  it('makes rates of the last seconds from counters that only grow', () => {
    const stats = new StreamStats(2_000);
    stats.restart(0);
    for (let second = 1; second <= 10; second++) {
      stats.sample(
        { bytes: second * 125_000, units: second * 25, packets: second * 99, lostPackets: second, damagedUnits: 0 },
        second * 1_000,
      );
    }
    expect(stats.rates()).toEqual({ bitrateKbps: 1_000, framesPerSecond: 25, lossShare: 0.01, damagedUnits: 0 });
    expect(stats.coveredMs).toBe(2_000);
  });

  it('does not measure key frames across a hole', () => {
    const stats = new StreamStats();
    stats.keyFrame(0);
    stats.keyFrame(2_000);
    expect(stats.keyFrameIntervalMs).toBe(2_000);
    stats.restart(9_000);
    stats.keyFrame(10_000);
    expect(stats.keyFrameIntervalMs).toBeUndefined();
  });

  it('measures key frames by their own times where it can', () => {
    const stats = new StreamStats();
    stats.keyFrame(0, 90_000);
    stats.keyFrame(1_180, 180_000);
    expect(stats.keyFrameIntervalMs).toBe(1_000);
    // The line of time jumped: what is left is when they came.
    stats.keyFrame(2_200, 90_000_000);
    expect(stats.keyFrameIntervalMs).toBe(1_020);
    stats.keyFrame(3_200, 45_000_000);
    expect(stats.keyFrameIntervalMs).toBe(1_000);
  });
});

describe('Demand', () => {
  it('wants a stream from the first request until the linger has passed, or while a sink holds it', () => {
    const demand = new Demand({ name: 'on-demand', lingerMs: 10_000 });
    expect(demand.isWanted(0, 0)).toBe(false);
    expect(demand.isWanted(0, 1)).toBe(true);
    demand.ask(1_000);
    expect([demand.isWanted(10_999, 0), demand.isWanted(11_000, 0)]).toEqual([true, false]);
    expect(new Demand({ name: 'always' }).isWanted(0, 0)).toBe(true);
  });
});

describe('RecentReaders', () => {
  it('counts each reader once, forgets them by age and never holds more than its bound', () => {
    const readers = new RecentReaders(5_000, 3);
    for (const [name, atMs] of [
      ['a', 0],
      ['b', 1_000],
      ['a', 2_000],
    ] as const)
      readers.see(name, atMs);
    expect([readers.count(5_999), readers.count(6_000), readers.count(7_000)]).toEqual([2, 1, 0]);
    for (let index = 0; index < 10; index++) readers.see(`r${index}`, 8_000);
    expect(readers.count(8_000)).toBe(3);
  });
});

describe('streamTarget', () => {
  it('holds a stream to the host that was recorded for its camera', () => {
    expect(streamTarget('rtsp://10.0.0.7/main?x=1', '10.0.0.7')).toEqual({
      ok: true,
      value: { host: '10.0.0.7', port: 554, url: 'rtsp://10.0.0.7:554/main?x=1' },
    });
    expect(streamTarget('rtsp://10.0.0.8/main', '10.0.0.7')).toMatchObject({
      refusal: { code: 'stream-host-foreign' },
    });
    expect(streamTarget('rtsp://10.0.0.7@10.0.0.8/main', '10.0.0.7')).toMatchObject({ ok: false });
  });

  it('drops a login in the address and understands IPv6 and letters of either case', () => {
    expect(streamTarget('rtsp://u:secret@CAM.local:8554/a', 'cam.LOCAL')).toMatchObject({
      value: { url: 'rtsp://cam.local:8554/a' },
    });
    expect(streamTarget('rtsp://[fe80::1]:554/a', 'fe80::1')).toMatchObject({ value: { host: 'fe80::1' } });
  });

  it.each([
    'http://10.0.0.7/',
    'rtsp:///a',
    'rtsp://10.0.0.7:0/a',
    'rtsp://10.0.0.7/a\r\nX: y',
    `rtsp://10.0.0.7/${'a'.repeat(2_000)}`,
    '',
  ])('refuses %j', (uri) => {
    expect(streamTarget(uri, '10.0.0.7')).toMatchObject({ ok: false });
  });

  it('never lets any text reach another host', () => {
    const hostile = fc.oneof(
      fc.string({ maxLength: 80 }),
      fc.string({ maxLength: 60 }).map((text) => `rtsp://${text}`),
      fc.tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 })).map(([a, b]) => `rtsp://${a}10.0.0.7${b}/x`),
    );
    fc.assert(
      fc.property(hostile, (uri) => {
        const target = streamTarget(uri, '10.0.0.7');
        if (!target.ok) return true;
        return target.value.host === '10.0.0.7' && /^rtsp:\/\/10\.0\.0\.7:\d+(?=[/?]|$)\S*$/.test(target.value.url);
      }),
      { numRuns: 100_000 },
    );
  });
});

describe('retryWaitMs', () => {
  it('keeps away from a camera that would lock the account', () => {
    expect(retryWaitMs('rtsp-unauthorized', 250)).toBe(60_000);
    expect(retryWaitMs('connect-refused', 250)).toBe(250);
  });
});
