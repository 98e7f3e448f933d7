import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface UnitName {
  readonly id: string;
  readonly callSign: string;
}

/** What positions have to know of units: that they are, how they are called, and who sits in which. */
@Injectable()
export class UnitDirectory {
  constructor(private readonly dataSource: DataSource) {}

  /** In the order of their call signs, retired ones too: they have a past. */
  async all(): Promise<UnitName[]> {
    return this.dataSource.query('SELECT id, call_sign AS "callSign" FROM unit ORDER BY call_sign, id');
  }

  async byId(id: string): Promise<UnitName | undefined> {
    const rows: UnitName[] = await this.dataSource.query('SELECT id, call_sign AS "callSign" FROM unit WHERE id = $1', [
      id,
    ]);
    return rows[0];
  }

  /** Whether a unit is in service; its row stays as it is until the transaction ends. */
  async isActive(id: string, manager: EntityManager): Promise<boolean> {
    const rows: unknown[] = await manager.query('SELECT 1 FROM unit WHERE id = $1 AND retired_at IS NULL FOR SHARE', [
      id,
    ]);
    return rows.length > 0;
  }

  /** The unit on duty in which somebody sits. */
  async ofCrew(accountId: string): Promise<string | undefined> {
    const rows: { id: string }[] = await this.dataSource.query(
      `SELECT id FROM unit WHERE on_duty AND retired_at IS NULL
       AND state->'duty'->'crew' @> jsonb_build_array(jsonb_build_object('staffId', $1::text)) LIMIT 1`,
      [accountId],
    );
    return rows[0]?.id;
  }
}
