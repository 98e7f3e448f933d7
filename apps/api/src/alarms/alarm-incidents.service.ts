import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, refusal } from '#libs/base';
import type { IncidentAlarm } from '#libs/dispatch';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { AlarmDesk, alarmUnknown } from './alarm-desk.service.ts';
import { CameraAlarmEntity } from './camera-alarm.entity.ts';

interface AlarmRow {
  readonly kind: string;
  readonly camera_id: string;
  readonly acknowledged_at: Date | null;
  readonly incident_id: string | null;
  readonly incident_code: string | null;
}

/** Makes alarms part of incidents. One alarm belongs to one incident; making it part of one acknowledges it. */
@Injectable()
export class AlarmIncidents {
  constructor(
    private readonly dataSource: DataSource,
    private readonly desk: AlarmDesk,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What an incident keeps of an alarm: never changes. @throws {RefusalError} `alarm-unknown`. */
  async alarmOf(alarmId: string): Promise<IncidentAlarm> {
    const row = await this.dataSource.manager.findOneBy(CameraAlarmEntity, { id: alarmId });
    if (!row) throw alarmUnknown();
    return { alarmId, cameraId: row.cameraId, alarmKind: row.kind, startedAtMs: row.startedAt.getTime() };
  }

  /**
   * In the transaction of the incident, which is written already.
   * @throws {RefusalError} `alarm-unknown`, `alarm-has-incident` with the incident that has it.
   */
  async link(alarmId: string, incidentId: string, by: SignedInUser, manager: EntityManager): Promise<void> {
    // Plain statements: the ledger begins its transactions itself, and TypeORM locks in its own only.
    const [alarm] = await manager.query<AlarmRow[]>(
      'SELECT kind, camera_id, acknowledged_at, incident_id, incident_code FROM camera_alarm WHERE id = $1 FOR UPDATE',
      [alarmId],
    );
    if (!alarm) throw alarmUnknown();
    if (alarm.incident_id === incidentId) return;
    if (alarm.incident_id !== null) throw hasIncident(alarm);
    const [incident] = await manager.query<{ code: string }[]>('SELECT code FROM incident WHERE id = $1', [incidentId]);
    const code = incident?.code ?? '';
    await manager.query(
      `UPDATE camera_alarm SET incident_id = $2, incident_code = $3, acknowledged_at = coalesce(acknowledged_at, $4),
         acknowledged_by = CASE WHEN acknowledged_at IS NULL THEN $5 ELSE acknowledged_by END,
         acknowledged_name = CASE WHEN acknowledged_at IS NULL THEN $6 ELSE acknowledged_name END
       WHERE id = $1`,
      [alarmId, incidentId, code, new Date(this.clock.nowMs()), by.accountId, by.displayName],
    );
    const details = { kind: alarm.kind, cameraId: alarm.camera_id, incident: code };
    const what = { action: 'alarm:acknowledge', objectKind: 'alarm', objectId: alarmId, outcome: 'done' as const };
    if (alarm.acknowledged_at === null) await this.audit.record({ ...what, details }, by, manager);
  }

  /** After the commit: screens show it. */
  told(alarmId: string): Promise<void> {
    return this.desk.tellAcknowledged(alarmId, this.clock.nowMs());
  }
}

function hasIncident({ incident_id: incidentId, incident_code: code }: AlarmRow): RefusalError {
  return new RefusalError(
    refusal('conflict', 'alarm-has-incident', 'an incident was made of this alarm', { incidentId, code }),
  );
}
