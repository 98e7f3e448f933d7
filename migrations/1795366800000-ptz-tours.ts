import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tours of PTZ cameras. Who steers is not kept: a turn lasts seconds and ends with the process. */
export class PtzTours1795366800000 implements MigrationInterface {
  name = 'PtzTours1795366800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ptz_tour (
        id uuid PRIMARY KEY,
        camera_id uuid NOT NULL REFERENCES camera (id) ON DELETE CASCADE,
        name text NOT NULL,
        steps jsonb NOT NULL,
        started_at timestamptz,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE INDEX ptz_tour_camera ON ptz_tour (camera_id);
      CREATE UNIQUE INDEX ptz_tour_started ON ptz_tour (camera_id) WHERE started_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE ptz_tour');
  }
}
