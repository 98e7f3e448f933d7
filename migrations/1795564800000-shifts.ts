import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The calendar of shifts, rosters, people without an account, and handovers. A handover that is countersigned stands: the
 * database itself refuses to change or remove it, whoever asks.
 */
export class Shifts1795564800000 implements MigrationInterface {
  name = 'Shifts1795564800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE shift_calendar (
        id text PRIMARY KEY,
        revision bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        state jsonb NOT NULL
      );
      CREATE TABLE roster (
        shift_id text PRIMARY KEY,
        start_at timestamptz NOT NULL,
        end_at timestamptz NOT NULL,
        revision bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        state jsonb NOT NULL
      );
      CREATE INDEX roster_start ON roster (start_at);
      CREATE TABLE staff_member (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        phone text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        left_at timestamptz
      );
      CREATE TABLE handover (
        shift_id text PRIMARY KEY,
        start_at timestamptz NOT NULL,
        status text NOT NULL,
        signed_seq bigint,
        updated_at timestamptz NOT NULL,
        state jsonb NOT NULL
      );
      CREATE INDEX handover_start ON handover (start_at);
      CREATE FUNCTION refuse_handover_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'a countersigned handover stands' USING ERRCODE = 'insufficient_privilege';
        END $$;
      CREATE TRIGGER handover_stands BEFORE UPDATE OR DELETE ON handover
        FOR EACH ROW WHEN (OLD.status = 'countersigned') EXECUTE FUNCTION refuse_handover_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE handover;
      DROP FUNCTION refuse_handover_change;
      DROP TABLE staff_member;
      DROP TABLE roster;
      DROP TABLE shift_calendar;
    `);
  }
}
