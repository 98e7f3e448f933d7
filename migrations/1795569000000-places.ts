import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sectors get a code, a colour and hours; the places that an operator knows by name become a catalogue of their own. */
export class Places1795569000000 implements MigrationInterface {
  name = 'Places1795569000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE sector
        ADD COLUMN code text NOT NULL DEFAULT '',
        ADD COLUMN colour text NOT NULL DEFAULT 'blue',
        ADD COLUMN hours jsonb NOT NULL DEFAULT '[]';
      CREATE UNIQUE INDEX sector_code ON sector (lower(code)) WHERE code <> '' AND removed_at IS NULL;
      CREATE TABLE known_place (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        aliases jsonb NOT NULL,
        category text NOT NULL,
        address text NOT NULL,
        notes text NOT NULL,
        latitude_deg double precision NOT NULL,
        longitude_deg double precision NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        removed_at timestamptz
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE known_place;
      DROP INDEX sector_code;
      ALTER TABLE sector DROP COLUMN code, DROP COLUMN colour, DROP COLUMN hours;
    `);
  }
}
