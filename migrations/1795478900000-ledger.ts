import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ledger ("bitácora"): one ordered, hash-chained log. What is in it stays: the database itself refuses to change it. */
export class Ledger1795478900000 implements MigrationInterface {
  name = 'Ledger1795478900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ledger_entry (
        seq bigint PRIMARY KEY,
        at timestamptz NOT NULL,
        kind text NOT NULL,
        subject_type text NOT NULL,
        subject_id text NOT NULL,
        actor_id text NOT NULL,
        command_id uuid NOT NULL,
        text text NOT NULL,
        hash text NOT NULL
      );
      CREATE INDEX ledger_entry_subject ON ledger_entry (subject_type, subject_id, seq);
      CREATE INDEX ledger_entry_kind ON ledger_entry (kind, seq);
      CREATE INDEX ledger_entry_actor ON ledger_entry (actor_id, seq);
      CREATE INDEX ledger_entry_at ON ledger_entry (at);
      CREATE TABLE ledger_command (
        command_id uuid PRIMARY KEY,
        fingerprint text NOT NULL,
        at timestamptz NOT NULL,
        outcome text NOT NULL
      );
      CREATE TABLE ledger_head (
        seq bigint NOT NULL,
        key_id text NOT NULL,
        hash text NOT NULL,
        at timestamptz NOT NULL,
        signature text NOT NULL,
        PRIMARY KEY (seq, key_id)
      );
      CREATE TABLE ledger_cursor (
        name text PRIMARY KEY,
        seq bigint NOT NULL,
        updated_at timestamptz NOT NULL
      );
      CREATE TABLE ledger_verification (
        id uuid PRIMARY KEY,
        started_at timestamptz NOT NULL,
        finished_at timestamptz NOT NULL,
        requested_by text NOT NULL,
        verdict jsonb NOT NULL
      );
      CREATE INDEX ledger_verification_finished ON ledger_verification (finished_at);
      CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END $$;
    `);
    for (const table of ['ledger_entry', 'ledger_command', 'ledger_head']) {
      await runner.query(`CREATE TRIGGER ${table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE ledger_verification;
      DROP TABLE ledger_cursor;
      DROP TABLE ledger_head;
      DROP TABLE ledger_command;
      DROP TABLE ledger_entry;
      DROP FUNCTION refuse_ledger_change;
    `);
  }
}
