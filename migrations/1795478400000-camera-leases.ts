import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several relays share the cameras, and a camera need not be pulled for as long as it is known. */
export class CameraLeases1795478400000 implements MigrationInterface {
  name = 'CameraLeases1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE camera_lease (
        camera_id uuid PRIMARY KEY REFERENCES camera (id) ON DELETE CASCADE,
        relay_id text NOT NULL,
        until timestamptz NOT NULL
      );
      CREATE INDEX camera_lease_relay ON camera_lease (relay_id);
      ALTER TABLE relay_node
        ADD COLUMN instance uuid,
        ADD COLUMN site uuid,
        ADD COLUMN address text,
        ADD COLUMN up_since timestamptz,
        ADD COLUMN stopped_at timestamptz;
      ALTER TABLE camera ADD COLUMN warm boolean NOT NULL DEFAULT true;
      ALTER TABLE camera_health
        ADD COLUMN checked_at timestamptz,
        ADD COLUMN loss_share double precision,
        ADD COLUMN jitter_ms double precision,
        ADD COLUMN delay_ms double precision,
        ADD COLUMN readers integer;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE camera_health
        DROP COLUMN checked_at, DROP COLUMN loss_share, DROP COLUMN jitter_ms, DROP COLUMN delay_ms, DROP COLUMN readers;
      ALTER TABLE camera DROP COLUMN warm;
      ALTER TABLE relay_node DROP COLUMN instance, DROP COLUMN site, DROP COLUMN address, DROP COLUMN up_since,
        DROP COLUMN stopped_at;
      DROP TABLE camera_lease;
    `);
  }
}
