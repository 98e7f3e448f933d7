import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { KnownPlaceEntity } from './known-place.entity.ts';

/** Queries of known places that are not removed. */
@Injectable()
export class PlaceStore {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<KnownPlaceEntity[]> {
    return this.dataSource.manager.find(KnownPlaceEntity, {
      where: { removedAt: IsNull() },
      order: { name: 'ASC', id: 'ASC' },
    });
  }

  byId(id: string): Promise<KnownPlaceEntity | null> {
    return this.dataSource.manager.findOneBy(KnownPlaceEntity, { id, removedAt: IsNull() });
  }

  /** The row, held until the transaction ends. */
  lock(id: string, manager: EntityManager): Promise<KnownPlaceEntity | null> {
    return manager.findOne(KnownPlaceEntity, {
      where: { id, removedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
  }

  count(manager: EntityManager): Promise<number> {
    return manager.countBy(KnownPlaceEntity, { removedAt: IsNull() });
  }
}
