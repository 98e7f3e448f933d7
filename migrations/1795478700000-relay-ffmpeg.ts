import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each relay says of its ffmpeg: it is optional, and a control room should know why there are no snapshots. */
export class RelayFfmpeg1795478700000 implements MigrationInterface {
  name = 'RelayFfmpeg1795478700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay_node ADD COLUMN ffmpeg jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE relay_node DROP COLUMN ffmpeg');
  }
}
