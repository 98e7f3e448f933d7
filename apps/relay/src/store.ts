import pg from 'pg';
import { reasonOf, type Logger } from '#libs/base';
import { PG_CHANNELS, type CameraState, type RtspTransport, type StreamRole } from '#libs/wire';

/** A camera with its streams as the tables hold it; the credential still sealed. */
export interface CameraRow {
  readonly id: string;
  readonly code: string;
  readonly host: string;
  readonly credentialSealed: Buffer;
  readonly transport: RtspTransport;
  readonly withAudio: boolean;
  /** How far its clock is ahead, as the api measured it. */
  readonly clockErrorMs: number | null;
  readonly clockUncertaintyMs: number | null;
  readonly streams: readonly { role: StreamRole; uri: string; framesPerSecond: number | null }[];
}

/** One row of `camera_health`. Times are Unix milliseconds. */
export interface HealthRow {
  readonly cameraId: string;
  readonly state: CameraState;
  readonly sinceMs: number;
  readonly reasonCode: string | null;
  readonly reasonMessage: string | null;
  readonly reconnects: number;
  readonly bitrateKbps: number | null;
  readonly framesPerSecond: number | null;
  readonly keyFrameIntervalMs: number | null;
  readonly lastKeyFrameAtMs: number | null;
}

export interface RelayNode {
  readonly id: string;
  readonly publicUrl: string;
  readonly startedAtMs: number;
  readonly version: string;
}

/** Nothing waits longer than this for a database that hangs. */
const STATEMENT_MS = 5_000;
const CONNECT_MS = 3_000;
const MAX_CONNECTIONS = 3;

/** Every query of the relay. Throws when the database is away; callers try again. */
export class Store {
  private readonly pool: pg.Pool;

  constructor(
    private readonly databaseUrl: string,
    log: Logger,
  ) {
    this.pool = new pg.Pool({ ...connection(databaseUrl), max: MAX_CONNECTIONS });
    // An idle connection that dies emits here; without a handler it would end the process.
    this.pool.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'database connection lost'));
  }

  async cameras(): Promise<readonly CameraRow[]> {
    const { rows } = await this.pool.query<CameraRow>(`
      SELECT c.id, c.code, c.host, c.credential_sealed AS "credentialSealed", c.rtsp_transport AS transport, c.audio_enabled AS "withAudio",
        c.clock_error_ms AS "clockErrorMs",
        c.clock_uncertainty_ms AS "clockUncertaintyMs",
        json_agg(json_build_object('role', s.role, 'uri', s.uri, 'framesPerSecond', s.frames_per_second)
          ORDER BY s.role) AS streams
      FROM camera c JOIN camera_stream s ON s.camera_id = c.id
      WHERE c.removed_at IS NULL
      GROUP BY c.id ORDER BY c.code`);
    return rows;
  }

  /**
   * Writes all rows in one statement and tells the api. Rows of cameras that were removed meanwhile are left out. The
   * caller never runs two of these at once: revisions then become visible in their order.
   */
  async writeHealth(relayId: string, rows: readonly HealthRow[], nowMs: number): Promise<void> {
    if (rows.length === 0) return;
    await this.pool.query(WRITE_HEALTH, [relayId, nowMs, PG_CHANNELS.cameraHealth, ...columnsOf(rows)]);
  }

  async heartbeat(node: RelayNode, nowMs: number): Promise<void> {
    await this.pool.query(
      `INSERT INTO relay_node (id, public_url, started_at, heartbeat_at, version)
       VALUES ($1, $2, to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0), $5)
       ON CONFLICT (id) DO UPDATE SET public_url = EXCLUDED.public_url, started_at = EXCLUDED.started_at,
         heartbeat_at = EXCLUDED.heartbeat_at, version = EXCLUDED.version`,
      [node.id, node.publicUrl, node.startedAtMs, nowMs, node.version],
    );
  }

  /** A connection of its own that hears of changed cameras; `lost` is called once when it ends. */
  async listen(changed: () => void, lost: (reason: string) => void): Promise<{ close(): Promise<void> }> {
    const client = new pg.Client({ ...connection(this.databaseUrl), keepAlive: true });
    client.on('notification', changed);
    client.on('error', (error) => lost(reasonOf(error)));
    client.on('end', () => lost('connection ended'));
    await client.connect();
    await client.query(`LISTEN ${PG_CHANNELS.cameraConfig}`);
    return { close: () => client.end() };
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

function connection(connectionString: string): pg.ClientConfig {
  return {
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 1_000,
    application_name: 'atalaya-relay',
  };
}

const WRITE_HEALTH = `
  WITH given AS (
    SELECT * FROM unnest($4::uuid[], $5::text[], $6::float8[], $7::text[], $8::text[], $9::int[], $10::float8[],
      $11::float8[], $12::float8[], $13::float8[])
      AS g (camera_id, state, since_ms, reason_code, reason_message, reconnects, bitrate_kbps, frames_per_second,
        key_frame_interval_ms, last_key_frame_ms)
  ), known AS (
    SELECT id FROM camera WHERE id = ANY ($4::uuid[]) AND removed_at IS NULL FOR KEY SHARE
  ), written AS (
    INSERT INTO camera_health (camera_id, relay_id, state, since, reason_code, reason_message, reconnects, bitrate_kbps,
      frames_per_second, key_frame_interval_ms, last_key_frame_at, updated_at, revision)
    SELECT g.camera_id, $1, g.state, to_timestamp(g.since_ms / 1000), g.reason_code, g.reason_message, g.reconnects,
      g.bitrate_kbps, g.frames_per_second, g.key_frame_interval_ms, to_timestamp(g.last_key_frame_ms / 1000),
      to_timestamp($2::float8 / 1000), nextval('camera_health_revision')
    FROM given g JOIN known k ON k.id = g.camera_id
    ON CONFLICT (camera_id) DO UPDATE SET relay_id = EXCLUDED.relay_id, state = EXCLUDED.state, since = EXCLUDED.since,
      reason_code = EXCLUDED.reason_code, reason_message = EXCLUDED.reason_message, reconnects = EXCLUDED.reconnects,
      bitrate_kbps = EXCLUDED.bitrate_kbps, frames_per_second = EXCLUDED.frames_per_second,
      key_frame_interval_ms = EXCLUDED.key_frame_interval_ms, last_key_frame_at = EXCLUDED.last_key_frame_at,
      updated_at = EXCLUDED.updated_at, revision = EXCLUDED.revision
    RETURNING 1
  )
  SELECT pg_notify($3, '') FROM (SELECT count(*) FROM written) AS done`;

function columnsOf(rows: readonly HealthRow[]): unknown[][] {
  const fields = [
    'cameraId',
    'state',
    'sinceMs',
    'reasonCode',
    'reasonMessage',
    'reconnects',
    'bitrateKbps',
    'framesPerSecond',
    'keyFrameIntervalMs',
    'lastKeyFrameAtMs',
  ] as const satisfies readonly (keyof HealthRow)[];
  return fields.map((field) => rows.map((row) => row[field]));
}
