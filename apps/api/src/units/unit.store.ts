import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type FindOptionsWhere } from 'typeorm';
import type { Unit } from '#libs/dispatch';
import { UnitEntity } from './unit.entity.ts';

/** Queries of units. They are written by `dispatch/board-rows.ts` alone. */
@Injectable()
export class UnitStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that are not retired, by call sign. */
  active(): Promise<Unit[]> {
    return this.where({ retiredAt: IsNull() });
  }

  byIds(ids: readonly string[]): Promise<Unit[]> {
    return this.where({ id: In(ids) });
  }

  async byId(id: string): Promise<Unit | undefined> {
    return (await this.where({ id }))[0];
  }

  private async where(where: FindOptionsWhere<UnitEntity>): Promise<Unit[]> {
    const rows = await this.dataSource.manager.find(UnitEntity, {
      where,
      select: { id: true, state: true as never },
      order: { callSign: 'ASC', id: 'ASC' },
    });
    return rows.map(({ state }) => state);
  }
}
