import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { PublisherEntity } from '../publishers/publisher.entity.ts';
import { CameraHealthReader } from './camera-health-reader.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { cameraUnknown } from './camera-refusals.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { CandidateService } from './candidate.service.ts';

/** Takes cameras out of use. */
@Injectable()
export class CameraRemovalService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CameraStore,
    private readonly candidates: CandidateService,
    private readonly health: CameraHealthReader,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The row stays for history; its login or publish key is wiped and the device may be adopted again.
   * @throws {RefusalError} `camera-unknown`.
   */
  async remove(id: string, reason: string, by: SignedInUser): Promise<void> {
    const released = await this.dataSource.transaction(async (manager) => {
      // Before the row: a sighting holds this lock while it waits for a row that it refers to.
      await this.candidates.lockAll(manager);
      const camera = await this.store.lock(id, manager);
      if (!camera) throw cameraUnknown();
      const now = new Date(this.clock.nowMs());
      const wiped = { credentialSealed: Buffer.alloc(0), endpointReference: null, removedAt: now, updatedAt: now };
      await manager.update(CameraEntity, { id }, wiped);
      await manager.update(PublisherEntity, { cameraId: id }, { keyHash: null, keyChangedAt: now });
      await this.store.notifyRelays(manager);
      const { code, endpointReference, host, serialNumber } = camera;
      const details = { camera: code, reason, endpointReference, host, serialNumber };
      const what = { action: 'camera:remove', objectKind: 'camera', objectId: id, outcome: 'done' as const, details };
      await this.audit.record(what, by, manager);
      return this.candidates.release(id, manager);
    });
    this.health.board.forget(id);
    await this.publisher.publish(id);
    for (const candidateId of released) await this.candidates.publish(candidateId);
  }
}
