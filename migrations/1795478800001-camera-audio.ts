import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Audio of a camera is off until somebody enables it and says why: voice is personal data (Ley 29733). Who it was and when
 * is in the audit; the reason in force stays here, for those who manage cameras.
 */
export class CameraAudio1795478800001 implements MigrationInterface {
  name = 'CameraAudio1795478800001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE camera
        ADD COLUMN audio_enabled boolean NOT NULL DEFAULT false,
        ADD COLUMN audio_reason text,
        ADD CONSTRAINT camera_audio_reason_check CHECK (NOT audio_enabled OR audio_reason IS NOT NULL)
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE camera DROP COLUMN audio_enabled, DROP COLUMN audio_reason');
  }
}
