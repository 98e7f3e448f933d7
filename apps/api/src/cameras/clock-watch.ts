import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { reasonOf, sleep, type Logger } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { DeviceAccess } from './device-access.ts';
import { runInLanes } from './lanes.ts';

/** Camera clocks run about 20 ppm wrong, 2 s a day: ten minutes find a step soon and cost nothing. */
const MEASURE_EVERY_MS = 600_000;
const CHECK_EVERY_MS = 20_000;
/** In one check; 300 cameras are measured within two minutes of a start. */
const BATCH = 60;
const LANES = 4;
/** A camera that does not answer is not asked again before this. */
const RETRY_AFTER_MS = 60_000;

/** Measures each camera's clock again and again; what it finds is stored with its uncertainty and shown. */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stop = new AbortController();
  private readonly failedMs = new Map<string, number>();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly cameras: CameraStore,
    private readonly access: DeviceAccess,
    private readonly publisher: CameraPublisher,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (await sleep(this.clock, CHECK_EVERY_MS, this.stop.signal)) {
      try {
        await this.runOnce();
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'camera clocks could not be measured');
      }
    }
  }

  /** Measures those that are due. */
  async runOnce(): Promise<void> {
    const due = await this.cameras.clockDue(this.clock.nowMs() - MEASURE_EVERY_MS, BATCH);
    const nowMs = this.clock.monotonicMs();
    const ready = due.filter(({ id }) => nowMs - (this.failedMs.get(id) ?? -Infinity) >= RETRY_AFTER_MS);
    await runInLanes(ready, LANES, this.stop.signal, (camera) => this.measure(camera));
  }

  private async measure(camera: CameraEntity): Promise<void> {
    const opened = await this.access.open(camera.onvifUrl, undefined);
    if (!opened.ok) {
      this.failedMs.set(camera.id, this.clock.monotonicMs());
      return;
    }
    this.failedMs.delete(camera.id);
    const { errorMs, uncertaintyMs } = opened.value.clock;
    const measured = {
      clockErrorMs: errorMs,
      clockUncertaintyMs: uncertaintyMs,
      clockMeasuredAt: new Date(this.clock.nowMs()),
    };
    await this.dataSource.manager.update(CameraEntity, { id: camera.id, removedAt: IsNull() }, measured);
    await this.publisher.publish(camera.id);
  }
}
