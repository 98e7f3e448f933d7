import { describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger, type Refusal } from '#libs/base';
import { BlockPool, SegmentWindow } from '#libs/hls';
import { Hub } from '#libs/relay';
import { newPublishKey, publishKeyHash } from '#libs/secret';
import { publishedTags } from '../../testing/flv-tags.ts';
import { AWAY_MS, SILENT_MS, TELL_REFUSAL_MS } from './limits.ts';
import { Push, type Publisher } from './push.ts';

const TAGS = publishedTags();

class Device implements Publisher {
  dismissed: string | undefined;
  dismiss(reason: Refusal): void {
    this.dismissed = reason.code;
  }
}

function setUp(key = newPublishKey(), isRevoked = false) {
  const clock = new FakeClock();
  const told: string[] = [];
  let frames = 0;
  const window = new SegmentWindow(1, new BlockPool(), clock);
  const push = new Push({
    config: { streamName: 'abcd2345', keyHash: isRevoked ? undefined : publishKeyHash(key) },
    window,
    hub: new Hub(),
    clock,
    log: silentLogger,
    onFrame: () => frames++,
    onBreak: () => {},
    onFailure: ({ code }) => told.push(code),
  });
  push.start(clock.monotonicMs());
  const wait = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    push.tick(clock.monotonicMs());
  };
  const begin = (device = new Device()): Device => {
    expect(push.admit(key, clock.monotonicMs())).toBeUndefined();
    push.begin(device, clock.monotonicMs());
    return device;
  };
  const send = (device: Device, tags = TAGS): void => {
    for (const { body, timestampMs } of tags) push.video(device, body, timestampMs, clock.monotonicMs());
  };
  return { push, clock, told, window, wait, begin, send, key, frames: () => frames };
}

describe('a camera that pushes', () => {
  it('is said to be away once nobody came for a while, and shows what comes', async () => {
    const { push, told, wait, begin, send, window, frames } = setUp();
    await wait(AWAY_MS);
    await wait(AWAY_MS);
    expect(told).toEqual(['not-publishing']);
    const device = begin();
    send(device);
    expect([frames(), push.counters?.units, push.failure]).toEqual([30, 30, undefined]);
    expect([push.format?.codec, window.isEmpty]).toEqual(['h264', false]);
    expect(push.prime({ format: () => {}, unit: () => true, gap: () => {} }, 1e6)).toBe(true);
  });

  it('waits a moment for one that was cut off, and does not for one that said goodbye', async () => {
    const { push, clock, told, wait, begin, send } = setUp();
    const first = begin();
    send(first);
    push.ended(first, false, clock.monotonicMs());
    await wait(AWAY_MS - 1);
    const second = begin();
    send(second);
    expect([told, push.reconnects]).toEqual([[], 1]);
    push.ended(second, true, clock.monotonicMs());
    expect(told).toEqual(['not-publishing']);
  });

  it('takes a second publisher only when the first one is silent', async () => {
    const { push, clock, key, begin, send, wait, frames } = setUp();
    const first = begin();
    send(first);
    await wait(SILENT_MS - 1);
    expect(push.admit(key, clock.monotonicMs())?.code).toBe('publisher-busy');
    send(first, TAGS.slice(0, 1));
    await wait(SILENT_MS - 1);
    expect(push.admit(key, clock.monotonicMs())?.code).toBe('publisher-busy');
    await wait(1);
    const second = begin();
    expect([first.dismissed, second.dismissed]).toEqual(['publisher-replaced', undefined]);
    const before = frames();
    send(first);
    push.ended(first, true, clock.monotonicMs());
    expect([frames(), push.isReceiving]).toEqual([before, true]);
    send(second);
    expect(frames()).toBe(before + 30);
  });

  it('refuses wrong and revoked keys, tells it on the camera for a while, and then that nobody sends', async () => {
    const { push, clock, told, wait } = setUp();
    await wait(AWAY_MS);
    expect(push.admit(newPublishKey(), clock.monotonicMs())?.code).toBe('publish-key-wrong');
    expect(push.admit('', clock.monotonicMs())?.code).toBe('publish-key-wrong');
    await wait(TELL_REFUSAL_MS - 1);
    expect(told.slice(1)).toEqual(['publish-key-wrong', 'publish-key-wrong']);
    await wait(1);
    expect(told.at(-1)).toBe('not-publishing');
    const revoked = setUp(newPublishKey(), true);
    expect(revoked.push.admit(revoked.key, 0)?.code).toBe('publish-key-revoked');
  });

  it('lets nobody disturb the one that publishes', () => {
    const { push, clock, told, begin, send, frames } = setUp();
    const device = begin();
    send(device);
    push.admit(newPublishKey(), clock.monotonicMs());
    send(new Device());
    expect([told, frames(), device.dismissed]).toEqual([[], 30, undefined]);
  });

  it('ends a publisher of what it cannot carry, and one whose camera is let go', async () => {
    const { push, told, begin, send } = setUp();
    const device = begin();
    send(device, [{ body: Buffer.from('12000000', 'hex'), timestampMs: 0 }]);
    await Promise.resolve();
    expect([device.dismissed, told]).toEqual(['codec-unsupported', ['codec-unsupported']]);
    const other = begin();
    push.stop();
    expect([other.dismissed, push.isRunning]).toEqual(['publisher-dismissed', false]);
  });
});
