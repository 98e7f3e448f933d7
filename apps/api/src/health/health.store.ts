import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { FfmpegReport } from '#libs/wire';
import { MIGRATIONS } from '../data-source.ts';

/** A relay as its row says, aged by the database's own clock: the clocks of three machines need not agree. */
export interface RelayRow {
  readonly id: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly heartbeatAgeMs: number;
  readonly ffmpeg: FfmpegReport | null;
}

/** Queries about the system itself. Each rejects when the database does not answer. */
@Injectable()
export class HealthStore {
  constructor(private readonly dataSource: DataSource) {}

  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }

  async migrationsComplete(): Promise<boolean> {
    const rows: { name: string }[] = await this.dataSource.query('SELECT name FROM migration');
    const applied = new Set(rows.map((row) => row.name));
    return MIGRATIONS.every((migration) => applied.has(migration.name));
  }

  relays(): Promise<RelayRow[]> {
    return this.dataSource.query(`
      SELECT id, version, ffmpeg, started_at AS "startedAt",
             extract(epoch FROM now() - heartbeat_at)::float8 * 1000 AS "heartbeatAgeMs"
      FROM relay_node ORDER BY heartbeat_at DESC LIMIT 50`);
  }

  async database(): Promise<{ version: string; sizeMb: number }> {
    const [row] = (await this.dataSource.query(`
      SELECT current_setting('server_version') AS version,
             pg_database_size(current_database())::float8 / 1048576 AS "sizeMb"`)) as {
      version: string;
      sizeMb: number;
    }[];
    if (!row) throw new Error('the database answered no row');
    return row;
  }
}
