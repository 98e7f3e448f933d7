import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** One camera over a stretch of time. */
export interface CameraWorkRow {
  readonly cameraId: string;
  readonly code: string;
  readonly name: string;
  readonly watchedMs: number;
  readonly awayMs: number;
  readonly absences: number;
  readonly longestMs: number;
  readonly uncertain: number;
}

/** How long cameras gave no picture, by the alarms that say so. */
@Injectable()
export class CameraWorkStore {
  /** A camera counts from the moment at which it was adopted to that at which it was taken out of use. */
  work(fromMs: number, toMs: number, manager: EntityManager): Promise<CameraWorkRow[]> {
    return manager.query(
      `WITH watched AS (
         SELECT id, code, name, greatest(adopted_at, $1) AS began, least(coalesce(removed_at, $2), $2) AS until
         FROM camera WHERE adopted_at < $2 AND coalesce(removed_at, $2) > $1),
       away AS (
         SELECT camera_id, end_cause, date_part('epoch', least(coalesce(ended_at, $2), until) - greatest(started_at, began)) * 1000 AS ms
         FROM camera_alarm JOIN watched ON watched.id = camera_id
         WHERE kind = 'camera-offline' AND started_at < until AND coalesce(ended_at, $2) > began)
       SELECT id AS "cameraId", code, name, date_part('epoch', until - began) * 1000 AS "watchedMs",
         coalesce(sum(ms), 0) AS "awayMs", count(ms)::int AS absences, coalesce(max(ms), 0) AS "longestMs",
         (count(*) FILTER (WHERE end_cause IN ('restart', 'source-lost')))::int AS uncertain
       FROM watched LEFT JOIN away ON away.camera_id = id GROUP BY id, code, name, began, until ORDER BY code`,
      [new Date(fromMs), new Date(toMs)],
    );
  }
}
