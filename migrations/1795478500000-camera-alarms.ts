import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Alarms of cameras, what each camera's events mean, when zones want attention, and the relay's activity score. */
export class CameraAlarms1795478500000 implements MigrationInterface {
  name = 'CameraAlarms1795478500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE camera_alarm (
        id uuid PRIMARY KEY,
        camera_id uuid NOT NULL REFERENCES camera (id) ON DELETE CASCADE,
        kind text NOT NULL,
        source text NOT NULL,
        detail text NOT NULL,
        raised boolean NOT NULL,
        started_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_cause text,
        repeats integer NOT NULL DEFAULT 0,
        acknowledged_at timestamptz,
        acknowledged_by uuid,
        acknowledged_name text,
        note text
      );
      CREATE INDEX camera_alarm_open ON camera_alarm (camera_id, kind) WHERE ended_at IS NULL;
      CREATE INDEX camera_alarm_waiting ON camera_alarm (started_at) WHERE raised AND acknowledged_at IS NULL;
      CREATE INDEX camera_alarm_of_camera ON camera_alarm (camera_id, id);
      CREATE INDEX camera_alarm_ended ON camera_alarm (ended_at);
      CREATE TABLE camera_alarm_rule (
        camera_id uuid PRIMARY KEY REFERENCES camera (id) ON DELETE CASCADE,
        cooldown jsonb NOT NULL,
        topics jsonb NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid
      );
      CREATE TABLE camera_event_topic (
        camera_id uuid NOT NULL REFERENCES camera (id) ON DELETE CASCADE,
        topic text NOT NULL,
        items text NOT NULL,
        times integer NOT NULL,
        last_seen_at timestamptz NOT NULL,
        PRIMARY KEY (camera_id, topic)
      );
      CREATE TABLE zone_alarm_schedule (
        zone_id uuid PRIMARY KEY REFERENCES zone (id) ON DELETE CASCADE,
        schedules jsonb NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid
      );
      ALTER TABLE camera_health
        ADD COLUMN activity_state text,
        ADD COLUMN activity_score double precision,
        ADD COLUMN activity_since timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE camera_health DROP COLUMN activity_state, DROP COLUMN activity_score, DROP COLUMN activity_since;
      DROP TABLE zone_alarm_schedule, camera_event_topic, camera_alarm_rule, camera_alarm;
    `);
  }
}
