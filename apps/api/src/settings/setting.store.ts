import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SettingEntity } from './setting.entity.ts';

/** Any constant that no other advisory lock of the api takes. */
const SETTING_LOCK = 7_215_400_041;

/** Queries of settings. Each setting's owner knows what its value means. */
@Injectable()
export class SettingStore {
  constructor(private readonly dataSource: DataSource) {}

  byKey(key: string, manager: EntityManager = this.dataSource.manager): Promise<SettingEntity | null> {
    return manager.findOneBy(SettingEntity, { key });
  }

  /** One change of a setting at a time, until the transaction ends: a row that does not exist yet cannot be locked. */
  async lockAll(manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_advisory_xact_lock($1)', [SETTING_LOCK]);
  }

  async put(setting: SettingEntity, manager: EntityManager): Promise<void> {
    // TypeORM's type of a partial row has no words for free JSON.
    await manager.upsert(SettingEntity, { ...setting, value: setting.value as Record<string, never> }, ['key']);
  }
}
