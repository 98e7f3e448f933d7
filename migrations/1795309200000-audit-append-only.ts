import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The audit only grows: the database itself refuses to change or remove a line, whoever asks. */
export class AuditAppendOnly1795309200000 implements MigrationInterface {
  name = 'AuditAppendOnly1795309200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX audit_entry_account ON audit_entry (account_id, id);
      CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'audit_entry is append-only' USING ERRCODE = 'insufficient_privilege';
        END $$;
      CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER audit_entry_append_only ON audit_entry;
      DROP FUNCTION refuse_audit_change;
      DROP INDEX audit_entry_account;
    `);
  }
}
