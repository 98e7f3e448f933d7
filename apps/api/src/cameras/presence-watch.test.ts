import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, silentLogger } from '#libs/base';
import type { Announcement } from '#libs/onvif';
import type { CameraHealthReader } from './camera-health-reader.ts';
import type { CameraStore } from './camera.store.ts';
import type { DeviceFinder } from './device-finder.ts';
import type { DiscoveryNet, Ears, Heard } from './discovery-net.ts';
import { PresenceWatch } from './presence-watch.ts';
import type { SightingService } from './sighting.service.ts';

const device = (name: string): Announcement => ({
  endpointReference: `urn:uuid:${name}`,
  types: [],
  scopes: [],
  xAddrs: ['http://10.0.0.7/'],
});

/** A watch over one camera, with a network that answers what the test says. */
function watchOver(health: { state: string; reason: { code: string } | null; sinceMs: number }) {
  const clock = new FakeClock();
  const seen = { probes: 0, taken: [] as string[], asked: 0 };
  let heard: (heard: Heard) => void = () => {};
  let ears: Ears | undefined;
  const net = {
    listen: (hear: (heard: Heard) => void) => {
      heard = hear;
      return Promise.resolve(() => {});
    },
    probe: (given: Ears) => {
      seen.probes++;
      ears = given;
      return Promise.resolve();
    },
  } as unknown as DiscoveryNet;
  const finder = {
    announced: (found: Announcement) => {
      seen.asked++;
      return Promise.resolve(ok({ endpointReference: found.endpointReference }));
    },
  } as unknown as DeviceFinder;
  const sightings = {
    take: (sighting: { endpointReference: string }) => {
      seen.taken.push(sighting.endpointReference);
      return Promise.resolve(ok(undefined));
    },
  } as unknown as SightingService;
  const cameras = {
    all: () => Promise.resolve([{ camera: { id: 'a', adoptedAt: new Date(0) } }]),
  } as unknown as CameraStore;
  const reader = { board: { healthOf: () => health } } as unknown as CameraHealthReader;
  const watch = new PresenceWatch(net, finder, sightings, cameras, reader, clock, silentLogger);
  return {
    watch,
    clock,
    seen,
    say: (message: Heard) => heard(message),
    answer: (message: Heard) => ears!.hear(message),
  };
}

describe('watching for cameras', () => {
  it('looks at who says Hello, once for repeats, and again when it comes elsewhere', async () => {
    const { watch, clock, seen, say } = watchOver({ state: 'online', reason: null, sinceMs: 0 });
    await watch.onApplicationBootstrap();
    for (let times = 0; times < 4; times++)
      say({ sender: '10.0.0.7', message: { kind: 'hello', devices: [device('a')] } });
    say({ sender: '10.0.0.8', message: { kind: 'hello', devices: [device('a')] } });
    say({ sender: '10.0.0.7', message: { kind: 'bye', devices: [device('a')] } });
    await clock.advance(1);
    expect(seen).toMatchObject({ asked: 2, taken: ['urn:uuid:a', 'urn:uuid:a'], probes: 0 });
    await watch.beforeApplicationShutdown();
  });

  it('asks the network every ten seconds while a camera is away, and takes the answers', async () => {
    const { watch, clock, seen, answer } = watchOver({
      state: 'offline',
      reason: { code: 'unreachable' },
      sinceMs: new FakeClock().nowMs(),
    });
    await watch.onApplicationBootstrap();
    await clock.advance(4_000);
    expect(seen.probes).toBe(0);
    await clock.advance(2_000);
    expect(seen.probes).toBe(1);
    answer({ sender: '10.0.0.9', message: { kind: 'matches', relatesTo: null, devices: [device('b')] } });
    await clock.advance(30_000);
    expect(seen.probes).toBe(4);
    expect(seen.taken).toEqual(['urn:uuid:b']);
    await watch.beforeApplicationShutdown();
  });

  it.each([
    ['offline', 'relay-silent'],
    ['connecting', 'waiting-for-relay'],
    ['online', ''],
    ['degraded', 'few-frames'],
  ])('does not look for a camera that is %s (%s)', async (state, code) => {
    const { watch, clock, seen } = watchOver({ state, reason: { code }, sinceMs: 0 });
    await watch.onApplicationBootstrap();
    await clock.advance(60_000);
    expect(seen.probes).toBe(0);
    await watch.beforeApplicationShutdown();
  });

  it('bounds a flood of announcements', async () => {
    const { watch, clock, seen, say } = watchOver({ state: 'online', reason: null, sinceMs: 0 });
    await watch.onApplicationBootstrap();
    for (let i = 0; i < 5_000; i++)
      say({ sender: '10.0.0.7', message: { kind: 'hello', devices: [device(String(i))] } });
    for (let turn = 0; turn < 200; turn++) await clock.advance(1);
    expect(seen.asked).toBeLessThanOrEqual(513);
    expect(seen.asked).toBeGreaterThan(400);
    await watch.beforeApplicationShutdown();
  });
});
