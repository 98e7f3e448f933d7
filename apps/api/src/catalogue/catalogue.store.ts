import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IncidentTypeEntity } from './incident-type.entity.ts';

/** Queries of the catalogue of incident types. */
@Injectable()
export class CatalogueStore {
  constructor(private readonly dataSource: DataSource) {}

  all(): Promise<IncidentTypeEntity[]> {
    return this.dataSource.manager.find(IncidentTypeEntity, { order: { position: 'ASC' } });
  }

  byCode(code: string, manager: EntityManager = this.dataSource.manager): Promise<IncidentTypeEntity | null> {
    return manager.findOneBy(IncidentTypeEntity, { code });
  }

  /** The row, held until the transaction ends. */
  lock(code: string, manager: EntityManager): Promise<IncidentTypeEntity | null> {
    return manager.findOne(IncidentTypeEntity, { where: { code }, lock: { mode: 'pessimistic_write' } });
  }
}
