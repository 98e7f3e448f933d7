import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, refused, silentLogger, sleep, type Result } from '#libs/base';
import {
  onvifRefusal,
  type EventMessage,
  type EventsFace,
  type OnvifCode,
  type PullPoint,
  type Pulled,
} from '#libs/onvif';
import { EventLink, LASTS_MS, PULL_WAIT_MS } from './event-link.ts';
import { MessageBudget } from './message-budget.ts';

const MOTION: EventMessage = { topic: 'VideoSource/MotionAlarm', operation: 'changed', source: [], data: [] };
/** Longer chains of promises than the clock waits for by itself. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A camera that does as it is told, and notes what it was asked and when. */
class Camera {
  readonly clock = new FakeClock();
  readonly asked: string[] = [];
  readonly heard: EventMessage[] = [];
  lost = 0;
  /** What opening it comes to, one after another; then it opens. */
  openings: OnvifCode[] = [];
  grantsMs: number | null = LASTS_MS;
  renewal: OnvifCode | undefined;
  /** What the next pulls answer; then it waits as it was asked to. */
  pulls: (number | OnvifCode)[] = [];
  ignoresWait = false;
  readonly link = new EventLink('c', {
    clock: this.clock,
    logger: silentLogger,
    open: () => this.open(),
    hear: (_, message) => this.heard.push(message),
    lose: () => this.lost++,
  });

  private readonly face = {
    subscribe: (lastsMs: number) => this.answer(`subscribe ${lastsMs}`, this.point()),
    synchronize: () => this.answer('synchronize', undefined),
    renew: () => this.renew(),
    unsubscribe: () => this.answer('unsubscribe', undefined),
    pull: (_: PullPoint, waitMs: number, __: number, signal: AbortSignal) => this.pull(waitMs, signal),
  };

  count(what: string): number {
    return this.asked.filter((one) => one.startsWith(what)).length;
  }

  async pass(byMs: number): Promise<void> {
    await settled();
    for (let passedMs = 0; passedMs < byMs; passedMs += 500) {
      await this.clock.advance(500);
      await settled();
    }
  }

  private open(): Promise<Result<EventsFace>> {
    this.asked.push('open');
    const failure = this.openings.shift();
    const face = this.face as unknown as EventsFace;
    return Promise.resolve(failure ? refused(onvifRefusal(failure, 'scripted')) : ok(face));
  }

  private point(): PullPoint {
    return { port: 80, path: '/pull', address: 'http://x/pull', echo: '', lastsMs: this.grantsMs };
  }

  private renew(): Promise<Result<number | null>> {
    this.asked.push('renew');
    const { renewal } = this;
    return Promise.resolve(renewal ? refused(onvifRefusal(renewal, 'scripted')) : ok(this.grantsMs));
  }

  private async pull(waitMs: number, signal: AbortSignal): Promise<Result<Pulled>> {
    this.asked.push(`pull ${waitMs}`);
    const next = this.pulls.shift();
    if (typeof next === 'string') return refused(onvifRefusal(next, 'scripted'));
    if (next !== undefined) return ok({ messages: Array.from({ length: next }, () => MOTION), dropped: 0 });
    if (!this.ignoresWait) await sleep(this.clock, waitMs, signal);
    return ok({ messages: [], dropped: 0 });
  }

  private answer<T>(what: string, value: T): Promise<Result<T>> {
    this.asked.push(what);
    return Promise.resolve(ok(value));
  }
}

async function started(change: (camera: Camera) => void = () => {}): Promise<Camera> {
  const camera = new Camera();
  change(camera);
  void camera.link.run();
  await camera.pass(500);
  return camera;
}

describe('the link to the events of a camera', () => {
  it('subscribes, asks for every state, hears, and takes leave', async () => {
    const camera = await started(({ pulls }) => pulls.push(3));
    expect(camera.asked).toEqual([
      'open',
      `subscribe ${LASTS_MS}`,
      'synchronize',
      `pull ${PULL_WAIT_MS}`,
      `pull ${PULL_WAIT_MS}`,
    ]);
    expect(camera.heard).toHaveLength(3);
    expect(camera.link.view()).toMatchObject({ state: 'listening', code: null, messages: 3, dropped: 0 });
    camera.link.end();
    await camera.pass(500);
    expect(camera.asked.at(-1)).toBe('unsubscribe');
  });

  it('renews in good time, and asks for every state again each ten minutes', async () => {
    const camera = await started();
    await camera.pass(640_000);
    // Of 120 s granted, a renewal comes after 48 s, when the pull that waits then has been answered.
    expect(camera.count('renew')).toBeGreaterThanOrEqual(10);
    expect(camera.count('synchronize')).toBe(2);
    expect(camera.count('subscribe')).toBe(1);
  });

  it.each([
    ['a few seconds', 6_000, 3_000],
    ['nonsense', null, PULL_WAIT_MS],
    ['a year', 31_536_000_000, PULL_WAIT_MS],
  ])('believes a camera that grants %s no more than is good', async (_, grantsMs, waitMs) => {
    const camera = await started((one) => (one.grantsMs = grantsMs));
    expect(camera.asked).toContain(`pull ${waitMs}`);
    await camera.pass(121_000);
    expect(camera.count('renew')).toBeGreaterThanOrEqual(2);
  });

  it('subscribes anew at a camera that cannot renew, and at one that forgot', async () => {
    const camera = await started((one) => (one.renewal = 'onvif-not-supported'));
    await camera.pass(130_000);
    expect(camera.count('subscribe')).toBeGreaterThanOrEqual(2);
    expect(camera.count('unsubscribe')).toBe(camera.count('subscribe') - 1);
    const forgetful = await started(({ pulls }) => pulls.push(0, 'onvif-fault'));
    await forgetful.pass(3_000);
    expect(forgetful.count('subscribe')).toBe(2);
    expect(forgetful.link.view().state).toBe('listening');
  });

  it('tries again ever more seldom while the camera is away, and says after a minute that it is lost', async () => {
    const camera = await started(({ pulls, openings }) => {
      pulls.push(1, 'onvif-unreachable');
      openings.push();
    });
    camera.openings = Array.from({ length: 30 }, () => 'onvif-unreachable' as const);
    await camera.pass(50_000);
    expect([camera.lost, camera.link.view()]).toMatchObject([0, { state: 'waiting', code: 'onvif-unreachable' }]);
    await camera.pass(15_000);
    expect(camera.lost).toBe(1);
    const tries = camera.count('open');
    await camera.pass(300_000);
    expect(camera.count('open') - tries).toBeLessThan(9);
    expect(camera.lost).toBe(1);
    // Its picture is back: no use in waiting longer.
    camera.openings = [];
    camera.link.nudge();
    await camera.pass(1_000);
    expect(camera.link.view().state).toBe('listening');
  });

  it('does not lock an account by trying a wrong login over and over', async () => {
    const camera = await started(
      (one) => (one.openings = Array.from({ length: 9 }, () => 'onvif-unauthorized' as const)),
    );
    await camera.pass(290_000);
    camera.link.nudge();
    await camera.pass(5_000);
    expect(camera.count('open')).toBe(1);
    await camera.pass(10_000);
    expect(camera.count('open')).toBe(2);
  });

  it('measures the clock again when a login that was good is refused', async () => {
    const camera = await started(({ pulls }) => pulls.push(0, 'onvif-unauthorized'));
    await camera.pass(3_000);
    expect([camera.count('open'), camera.link.view().state]).toEqual([2, 'listening']);
  });

  it('cuts a camera that floods, counts what it did not take, and comes back after a minute', async () => {
    const camera = await started(({ pulls }) => pulls.push(60, 60));
    expect(camera.heard).toHaveLength(MessageBudget.BURST);
    expect(camera.link.view()).toMatchObject({ state: 'flooded', code: 'event-flood', messages: 100, dropped: 20 });
    expect(camera.asked.at(-1)).toBe('unsubscribe');
    await camera.pass(50_000);
    expect(camera.count('open')).toBe(1);
    await camera.pass(12_000);
    expect(camera.link.view().state).toBe('listening');
  });

  it('does not ask in a circle a camera that answers empty at once', async () => {
    const camera = await started((one) => (one.ignoresWait = true));
    await camera.pass(10_000);
    expect(camera.count('pull')).toBeLessThanOrEqual(23);
  });

  it('leaves a camera without events alone', async () => {
    const camera = await started(({ openings }) => openings.push('onvif-not-supported'));
    await camera.pass(600_000);
    expect([camera.count('open'), camera.link.view().state]).toEqual([1, 'none']);
  });
});
