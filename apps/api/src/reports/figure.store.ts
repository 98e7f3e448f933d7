import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Incident } from '#libs/dispatch';
import type { AttendanceFigure, IncidentFigure, ReferralFigure } from '#libs/report';

export interface Figures {
  readonly incidents: readonly IncidentFigure[];
  readonly referrals: readonly ReferralFigure[];
  readonly attendances: readonly AttendanceFigure[];
}

/** Columns of `incident_figure` and what they are made of. */
const INCIDENT_COLUMNS = `incident_id uuid, call_at timestamptz, priority text, type_code text, type_group text, sector_id uuid,
  channel text, masked boolean, latitude_deg double precision, longitude_deg double precision, life text, disposition text,
  dismissal text, referred boolean, opened_ms double precision, dispatched_ms double precision,
  acknowledged_ms double precision, en_route_ms double precision, arrived_ms double precision,
  referral_taken_ms double precision, ended_ms double precision, closed_ms double precision`;
const INCIDENT_NAMES = INCIDENT_COLUMNS.split(',').map((column) => column.trim().split(' ')[0]!);
const INCIDENT_CHANGES = INCIDENT_NAMES.slice(1).map((name) => `${name} = excluded.${name}`);

/** Writes the numbers of incidents. */
@Injectable()
export class FigureStore {
  async incidents(ids: readonly string[], manager: EntityManager): Promise<Incident[]> {
    const rows: { state: Incident }[] = await manager.query('SELECT state FROM incident WHERE id = ANY($1::uuid[])', [
      [...ids],
    ]);
    return rows.map(({ state }) => state);
  }

  /** Puts the numbers of incidents in the place of those that were there. */
  async replace({ incidents, referrals, attendances }: Figures, manager: EntityManager): Promise<void> {
    const ids = incidents.map(({ incidentId }) => incidentId);
    await manager.query(
      `INSERT INTO incident_figure (${INCIDENT_NAMES.join(', ')})
       SELECT ${INCIDENT_NAMES.join(', ')} FROM json_to_recordset($1) AS figure (${INCIDENT_COLUMNS})
       ON CONFLICT (incident_id) DO UPDATE SET ${INCIDENT_CHANGES.join(', ')}`,
      [JSON.stringify(incidents.map(incidentRow))],
    );
    await manager.query('DELETE FROM referral_figure WHERE incident_id = ANY($1::uuid[])', [ids]);
    await manager.query(
      `INSERT INTO referral_figure (referral_id, incident_id, call_at, agency, answer, answer_ms, taken_by)
       SELECT referral_id, incident_id, call_at, agency, answer, answer_ms, taken_by FROM json_to_recordset($1)
         AS figure (referral_id uuid, incident_id uuid, call_at timestamptz, agency text, answer text,
           answer_ms double precision, taken_by text)`,
      [JSON.stringify(referrals.map(referralRow))],
    );
    // The units of a merged incident go on under the survivor, with the same assignments.
    await manager.query(
      `INSERT INTO attendance_figure (assignment_id, incident_id, unit_id, assigned_at, arrived_at, ended_at, end_cause)
       SELECT assignment_id, incident_id, unit_id, assigned_at, arrived_at, ended_at, end_cause FROM json_to_recordset($1)
         AS figure (assignment_id uuid, incident_id uuid, unit_id uuid, assigned_at timestamptz, arrived_at timestamptz,
           ended_at timestamptz, end_cause text)
       ON CONFLICT (assignment_id) DO UPDATE SET incident_id = excluded.incident_id, arrived_at = excluded.arrived_at,
         ended_at = excluded.ended_at, end_cause = excluded.end_cause`,
      [JSON.stringify(attendances.map(attendanceRow))],
    );
  }
}

function incidentRow(figure: IncidentFigure): Record<string, unknown> {
  return {
    incident_id: figure.incidentId,
    call_at: isoOf(figure.callAtMs),
    priority: figure.priority,
    type_code: figure.typeCode,
    type_group: figure.typeGroup,
    sector_id: figure.sectorId,
    channel: figure.channel,
    masked: figure.masked,
    latitude_deg: figure.latitudeDeg,
    longitude_deg: figure.longitudeDeg,
    life: figure.life,
    disposition: figure.disposition,
    dismissal: figure.dismissal,
    referred: figure.referred,
    opened_ms: figure.openedMs,
    dispatched_ms: figure.dispatchedMs,
    acknowledged_ms: figure.acknowledgedMs,
    en_route_ms: figure.enRouteMs,
    arrived_ms: figure.arrivedMs,
    referral_taken_ms: figure.referralTakenMs,
    ended_ms: figure.endedMs,
    closed_ms: figure.closedMs,
  };
}

function referralRow(figure: ReferralFigure): Record<string, unknown> {
  return {
    referral_id: figure.referralId,
    incident_id: figure.incidentId,
    call_at: isoOf(figure.callAtMs),
    agency: figure.agency,
    answer: figure.answer,
    answer_ms: figure.answerMs,
    taken_by: figure.takenBy,
  };
}

function attendanceRow(figure: AttendanceFigure): Record<string, unknown> {
  return {
    assignment_id: figure.assignmentId,
    incident_id: figure.incidentId,
    unit_id: figure.unitId,
    assigned_at: isoOf(figure.assignedAtMs),
    arrived_at: figure.arrivedAtMs === null ? null : isoOf(figure.arrivedAtMs),
    ended_at: figure.endedAtMs === null ? null : isoOf(figure.endedAtMs),
    end_cause: figure.endCause,
  };
}

const isoOf = (atMs: number): string => new Date(atMs).toISOString();
