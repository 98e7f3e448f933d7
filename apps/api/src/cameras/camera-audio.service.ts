import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CameraAudioBody, CameraDetail } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { cameraUnknown } from './camera-refusals.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';

/**
 * Whether a camera's audio is taken. Off unless enabled with a reason: voice is personal data (Ley 29733, DS 007-2020-IN
 * art. 4). Where it is off the relay does not ask the camera for it.
 */
@Injectable()
export class CameraAudioService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CameraStore,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Written down even when nothing changes but the reason.
   * @throws {RefusalError} `camera-unknown`.
   */
  async set(id: string, { enabled, reason }: CameraAudioBody, by: SignedInUser): Promise<CameraDetail> {
    await this.dataSource.transaction(async (manager) => {
      const camera = await this.store.lock(id, manager);
      if (!camera) throw cameraUnknown();
      const updatedAt = new Date(this.clock.nowMs());
      const audioReason = enabled ? reason : null;
      await manager.update(CameraEntity, { id }, { audioEnabled: enabled, audioReason, updatedAt });
      await this.store.notifyRelays(manager);
      const details = { camera: camera.code, enabled: [camera.audioEnabled, enabled], reason };
      const what = { action: 'camera:audio', objectKind: 'camera', objectId: id, outcome: 'done' as const, details };
      await this.audit.record(what, by, manager);
    });
    await this.publisher.publish(id);
    return this.publisher.detail(id);
  }
}
