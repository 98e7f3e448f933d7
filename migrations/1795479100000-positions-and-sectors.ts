import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sectors, the devices of units, and where units went. `unit_fix` has one partition per day (UTC): a day that is no longer
 * kept is dropped whole, which costs nothing and leaves nothing behind. Partitions are made by the api, ahead of time.
 */
export class PositionsAndSectors1795479100000 implements MigrationInterface {
  name = 'PositionsAndSectors1795479100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sector (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        kind text NOT NULL,
        polygon jsonb NOT NULL,
        min_units integer NOT NULL DEFAULT 0,
        notes text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        removed_at timestamptz
      );
      CREATE TABLE position_device (
        id uuid PRIMARY KEY,
        unit_id uuid NOT NULL,
        name text NOT NULL,
        token_hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        created_by uuid NOT NULL,
        revoked_at timestamptz,
        revoked_by uuid
      );
      CREATE UNIQUE INDEX position_device_token_hash ON position_device (token_hash);
      CREATE INDEX position_device_unit ON position_device (unit_id);
      CREATE TABLE unit_fix (
        unit_id uuid NOT NULL,
        taken_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        device_id uuid,
        late boolean NOT NULL,
        latitude_deg double precision NOT NULL,
        longitude_deg double precision NOT NULL,
        speed_kmh real,
        bearing_deg real,
        altitude_m real,
        accuracy_m real,
        hdop real,
        battery_share real,
        charging boolean,
        PRIMARY KEY (unit_id, taken_at)
      ) PARTITION BY RANGE (taken_at);
      CREATE TABLE fence_crossing (
        id bigserial PRIMARY KEY,
        at timestamptz NOT NULL,
        unit_id uuid NOT NULL,
        fence_kind text NOT NULL,
        fence_id uuid NOT NULL,
        kind text NOT NULL
      );
      CREATE INDEX fence_crossing_unit ON fence_crossing (unit_id, id);
      CREATE INDEX fence_crossing_at ON fence_crossing (at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE fence_crossing;
      DROP TABLE unit_fix;
      DROP TABLE position_device;
      DROP TABLE sector;
    `);
  }
}
