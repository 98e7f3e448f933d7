import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not, type EntityManager } from 'typeorm';
import { PtzTourEntity } from './ptz-tour.entity.ts';

/** Queries of tours whose camera is not removed. */
@Injectable()
export class PtzTourStore {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<PtzTourEntity[]> {
    return this.dataSource.manager.find(PtzTourEntity, {
      where: { camera: { removedAt: IsNull() } },
      order: { createdAt: 'ASC' },
    });
  }

  ofCamera(cameraId: string, manager: EntityManager = this.dataSource.manager): Promise<PtzTourEntity[]> {
    return manager.find(PtzTourEntity, { where: { cameraId }, order: { createdAt: 'ASC' } });
  }

  byId(id: string): Promise<PtzTourEntity | null> {
    return this.dataSource.manager.findOneBy(PtzTourEntity, { id, camera: { removedAt: IsNull() } });
  }

  started(): Promise<PtzTourEntity[]> {
    return this.dataSource.manager.findBy(PtzTourEntity, {
      startedAt: Not(IsNull()),
      camera: { removedAt: IsNull() },
    });
  }

  /** The one that runs stops being told so. */
  async clearStarted(cameraId: string, manager: EntityManager): Promise<void> {
    await manager.update(PtzTourEntity, { cameraId, startedAt: Not(IsNull()) }, { startedAt: null });
  }
}
