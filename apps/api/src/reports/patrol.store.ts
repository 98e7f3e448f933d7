import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PatrolDayEntity } from './patrol-day.entity.ts';

export type PatrolDay = Omit<PatrolDayEntity, 'measuredAt'>;

/** What one unit did in a range of days. */
export interface PatrolRow {
  readonly unitId: string;
  readonly days: number;
  readonly distanceKm: number;
  readonly movingMin: number;
  readonly standingMin: number;
  readonly unknownMin: number;
  readonly maxSpeedKmh: number;
}

export interface AttendanceRow {
  readonly unitId: string;
  readonly attendances: number;
  readonly arrivals: number;
  readonly busyMin: number;
  readonly running: number;
}

export interface AreaRow {
  readonly id: string;
  readonly minutes: number;
  readonly units: number;
}

/** Days that units patrolled, and what they attended. */
@Injectable()
export class PatrolStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Days of a range that are measured, with the moment of the earliest measurement of each. */
  async measured(
    fromDay: string,
    toDay: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<Map<string, number>> {
    const rows: { day: string; at: Date }[] = await manager.query(
      'SELECT day::text AS day, min(measured_at) AS at FROM patrol_day WHERE day BETWEEN $1 AND $2 GROUP BY 1 ORDER BY 1',
      [fromDay, toDay],
    );
    return new Map(rows.map(({ day, at }) => [day, at.getTime()]));
  }

  /** Puts a day in the place of what was measured of it before. */
  async put(day: PatrolDay, at: Date): Promise<void> {
    const { unitId, fixes, distanceKm, movingMin, standingMin, unknownMin, maxSpeedKmh, areaMinutes } = day;
    await this.dataSource.query(
      `INSERT INTO patrol_day (day, unit_id, fixes, distance_km, moving_min, standing_min, unknown_min, max_speed_kmh,
         area_minutes, measured_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (day, unit_id) DO UPDATE SET fixes = excluded.fixes, distance_km = excluded.distance_km,
         moving_min = excluded.moving_min, standing_min = excluded.standing_min, unknown_min = excluded.unknown_min,
         max_speed_kmh = excluded.max_speed_kmh, area_minutes = excluded.area_minutes, measured_at = excluded.measured_at`,
      [
        day.day,
        unitId,
        fixes,
        distanceKm,
        movingMin,
        standingMin,
        unknownMin,
        maxSpeedKmh,
        JSON.stringify(areaMinutes),
        at,
      ],
    );
  }

  units(fromDay: string, toDay: string, manager: EntityManager): Promise<PatrolRow[]> {
    return manager.query(
      `SELECT unit_id AS "unitId", count(*)::int AS days, sum(distance_km) AS "distanceKm", sum(moving_min) AS "movingMin",
         sum(standing_min) AS "standingMin", sum(unknown_min) AS "unknownMin", max(max_speed_kmh) AS "maxSpeedKmh"
       FROM patrol_day WHERE day BETWEEN $1 AND $2 AND fixes > 0 GROUP BY 1`,
      [fromDay, toDay],
    );
  }

  areas(fromDay: string, toDay: string, manager: EntityManager): Promise<AreaRow[]> {
    return manager.query(
      `SELECT key AS id, sum(value::float8) AS minutes, count(DISTINCT unit_id)::int AS units
       FROM patrol_day CROSS JOIN jsonb_each_text(area_minutes) WHERE day BETWEEN $1 AND $2 GROUP BY 1 ORDER BY 2 DESC`,
      [fromDay, toDay],
    );
  }

  /** By the moment at which the unit was sent. */
  attendances(fromMs: number, toMs: number, manager: EntityManager): Promise<AttendanceRow[]> {
    return manager.query(
      `SELECT unit_id AS "unitId", count(*)::int AS attendances, count(arrived_at)::int AS arrivals,
         coalesce(sum(date_part('epoch', ended_at - assigned_at)) / 60, 0) AS "busyMin",
         (count(*) FILTER (WHERE ended_at IS NULL))::int AS running
       FROM attendance_figure WHERE assigned_at >= $1 AND assigned_at < $2 GROUP BY 1`,
      [new Date(fromMs), new Date(toMs)],
    );
  }
}
