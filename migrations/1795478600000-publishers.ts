import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cameras that send by themselves (body cameras, phones, drones), and where a relay takes them in. */
export class Publishers1795478600000 implements MigrationInterface {
  name = 'Publishers1795478600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE camera_publisher (
        camera_id uuid PRIMARY KEY REFERENCES camera (id) ON DELETE CASCADE,
        kind text NOT NULL,
        holder text,
        stream_name text NOT NULL UNIQUE,
        key_hash bytea,
        key_changed_at timestamptz NOT NULL
      );
      ALTER TABLE relay_node ADD COLUMN rtmp_url text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay_node DROP COLUMN rtmp_url; DROP TABLE camera_publisher');
  }
}
