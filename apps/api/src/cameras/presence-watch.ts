import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { BoundedQueue, reasonOf, sleep, type Logger } from '#libs/base';
import type { Announcement } from '#libs/onvif';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { CameraHealthReader } from './camera-health-reader.ts';
import { isPushed } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { DeviceFinder } from './device-finder.ts';
import { DiscoveryNet, type Heard } from './discovery-net.ts';
import { SightingService } from './sighting.service.ts';

/** A camera that is away for longer is looked for: shorter gaps are a cable or a reboot. */
const MISSED_AFTER_MS = 4_000;
/** While one is away, the network is asked this often. */
const LOOK_EVERY_MS = 10_000;
const CHECK_EVERY_MS = 2_000;
/** Announcements that wait. A town of 300 says Hello together after a power cut. */
const MAX_WAITING = 512;
/** The same announcement is looked at again after this: devices say Hello several times. */
const REPEAT_AFTER_MS = 2_000;
const MAX_REMEMBERED = 2_048;

interface Waiting {
  readonly device: Announcement;
  readonly sender: string;
}

/**
 * Notices without being asked: hears cameras say Hello, and looks for those that are away. A camera with a new address is
 * found again by itself, and one that was just plugged in appears among the candidates.
 */
@Injectable()
export class PresenceWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly waiting = new BoundedQueue<Waiting>(MAX_WAITING);
  private readonly remembered = new Map<string, number>();
  private readonly loops: Promise<void>[] = [];
  private stopListening: () => void = () => {};
  private working = false;
  private lookedMs = -Infinity;

  constructor(
    private readonly net: DiscoveryNet,
    private readonly finder: DeviceFinder,
    private readonly sightings: SightingService,
    private readonly cameras: CameraStore,
    private readonly health: CameraHealthReader,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.net.listen((heard) => this.hear(heard));
    this.loops.push(this.runLooks());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.stopListening();
    this.waiting.clear();
    await Promise.all(this.loops);
  }

  private hear({ sender, message }: Heard): void {
    if (message.kind !== 'hello' && message.kind !== 'matches') return;
    for (const device of message.devices) {
      if (this.isRepeat(`${sender} ${device.endpointReference ?? ''} ${device.xAddrs.join(' ')}`)) continue;
      if (this.waiting.push({ device, sender })) void this.work();
    }
  }

  private isRepeat(key: string): boolean {
    const nowMs = this.clock.monotonicMs();
    const lastMs = this.remembered.get(key);
    this.remembered.delete(key);
    this.remembered.set(key, nowMs);
    if (this.remembered.size > MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value!);
    return lastMs !== undefined && nowMs - lastMs < REPEAT_AFTER_MS;
  }

  /** One device after another: this runs beside everything else and is in no hurry. */
  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let next = this.waiting.shift(); next && !this.stop.signal.aborted; next = this.waiting.shift()) {
      await this.look(next);
    }
    this.working = false;
  }

  private async look({ device, sender }: Waiting): Promise<void> {
    try {
      const found = await this.finder.announced(device, sender);
      if (found.ok) await this.sightings.take(found.value);
      else this.logger.debug({ sender, code: found.refusal.code }, 'an announced device was not usable');
    } catch (thrown) {
      this.logger.warn({ sender, reason: reasonOf(thrown) }, 'an announced device could not be looked at');
    }
  }

  private async runLooks(): Promise<void> {
    while (await sleep(this.clock, CHECK_EVERY_MS, this.stop.signal)) {
      try {
        await this.lookForMissing();
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'missing cameras could not be looked for');
      }
    }
  }

  private async lookForMissing(): Promise<void> {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.lookedMs < LOOK_EVERY_MS || !(await this.someoneIsMissing())) return;
    this.lookedMs = nowMs;
    await this.net.probe({ hear: (heard) => this.hear(heard), problem: () => {} }, this.stop.signal);
  }

  private async someoneIsMissing(): Promise<boolean> {
    const cameras = await this.cameras.all();
    return cameras.some(({ camera }) => {
      if (isPushed(camera)) return false;
      const { state, reason, sinceMs } = this.health.board.healthOf(camera.id, camera.adoptedAt.getTime());
      const away =
        (state === 'offline' || state === 'connecting') &&
        reason?.code !== 'relay-silent' &&
        reason?.code !== 'waiting-for-relay';
      return away && this.clock.nowMs() - sinceMs > MISSED_AFTER_MS;
    });
  }
}
