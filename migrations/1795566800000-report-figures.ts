import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What reports count: incidents, referrals and attendances as numbers, without a name or a text, and the patrol of each unit
 * and day. All follow from other tables (a reader of the ledger writes the first three), so nothing references them.
 */
export class ReportFigures1795566800000 implements MigrationInterface {
  name = 'ReportFigures1795566800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incident_figure (
        incident_id uuid PRIMARY KEY,
        call_at timestamptz NOT NULL,
        priority text,
        type_code text,
        type_group text,
        sector_id uuid,
        channel text NOT NULL,
        masked boolean NOT NULL,
        latitude_deg double precision,
        longitude_deg double precision,
        life text NOT NULL,
        disposition text,
        dismissal text,
        referred boolean NOT NULL,
        opened_ms double precision NOT NULL,
        dispatched_ms double precision,
        acknowledged_ms double precision,
        en_route_ms double precision,
        arrived_ms double precision,
        referral_taken_ms double precision,
        ended_ms double precision,
        closed_ms double precision
      );
      CREATE INDEX incident_figure_call_at ON incident_figure (call_at);
      CREATE TABLE referral_figure (
        referral_id uuid NOT NULL,
        incident_id uuid NOT NULL,
        call_at timestamptz NOT NULL,
        agency text NOT NULL,
        answer text,
        answer_ms double precision,
        taken_by text,
        PRIMARY KEY (incident_id, referral_id)
      );
      CREATE INDEX referral_figure_call_at ON referral_figure (call_at);
      CREATE TABLE attendance_figure (
        assignment_id uuid PRIMARY KEY,
        incident_id uuid NOT NULL,
        unit_id uuid NOT NULL,
        assigned_at timestamptz NOT NULL,
        arrived_at timestamptz,
        ended_at timestamptz,
        end_cause text
      );
      CREATE INDEX attendance_figure_assigned_at ON attendance_figure (assigned_at);
      CREATE TABLE patrol_day (
        unit_id uuid NOT NULL,
        day date NOT NULL,
        fixes integer NOT NULL,
        distance_km double precision NOT NULL,
        moving_min double precision NOT NULL,
        standing_min double precision NOT NULL,
        unknown_min double precision NOT NULL,
        max_speed_kmh double precision NOT NULL,
        area_minutes jsonb NOT NULL,
        measured_at timestamptz NOT NULL,
        PRIMARY KEY (day, unit_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE patrol_day;
      DROP TABLE attendance_figure;
      DROP TABLE referral_figure;
      DROP TABLE incident_figure;
    `);
  }
}
