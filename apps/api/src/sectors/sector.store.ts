import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { SectorEntity } from './sector.entity.ts';

/** Queries of sectors that are not removed. */
@Injectable()
export class SectorStore {
  constructor(private readonly dataSource: DataSource) {}

  all(manager: EntityManager = this.dataSource.manager): Promise<SectorEntity[]> {
    return manager.find(SectorEntity, { where: { removedAt: IsNull() }, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  byId(id: string, manager: EntityManager = this.dataSource.manager): Promise<SectorEntity | null> {
    return manager.findOneBy(SectorEntity, { id, removedAt: IsNull() });
  }

  /** The row, held until the transaction ends. */
  lock(id: string, manager: EntityManager): Promise<SectorEntity | null> {
    return manager.findOne(SectorEntity, { where: { id, removedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
  }

  count(manager: EntityManager): Promise<number> {
    return manager.countBy(SectorEntity, { removedAt: IsNull() });
  }
}
