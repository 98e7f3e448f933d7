import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { ZoneEntity } from './zone.entity.ts';

/** Queries of zones that are not removed. */
@Injectable()
export class ZoneStore {
  constructor(private readonly dataSource: DataSource) {}

  all(manager: EntityManager = this.dataSource.manager): Promise<ZoneEntity[]> {
    return manager.find(ZoneEntity, { where: { removedAt: IsNull() }, order: { createdAt: 'ASC' } });
  }

  byId(id: string, manager: EntityManager = this.dataSource.manager): Promise<ZoneEntity | null> {
    return manager.findOneBy(ZoneEntity, { id, removedAt: IsNull() });
  }

  /** The row, held until the transaction ends. */
  lock(id: string, manager: EntityManager): Promise<ZoneEntity | null> {
    return manager.findOne(ZoneEntity, { where: { id, removedAt: IsNull() }, lock: { mode: 'pessimistic_write' } });
  }

  count(manager: EntityManager): Promise<number> {
    return manager.countBy(ZoneEntity, { removedAt: IsNull() });
  }
}
