import { Injectable } from '@nestjs/common';
import { DataSource, LessThan, MoreThan, type EntityManager } from 'typeorm';
import type { ReplayOutlineView } from '#libs/wire';
import { ReplayOpeningEntity } from './replay-opening.entity.ts';

/** Openings are kept so long after they expired; the audit keeps who looked at what. */
const KEEP_EXPIRED_MS = 30 * 86_400_000;
const MAX_LOSSES = 500;

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** An entry that begins or ends the life of an incident. */
export interface LifeEntry {
  readonly incidentId: string;
  readonly kind: string;
  readonly atMs: number;
}

/** Queries of a replay: openings, moments as numbers of entries, and what the time axis draws. */
@Injectable()
export class ReplayStore {
  constructor(private readonly dataSource: DataSource) {}

  async addOpening(opening: ReplayOpeningEntity, manager: EntityManager): Promise<void> {
    await manager.insert(ReplayOpeningEntity, opening);
    await manager.delete(ReplayOpeningEntity, {
      expiresAt: LessThan(new Date(opening.openedAt.getTime() - KEEP_EXPIRED_MS)),
    });
  }

  async opening(id: string, accountId: string, nowMs: number): Promise<ReplayOpeningEntity | null> {
    return this.dataSource.manager.findOneBy(ReplayOpeningEntity, {
      id,
      accountId,
      expiresAt: MoreThan(new Date(nowMs)),
    });
  }

  /**
   * The last entry at or before a moment, 0 when there is none. Where the clock was set back the greatest number within an
   * hour counts, so that the board never goes back while time goes on.
   */
  async seqAt(atMs: number): Promise<number> {
    const rows: { seq: string | null }[] = await this.dataSource.query(
      // Added nothing to, the planner would walk the primary key from its end to find the greatest.
      `SELECT max(seq + 0) AS seq FROM ledger_entry WHERE at <= $1
       AND at >= (SELECT at FROM ledger_entry WHERE at <= $1 ORDER BY at DESC LIMIT 1) - interval '1 hour'`,
      [new Date(atMs)],
    );
    return Number(rows[0]?.seq ?? 0);
  }

  /** When an entry was written. */
  async atOf(seq: number): Promise<number | undefined> {
    const rows: { at: Date }[] = await this.dataSource.query('SELECT at FROM ledger_entry WHERE seq = $1', [seq]);
    return rows[0]?.at.getTime();
  }

  /** Entries, and incidents opened, in columns of equal width. */
  async density({ fromMs, toMs }: Range, columns: number): Promise<Pick<ReplayOutlineView, 'entries' | 'opened'>> {
    const rows: { column: number; entries: string; opened: string }[] = await this.dataSource.query(
      `SELECT width_bucket(extract(epoch FROM at) * 1000, $1::numeric, $2::numeric, $3) AS column, count(*) AS entries,
         count(*) FILTER (WHERE kind = 'incident:opened') AS opened
       FROM ledger_entry WHERE at >= to_timestamp($1::numeric / 1000) AND at < to_timestamp($2::numeric / 1000) GROUP BY 1`,
      [fromMs, toMs, columns],
    );
    const entries = Array.from({ length: columns }, () => 0);
    const opened = Array.from({ length: columns }, () => 0);
    for (const row of rows) {
      entries[row.column - 1] = Number(row.entries);
      opened[row.column - 1] = Number(row.opened);
    }
    return { entries, opened };
  }

  /** What began and ended within a stretch of the ledger, in order. */
  async lives(after: number, upTo: number, limit: number): Promise<LifeEntry[]> {
    const rows: { id: string; kind: string; at: Date }[] = await this.dataSource.query(
      `SELECT subject_id AS id, kind, at FROM ledger_entry WHERE seq > $1 AND seq <= $2
       AND kind IN ('incident:opened', 'incident:reopened', 'incident:closed', 'incident:dismissed', 'incident:merged')
       ORDER BY seq LIMIT $3`,
      [after, upTo, limit],
    );
    return rows.map(({ id, kind, at }) => ({ incidentId: id, kind, atMs: at.getTime() }));
  }

  /** When cameras gave no picture, the earliest first. Told for as long as their alarms are kept. */
  async cameraLosses({ fromMs, toMs }: Range): Promise<ReplayOutlineView['cameraLosses']> {
    interface Row {
      readonly id: string;
      readonly code: string;
      readonly name: string;
      readonly lat: number | null;
      readonly lon: number | null;
      readonly since: Date;
      readonly until: Date | null;
    }
    const rows: Row[] = await this.dataSource.query(
      `SELECT camera.id, camera.code, camera.name, latitude_deg AS lat, longitude_deg AS lon, started_at AS since, ended_at AS until
       FROM camera_alarm JOIN camera ON camera.id = camera_id
       WHERE kind IN ('camera-offline', 'signal-lost') AND started_at < $2 AND (ended_at IS NULL OR ended_at > $1)
       ORDER BY started_at LIMIT $3`,
      [new Date(fromMs), new Date(toMs), MAX_LOSSES],
    );
    return rows.map(({ id, code, name, lat, lon, since, until }) => ({
      cameraId: id,
      code,
      name,
      place: lat === null || lon === null ? null : { latitudeDeg: lat, longitudeDeg: lon },
      fromMs: since.getTime(),
      toMs: until?.getTime() ?? null,
    }));
  }
}
