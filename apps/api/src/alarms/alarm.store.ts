import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { PG_CHANNELS, type AlarmQuery } from '#libs/wire';
import type { Alarm } from './alarm-book.ts';
import { CameraAlarmEntity } from './camera-alarm.entity.ts';

/** Items of the realtime topic: more than anybody can work through. The newest are shown. */
const MAX_CURRENT = 500;
/** An alarm that nobody acknowledged stops waiting so long after its end; history keeps it. */
export const WAITS_FOR_MS = 24 * 3_600_000;

/** Queries of alarms. */
@Injectable()
export class AlarmStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Those that an earlier run left open, newest first. */
  open(): Promise<CameraAlarmEntity[]> {
    return this.dataSource.manager.find(CameraAlarmEntity, { where: { endedAt: IsNull() }, order: { id: 'DESC' } });
  }

  /** Open ones, and those that wait to be acknowledged, of cameras in use. */
  current(nowMs: number): Promise<CameraAlarmEntity[]> {
    return this.currentQuery(nowMs).orderBy('alarm.id', 'DESC').take(MAX_CURRENT).getMany();
  }

  /** The alarm if it is current. */
  currentById(id: string, nowMs: number): Promise<CameraAlarmEntity | null> {
    return this.currentQuery(nowMs).andWhere('alarm.id = :id', { id }).getOne();
  }

  /** Ids of alarms that stopped waiting within a span of time. */
  async stoppedWaiting(fromMs: number, toMs: number): Promise<string[]> {
    const rows = (await this.dataSource.manager.query(
      `SELECT id FROM camera_alarm WHERE raised AND acknowledged_at IS NULL AND ended_at > $1 AND ended_at <= $2`,
      [new Date(fromMs - WAITS_FOR_MS), new Date(toMs - WAITS_FOR_MS)],
    )) as { id: string }[];
    return rows.map(({ id }) => id);
  }

  /** Newest first, one more than asked for. */
  page(query: AlarmQuery): Promise<CameraAlarmEntity[]> {
    const { cameraId, kind, raised, standing, fromMs, toMs, before, limit } = query;
    const found = this.withCamera()
      .orderBy('alarm.id', 'DESC')
      .take(limit + 1);
    if (cameraId !== undefined) found.andWhere('alarm.cameraId = :cameraId', { cameraId });
    if (kind !== undefined) found.andWhere('alarm.kind = :kind', { kind });
    if (raised !== undefined) found.andWhere('alarm.raised = :raised', { raised: raised === 'true' });
    if (standing === 'open') found.andWhere('alarm.endedAt IS NULL');
    if (standing === 'unacknowledged') found.andWhere('alarm.raised AND alarm.acknowledgedAt IS NULL');
    if (standing === 'acknowledged') found.andWhere('alarm.acknowledgedAt IS NOT NULL');
    if (fromMs !== undefined) found.andWhere('alarm.startedAt >= :from', { from: new Date(fromMs) });
    if (toMs !== undefined) found.andWhere('alarm.startedAt <= :to', { to: new Date(toMs) });
    if (before !== undefined) found.andWhere('alarm.id < :before', { before });
    return found.getMany();
  }

  byId(id: string): Promise<CameraAlarmEntity | null> {
    return this.withCamera().andWhere('alarm.id = :id', { id }).getOne();
  }

  /** The row, held until the transaction ends. */
  lock(id: string, manager: EntityManager): Promise<CameraAlarmEntity | null> {
    return manager.findOne(CameraAlarmEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Tells every api of a change, when the transaction commits. */
  async tell(id: string, manager: EntityManager): Promise<void> {
    await manager.query('SELECT pg_notify($1, $2)', [PG_CHANNELS.cameraAlarm, id]);
  }

  /** Everything about an alarm but its acknowledgement, which only {@link AlarmStore.lock} and an update write. */
  async write(alarms: readonly Alarm[]): Promise<void> {
    const rows = alarms.map(({ course, ...alarm }) => ({ ...alarm, ...course }));
    await this.dataSource.manager.query(WRITE, [JSON.stringify(rows)]);
    const ids = alarms.map(({ id }) => id);
    await this.dataSource.manager.query('SELECT pg_notify($1, id) FROM unnest($2::text[]) AS id', [
      PG_CHANNELS.cameraAlarm,
      ids,
    ]);
  }

  /** Removes alarms that ended before; answers how many. */
  async removeEnded(before: Date, limit: number): Promise<number> {
    const [, count] = (await this.dataSource.manager.query(
      'DELETE FROM camera_alarm WHERE id IN (SELECT id FROM camera_alarm WHERE ended_at < $1 LIMIT $2)',
      [before, limit],
    )) as [unknown, number];
    return count;
  }

  private withCamera(): SelectQueryBuilder<CameraAlarmEntity> {
    return this.dataSource.manager
      .createQueryBuilder(CameraAlarmEntity, 'alarm')
      .innerJoinAndSelect('alarm.camera', 'camera')
      .where('TRUE');
  }

  private currentQuery(nowMs: number): SelectQueryBuilder<CameraAlarmEntity> {
    return this.withCamera()
      .andWhere('camera.removedAt IS NULL')
      .andWhere(
        '(alarm.endedAt IS NULL OR (alarm.raised AND alarm.acknowledgedAt IS NULL AND alarm.endedAt > :waits))',
        { waits: new Date(nowMs - WAITS_FOR_MS) },
      );
  }
}

const WRITE = `
  INSERT INTO camera_alarm (id, camera_id, kind, source, detail, raised, started_at, last_seen_at, ended_at, end_cause, repeats)
  SELECT g.id, g."cameraId", g.kind, g.source, g.detail, g.raised, to_timestamp(g."startedAtMs" / 1000),
    to_timestamp(g."lastSeenAtMs" / 1000), to_timestamp(g."endedAtMs" / 1000), g."endCause", g.repeats
  FROM jsonb_to_recordset($1::jsonb) AS g (id uuid, "cameraId" uuid, kind text, source text, detail text, raised boolean,
    "startedAtMs" float8, "lastSeenAtMs" float8, "endedAtMs" float8, "endCause" text, repeats integer)
  JOIN camera c ON c.id = g."cameraId"
  ON CONFLICT (id) DO UPDATE SET detail = EXCLUDED.detail, raised = EXCLUDED.raised, last_seen_at = EXCLUDED.last_seen_at,
    ended_at = EXCLUDED.ended_at, end_cause = EXCLUDED.end_cause, repeats = EXCLUDED.repeats`;
