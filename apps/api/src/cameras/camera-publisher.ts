import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { reasonOf, type Logger } from '#libs/base';
import type { CameraDetail } from '#libs/wire';
import { LOGGER } from '../logging.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { CameraHealthReader } from './camera-health-reader.ts';
import { cameraUnknown } from './camera-refusals.ts';
import { CameraViews } from './camera-views.ts';

/** Owner of the realtime topic `cameras`: says a camera anew when its row, its zone or its health changed. */
@Injectable()
export class CameraPublisher implements OnModuleInit {
  constructor(
    private readonly views: CameraViews,
    private readonly health: CameraHealthReader,
    private readonly realtime: RealtimeService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.realtime.register('cameras', () => this.views.all());
    this.health.onChanged((ids) => void this.publishAll(ids));
  }

  /** Call it after the commit. */
  publish(id: string): Promise<void> {
    return this.realtime.refresh('cameras', id, () => this.views.byId(id));
  }

  /** One after another, so that a storm of changes holds one connection. Never rejects: the next change tries again. */
  async publishAll(ids: readonly string[]): Promise<void> {
    try {
      for (const id of ids) await this.publish(id);
    } catch (thrown) {
      this.logger.warn({ cameras: ids.length, reason: reasonOf(thrown) }, 'changes of cameras could not be published');
    }
  }

  /** @throws {RefusalError} `camera-unknown`. */
  async detail(id: string): Promise<CameraDetail> {
    const detail = await this.views.detail(id);
    if (!detail) throw cameraUnknown();
    return detail;
  }
}
