import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How a camera's streams are asked for: interleaved TCP unless somebody chose otherwise. */
export class CameraTransport1795478800000 implements MigrationInterface {
  name = 'CameraTransport1795478800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE camera ADD COLUMN rtsp_transport text NOT NULL DEFAULT 'tcp'
        CONSTRAINT camera_rtsp_transport_check CHECK (rtsp_transport IN ('tcp', 'udp', 'auto'))
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE camera DROP COLUMN rtsp_transport');
  }
}
