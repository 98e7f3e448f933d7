import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The ground: who may enter, what they did, cameras and zones, and the table through which relay and api speak. */
export class CamerasAndAccess1795305600000 implements MigrationInterface {
  name = 'CamerasAndAccess1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE account (
        id uuid PRIMARY KEY,
        username text NOT NULL UNIQUE,
        display_name text NOT NULL,
        password_hash text NOT NULL,
        role text NOT NULL,
        created_at timestamptz NOT NULL,
        password_changed_at timestamptz NOT NULL,
        disabled_at timestamptz
      );
      CREATE TABLE login_session (
        id uuid PRIMARY KEY,
        token_hash bytea NOT NULL UNIQUE,
        account_id uuid NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        ip text NOT NULL,
        user_agent text NOT NULL
      );
      CREATE INDEX login_session_account ON login_session (account_id);
      CREATE TABLE audit_entry (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        account_id uuid,
        account_name text,
        role text,
        action text NOT NULL,
        object_kind text,
        object_id text,
        outcome text NOT NULL,
        code text,
        ip text,
        details jsonb NOT NULL DEFAULT '{}'
      );
      CREATE INDEX audit_entry_at ON audit_entry (at);
      CREATE INDEX audit_entry_object ON audit_entry (object_kind, object_id);
      CREATE TABLE setting (
        key text PRIMARY KEY,
        value jsonb NOT NULL,
        updated_at timestamptz NOT NULL,
        updated_by uuid
      );
      CREATE TABLE zone (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        risk_level text NOT NULL,
        polygon jsonb NOT NULL,
        notes text NOT NULL DEFAULT '',
        demonstration boolean NOT NULL DEFAULT false,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        removed_at timestamptz
      );
      CREATE TABLE camera (
        id uuid PRIMARY KEY,
        code text NOT NULL UNIQUE,
        name text NOT NULL,
        demonstration boolean NOT NULL DEFAULT false,
        endpoint_reference text UNIQUE,
        serial_number text,
        mac_address text,
        manufacturer text NOT NULL,
        model text NOT NULL,
        firmware text NOT NULL,
        onvif_url text NOT NULL,
        host text NOT NULL,
        credential_sealed bytea NOT NULL,
        latitude_deg double precision,
        longitude_deg double precision,
        bearing_deg double precision,
        field_of_view_deg double precision,
        range_m double precision,
        has_ptz boolean NOT NULL,
        has_events boolean NOT NULL,
        clock_error_ms double precision,
        clock_uncertainty_ms double precision,
        clock_measured_at timestamptz,
        adopted_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        removed_at timestamptz
      );
      CREATE INDEX camera_serial ON camera (manufacturer, serial_number);
      CREATE TABLE camera_stream (
        camera_id uuid NOT NULL REFERENCES camera (id) ON DELETE CASCADE,
        role text NOT NULL,
        profile_token text NOT NULL,
        uri text NOT NULL,
        codec text NOT NULL,
        width_px integer NOT NULL,
        height_px integer NOT NULL,
        frames_per_second double precision,
        bitrate_kbps integer,
        PRIMARY KEY (camera_id, role)
      );
      CREATE SEQUENCE camera_health_revision;
      CREATE TABLE camera_health (
        camera_id uuid PRIMARY KEY REFERENCES camera (id) ON DELETE CASCADE,
        relay_id text NOT NULL,
        state text NOT NULL,
        since timestamptz NOT NULL,
        reason_code text,
        reason_message text,
        reconnects integer NOT NULL DEFAULT 0,
        bitrate_kbps double precision,
        frames_per_second double precision,
        key_frame_interval_ms double precision,
        last_key_frame_at timestamptz,
        updated_at timestamptz NOT NULL,
        revision bigint NOT NULL DEFAULT nextval('camera_health_revision')
      );
      CREATE INDEX camera_health_by_revision ON camera_health (revision);
      CREATE TABLE camera_candidate (
        id uuid PRIMARY KEY,
        identity text NOT NULL UNIQUE,
        endpoint_reference text,
        host text NOT NULL,
        onvif_url text NOT NULL,
        name text NOT NULL,
        hardware text NOT NULL,
        location text NOT NULL,
        found_by text[] NOT NULL,
        clock_error_ms double precision,
        clock_uncertainty_ms double precision,
        first_seen_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        camera_id uuid REFERENCES camera (id) ON DELETE SET NULL
      );
      CREATE TABLE relay_node (
        id text PRIMARY KEY,
        public_url text NOT NULL,
        started_at timestamptz NOT NULL,
        heartbeat_at timestamptz NOT NULL,
        version text NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE relay_node, camera_candidate, camera_health, camera_stream, camera, zone, setting, audit_entry,
        login_session, account;
      DROP SEQUENCE camera_health_revision;
    `);
  }
}
