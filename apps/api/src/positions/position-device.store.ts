import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager } from 'typeorm';
import { PositionDeviceEntity } from './position-device.entity.ts';

/** A device that may report now. */
export interface ActiveDevice {
  readonly id: string;
  readonly unitId: string;
  readonly tokenHash: Buffer;
}

/** Queries of devices and of the units that they are bound to. */
@Injectable()
export class PositionDeviceStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Devices that were not revoked, of units that are in service. */
  async active(limit: number): Promise<ActiveDevice[]> {
    const rows: { id: string; unit_id: string; token_hash: Buffer }[] = await this.dataSource.query(
      `SELECT device.id, unit_id, token_hash FROM position_device device JOIN unit ON unit.id = unit_id
       WHERE revoked_at IS NULL AND retired_at IS NULL ORDER BY device.id LIMIT $1`,
      [limit],
    );
    return rows.map((row) => ({ id: row.id, unitId: row.unit_id, tokenHash: row.token_hash }));
  }

  ofUnit(unitId: string): Promise<PositionDeviceEntity[]> {
    return this.dataSource.manager.find(PositionDeviceEntity, { where: { unitId }, order: { id: 'ASC' } });
  }

  countActive(unitId: string | undefined, manager: EntityManager): Promise<number> {
    return manager.countBy(PositionDeviceEntity, {
      revokedAt: IsNull(),
      ...(unitId === undefined ? {} : { unitId }),
    });
  }

  /** The row, held until the transaction ends. */
  lock(id: string, unitId: string, manager: EntityManager): Promise<PositionDeviceEntity | null> {
    return manager.findOne(PositionDeviceEntity, { where: { id, unitId }, lock: { mode: 'pessimistic_write' } });
  }
}
