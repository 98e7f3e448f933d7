import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { reasonOf, sleep, type Logger } from '#libs/base';
import type { CameraView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';

/** Hears of a camera that is new or changed, and of one that is gone. Must not throw and must not wait. */
export interface CameraListener {
  changed(camera: CameraView): void;
  removed(cameraId: string): void;
}

const RETRY_MS = 1_000;

/** The cameras in use as the screens see them, kept from the same numbered changes: zones and health included. */
@Injectable()
export class KnownCameras implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly views = new Map<string, CameraView>();
  /** Removed while the first reading runs, which may still hold them. */
  private gone: Set<string> | undefined = new Set();
  private readonly listeners = new Set<CameraListener>();
  private readonly stop = new AbortController();
  private stopListening: () => void = () => {};
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly realtime: RealtimeService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.stopListening = this.realtime.listen((change) => {
      if (change.topic !== 'cameras') return;
      if (change.kind === 'removed') this.remove(change.id);
      else this.put(change.item);
    });
    this.reading = this.readAll();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stop.abort();
    this.stopListening();
    await this.reading;
  }

  /** Listeners are told of the cameras that are known already. */
  listen(listener: CameraListener): void {
    this.listeners.add(listener);
    for (const view of this.views.values()) listener.changed(view);
  }

  all(): Iterable<CameraView> {
    return this.views.values();
  }

  zonesOf(cameraId: string): readonly string[] {
    return this.views.get(cameraId)?.zoneIds ?? [];
  }

  /** Changes that came meanwhile are newer than what is read. */
  private async readAll(): Promise<void> {
    do {
      try {
        const { items } = await this.realtime.snapshot('cameras');
        for (const view of items) if (!this.views.has(view.id) && !this.gone?.has(view.id)) this.put(view);
        this.gone = undefined;
        return;
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'the cameras could not be read for their alarms');
      }
    } while (await sleep(this.clock, RETRY_MS, this.stop.signal));
  }

  private put(view: CameraView): void {
    this.views.set(view.id, view);
    for (const listener of this.listeners) listener.changed(view);
  }

  private remove(id: string): void {
    this.gone?.add(id);
    this.views.delete(id);
    for (const listener of this.listeners) listener.removed(id);
  }
}
