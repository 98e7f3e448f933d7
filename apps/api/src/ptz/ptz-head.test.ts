import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, refused, silentLogger, type Result } from '#libs/base';
import { onvifRefusal, type OnvifCode } from '#libs/onvif';
import { CameraEntity } from '../cameras/camera.entity.ts';
import type { OpenDevice } from '../cameras/device-access.ts';
import { PtzHead } from './ptz-head.ts';

const RIGHT = { pan: 1, tilt: 0, zoom: 0 };
/** Longer chains of promises than the clock waits for by itself. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function pass(clock: FakeClock, byMs: number): Promise<void> {
  await settled();
  for (let passedMs = 0; passedMs < byMs; passedMs += 50) {
    await clock.advance(50);
    await settled();
  }
}

const always = (): boolean => true;

/** A dome that answers when told to, and notes what it was asked. */
class Dome {
  readonly asked: string[] = [];
  readonly waiting: ((answer: Result<void>) => void)[] = [];
  opened = 0;
  /** Answers at once while there are answers; waits for {@link answer} when `holds`. */
  holds = false;
  failures: OnvifCode[] = [];

  private act(what: string): Promise<Result<void>> {
    this.asked.push(what);
    const failure = this.failures.shift();
    if (failure) return Promise.resolve(refused(onvifRefusal(failure, 'scripted')));
    if (!this.holds) return Promise.resolve(ok(undefined));
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  answer(): void {
    this.waiting.shift()?.(ok(undefined));
  }

  open(): Promise<Result<OpenDevice>> {
    this.opened++;
    const profile = (token: string, hasPtz: boolean) => ({ token, hasPtz });
    const ptz = {
      move: (token: string, { pan, zoom }: typeof RIGHT, axes: string, timeoutMs?: number) =>
        this.act(`move ${token} ${pan}/${zoom} ${axes} ${timeoutMs ?? 'no timeout'}`),
      stop: () => this.act('stop'),
      goToPreset: (_: string, token: string) => this.act(`goto ${token}`),
    };
    const device = {
      ptz,
      services: () => Promise.resolve(ok({ hasPtz: true })),
      profiles: () => Promise.resolve(ok([profile('fixed', false), profile('other', true), profile('main', true)])),
    };
    return Promise.resolve(ok({ device } as unknown as OpenDevice));
  }
}

function headOf(dome: Dome) {
  const clock = new FakeClock();
  const camera = Object.assign(new CameraEntity(), {
    id: 'camera',
    code: 'C-01',
    hasPtz: true,
    onvifUrl: 'http://10.0.0.7/onvif',
    credentialSealed: Buffer.from('one'),
  });
  const vault = { open: () => ({ username: 'u', password: 'p' }) };
  const head = new PtzHead(camera, 'main', { access: dome, vault, clock, logger: silentLogger });
  return { clock, camera, head };
}

describe('a move', () => {
  it('goes through the profile that steers and ends by itself, here and in the camera', async () => {
    const dome = new Dome();
    const { clock, head } = headOf(dome);
    await head.move(RIGHT, 1_000, undefined, always);
    expect(dome.asked).toEqual(['move main 1/0 pan-tilt 2000']);
    await clock.advance(999);
    expect(dome.asked).toHaveLength(1);
    await clock.advance(1);
    expect(dome.asked).toEqual(['move main 1/0 pan-tilt 2000', 'stop']);
    expect(head.isMoving).toBe(false);
  });

  it('that is sent again puts the end off; one that changes names the axis that must stand', async () => {
    const dome = new Dome();
    const { clock, head } = headOf(dome);
    await head.move(RIGHT, 1_000, undefined, always);
    await clock.advance(800);
    await head.move({ pan: 0, tilt: 0, zoom: 0.5 }, 1_000, undefined, always);
    await clock.advance(900);
    expect(dome.asked).toEqual(['move main 1/0 pan-tilt 2000', 'move main 0/0.5 all 2000']);
    await clock.advance(100);
    await head.move({ pan: 0, tilt: 0, zoom: 0.5 }, 1_000, undefined, always);
    expect(dome.asked.slice(2)).toEqual(['stop', 'move main 0/0.5 zoom 2000']);
  });

  it('gives way to newer ones while the camera is slow, and to a stop', async () => {
    const dome = new Dome();
    dome.holds = true;
    const { head } = headOf(dome);
    const all = [1, 0.5, 0.25, 0.125].map((pan) => head.move({ ...RIGHT, pan }, 1_000, 'press', always));
    await settled();
    dome.answer();
    await settled();
    expect(dome.asked).toEqual(['move main 0.125/0 pan-tilt 2000']);
    const late = head.move({ ...RIGHT, pan: 0.3 }, 1_000, 'press', always);
    const stopped = head.stop('press');
    await settled();
    dome.answer();
    await settled();
    expect(dome.asked.slice(1)).toEqual(['stop']);
    expect(await Promise.all([...all, late, stopped])).toEqual(Array.from({ length: 6 }, () => ok(undefined)));
    expect(await head.move(RIGHT, 1_000, 'press', always)).toEqual(ok(undefined));
    expect(dome.asked).toHaveLength(2);
  });

  it('is not made when its owner lost the camera while it waited', async () => {
    const dome = new Dome();
    dome.holds = true;
    const { head } = headOf(dome);
    let mine = true;
    const first = head.move(RIGHT, 1_000, undefined, () => mine);
    await settled();
    const second = head.goToPreset('1', () => mine);
    mine = false;
    dome.answer();
    await first;
    expect(await second).toMatchObject({ ok: false, refusal: { code: 'ptz-overtaken' } });
    expect(dome.asked).toHaveLength(1);
  });

  it('is asked without a timeout of cameras that refuse it, from then on', async () => {
    const dome = new Dome();
    dome.failures = ['onvif-fault'];
    const { head } = headOf(dome);
    await head.move(RIGHT, 1_000, undefined, always);
    await head.move(RIGHT, 1_000, undefined, always);
    expect(dome.asked).toEqual([
      'move main 1/0 pan-tilt 2000',
      'move main 1/0 pan-tilt no timeout',
      'move main 1/0 pan-tilt no timeout',
    ]);
  });
});

describe('a stop', () => {
  it('that the camera does not take is said again, until something newer is ordered', async () => {
    const dome = new Dome();
    const { clock, head } = headOf(dome);
    await head.move(RIGHT, 1_000, undefined, always);
    dome.failures = ['onvif-timeout', 'onvif-timeout'];
    expect((await head.stop()).ok).toBe(false);
    await pass(clock, 3_000);
    expect(dome.asked.slice(1)).toEqual(['stop', 'stop', 'stop']);
    dome.failures = Array.from({ length: 9 }, () => 'onvif-unreachable' as const);
    await head.stop();
    await pass(clock, 10_000);
    expect(dome.asked.slice(4)).toEqual(['stop', 'stop', 'stop', 'stop', 'stop']);
    dome.failures = ['onvif-timeout'];
    await head.stop();
    await head.goToPreset('1', always);
    await pass(clock, 10_000);
    expect(dome.asked.slice(9)).toEqual(['stop', 'goto 1']);
  });
});

describe('the way to the camera', () => {
  it('is opened once, anew when address or login change, and once more when a login is refused', async () => {
    const dome = new Dome();
    const { camera, head } = headOf(dome);
    await head.goToPreset('1', always);
    await head.goToPreset('2', always);
    expect(dome.opened).toBe(1);
    await head.renew(Object.assign(camera, { credentialSealed: Buffer.from('two') })).goToPreset('3', always);
    expect(dome.opened).toBe(2);
    dome.failures = ['onvif-unauthorized'];
    expect((await head.goToPreset('4', always)).ok).toBe(true);
    expect([dome.opened, dome.asked.slice(-2)]).toEqual([3, ['goto 4', 'goto 4']]);
    dome.failures = ['onvif-unauthorized', 'onvif-unauthorized'];
    expect(await head.goToPreset('5', always)).toMatchObject({ refusal: { code: 'onvif-unauthorized' } });
  });

  it('holds so many orders and no more', async () => {
    const dome = new Dome();
    dome.holds = true;
    const { head } = headOf(dome);
    const asked = Array.from({ length: 9 }, (_, index) => head.goToPreset(String(index), always));
    expect(await asked[8]).toMatchObject({ ok: false, refusal: { code: 'ptz-busy', kind: 'too-many' } });
  });
});
