import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Looking back. `past_state` holds incidents and units as they were at every checkpoint of the ledger, one row per
 * stretch in which nothing changed; all of it follows from the ledger. `replay_opening` says who looked back at what, and why.
 */
export class Replay1795565800000 implements MigrationInterface {
  name = 'Replay1795565800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE past_state (
        kind text NOT NULL,
        id uuid NOT NULL,
        from_seq bigint NOT NULL,
        until_seq bigint,
        open boolean NOT NULL,
        state jsonb NOT NULL,
        PRIMARY KEY (kind, id, from_seq)
      );
      CREATE INDEX past_state_open ON past_state USING gist (int8range(from_seq, until_seq, '[]')) WHERE open;
      CREATE TABLE replay_opening (
        id uuid PRIMARY KEY,
        account_id uuid NOT NULL,
        opened_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        from_at timestamptz NOT NULL,
        to_at timestamptz NOT NULL,
        incident_id uuid,
        reason text NOT NULL
      );
      CREATE INDEX replay_opening_expires ON replay_opening (expires_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE replay_opening; DROP TABLE past_state');
  }
}
