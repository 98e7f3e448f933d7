import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Priority } from '#libs/dispatch';
import { TIME_COLUMNS, isTimeGrouping, type PackedRun, type TimeColumn } from '#libs/report';
import type { ReportQuery } from '#libs/wire';
import { KEY_COLUMN, type Filter } from './report-filter.ts';

/** Incidents of a range by what became of them. */
export interface LifeCounts {
  readonly inRange: number;
  readonly merged: number;
  readonly dismissed: number;
}

const SQL_OF: Readonly<Record<TimeColumn, string>> = {
  callAtMs: `round(date_part('epoch', call_at) * 1000)`,
  openedMs: 'opened_ms',
  dispatchedMs: 'dispatched_ms',
  acknowledgedMs: 'acknowledged_ms',
  enRouteMs: 'en_route_ms',
  arrivedMs: 'arrived_ms',
  referralTakenMs: 'referral_taken_ms',
  endedMs: 'ended_ms',
  closedMs: 'closed_ms',
};
/** Each column as one string of bytes: a fifth of the time that a row a line takes, and of the memory. */
const PACKED = TIME_COLUMNS.map(
  (name) => `string_agg(float8send(coalesce(${SQL_OF[name]}, 'NaN')), ''::bytea) AS "${name}"`,
).join(', ');

type RunRow = { key: string | null; priority: Priority | null; rows: number } & Record<TimeColumn, Buffer>;

/** Reads the times of incidents. All columns of a run come from one walk over its rows, so they are in the same order. */
@Injectable()
export class TimesStore {
  async runs({ by }: ReportQuery, filter: Filter, manager: EntityManager): Promise<PackedRun[]> {
    const key = isTimeGrouping(by) ? 'NULL::text' : KEY_COLUMN[by];
    const groups = isTimeGrouping(by) ? 'priority' : `${key.replace('::text', '')}, priority`;
    const rows: RunRow[] = await manager.query(
      `SELECT ${key} AS key, priority, count(*)::int AS rows, ${PACKED} FROM incident_figure
       WHERE ${filter.where} AND life NOT IN ('merged', 'dismissed') GROUP BY ${groups}`,
      [...filter.values],
    );
    return rows.map(({ key, priority, rows, ...columns }) => ({ key, priority, rows, columns }));
  }

  async lives(filter: Filter, manager: EntityManager): Promise<LifeCounts> {
    const [row] = await manager.query<LifeCounts[]>(
      `SELECT count(*)::int AS "inRange", (count(*) FILTER (WHERE life = 'merged'))::int AS merged,
         (count(*) FILTER (WHERE life = 'dismissed'))::int AS dismissed FROM incident_figure WHERE ${filter.where}`,
      [...filter.values],
    );
    return row!;
  }
}
