import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which incident an alarm of a camera belongs to. The id is no foreign key: incidents are rebuilt from the ledger, alarms are
 * not. The code never changes, so it is kept beside the id and lists need no join.
 */
export class AlarmIncidents1795567800000 implements MigrationInterface {
  name = 'AlarmIncidents1795567800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE camera_alarm ADD COLUMN incident_id uuid, ADD COLUMN incident_code text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE camera_alarm DROP COLUMN incident_id, DROP COLUMN incident_code');
  }
}
