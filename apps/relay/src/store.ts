import pg from 'pg';
import { reasonOf, type Logger } from '#libs/base';
import type { TrackFormat } from '#libs/codec';
import {
  PG_CHANNELS,
  type ActivityState,
  type CameraState,
  type FfmpegReport,
  type RtspTransport,
  type StreamRole,
} from '#libs/wire';

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
  readonly warm: boolean;
  readonly streams: readonly { role: StreamRole; uri: string; framesPerSecond: number | null }[];
  /** Of a camera that sends by itself, else null. */
  readonly streamName: string | null;
  /** Null too when its key was revoked. */
  readonly keyHash: Buffer | null;
}

/** Activity of the watched stream; all `null` when it is not scored. */
export interface ActivityColumns {
  readonly activityState: ActivityState | null;
  readonly activityScore: number | null;
  readonly activitySinceMs: number | null;
}

/** One row of `camera_health`. Times are Unix milliseconds. */
export interface HealthRow extends ActivityColumns {
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
  /**
   * A camera that sends by itself and sends nothing here: another relay that speaks for it knows better, and its row
   * stays while that relay keeps it fresh.
   */
  readonly yields: boolean;
  /** Last answer, or last try, of a camera that is not pulled; null while it is. */
  readonly checkedAtMs: number | null;
  readonly lossShare: number | null;
  readonly jitterMs: number | null;
  /** From capture to arrival, as far as the camera's clock is known. */
  readonly delayMs: number | null;
  /** Of all its streams. */
  readonly readers: number | null;
}

/** A relay among others. */
export interface RelayNode {
  readonly id: string;
  readonly publicUrl: string;
  /** Where devices publish, `{host}` as in `publicUrl`; null while the RTMP port is off or cannot be used. */
  readonly rtmpUrl: string | null;
  readonly version: string;
  readonly ffmpeg: FfmpegReport;
  /** A UUID of this process: two that were given the same id by mistake, or one after the other, are told apart. */
  readonly instance: string;
  /** A UUID that processes share which reach the database by the same way: the workers of one machine. */
  readonly site: string;
}

export type PushedFormat = Pick<TrackFormat, 'codec' | 'widthPx' | 'heightPx' | 'framesPerSecond'>;

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
    this.pool = new pg.Pool({ ...connectionTo(databaseUrl), max: MAX_CONNECTIONS });
    // An idle connection that dies emits here; without a handler it would end the process.
    this.pool.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'database connection lost'));
  }

  async cameras(): Promise<readonly CameraRow[]> {
    const { rows } = await this.pool.query<CameraRow>(`
      SELECT c.id, c.code, c.host, c.credential_sealed AS "credentialSealed", c.clock_error_ms AS "clockErrorMs",
        c.clock_uncertainty_ms AS "clockUncertaintyMs", c.warm, c.rtsp_transport AS transport, c.audio_enabled AS "withAudio",
        json_agg(json_build_object('role', s.role, 'uri', s.uri, 'framesPerSecond', s.frames_per_second)
          ORDER BY s.role) AS streams, p.stream_name AS "streamName", p.key_hash AS "keyHash"
      FROM camera c JOIN camera_stream s ON s.camera_id = c.id LEFT JOIN camera_publisher p ON p.camera_id = c.id
      WHERE c.removed_at IS NULL
      GROUP BY c.id, p.camera_id ORDER BY c.code`);
    return rows;
  }

  /**
   * Writes all rows in one statement and tells the api. Rows of cameras that were removed meanwhile are left out, and those
   * of cameras whose lease `node` does not hold at the moment of writing: what a relay says that was cut off or asleep never
   * covers what their new relay says. Cameras that push have no lease: every relay may speak for them, see
   * {@link HealthRow.yields}. The caller never runs two of these at once: revisions then become visible in their order.
   */
  async writeHealth(
    node: Pick<RelayNode, 'id' | 'instance'>,
    rows: readonly HealthRow[],
    nowMs: number,
  ): Promise<void> {
    if (rows.length === 0) return;
    const values = [node.id, node.instance, nowMs, PG_CHANNELS.cameraHealth, ...columnsOf(rows)];
    await this.pool.query(WRITE_HEALTH, values);
  }

  /** What a device that pushes sends: known when it came, not when it was registered. */
  async writePushedFormat(cameraId: string, format: PushedFormat): Promise<void> {
    const { codec, widthPx, heightPx, framesPerSecond } = format;
    await this.pool.query(
      `UPDATE camera_stream SET codec = $2, width_px = $3, height_px = $4, frames_per_second = $5
       WHERE camera_id = $1 AND role = 'main'`,
      [cameraId, codec, widthPx, heightPx, framesPerSecond ?? null],
    );
  }

  /** A connection of its own that hears of changed cameras; `lost` is called once when it ends. */
  async listen(changed: () => void, lost: (reason: string) => void): Promise<{ close(): Promise<void> }> {
    const client = new pg.Client({ ...connectionTo(this.databaseUrl), keepAlive: true });
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

/** What every connection of the relay has in common. */
export function connectionTo(connectionString: string): pg.ClientConfig {
  return {
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 1_000,
    application_name: 'atalaya-relay',
  };
}

/** A relay writes each row every two seconds. */
const FRESH_MS = 10_000;

const HEALTH_COLUMNS = [
  { name: 'state', type: 'text', field: 'state' },
  { name: 'since', type: 'float8', field: 'sinceMs', isTime: true },
  { name: 'reason_code', type: 'text', field: 'reasonCode' },
  { name: 'reason_message', type: 'text', field: 'reasonMessage' },
  { name: 'reconnects', type: 'int', field: 'reconnects' },
  { name: 'bitrate_kbps', type: 'float8', field: 'bitrateKbps' },
  { name: 'frames_per_second', type: 'float8', field: 'framesPerSecond' },
  { name: 'key_frame_interval_ms', type: 'float8', field: 'keyFrameIntervalMs' },
  { name: 'last_key_frame_at', type: 'float8', field: 'lastKeyFrameAtMs', isTime: true },
  { name: 'checked_at', type: 'float8', field: 'checkedAtMs', isTime: true },
  { name: 'loss_share', type: 'float8', field: 'lossShare' },
  { name: 'jitter_ms', type: 'float8', field: 'jitterMs' },
  { name: 'delay_ms', type: 'float8', field: 'delayMs' },
  { name: 'readers', type: 'int', field: 'readers' },
  { name: 'activity_state', type: 'text', field: 'activityState' },
  { name: 'activity_score', type: 'float8', field: 'activityScore' },
  { name: 'activity_since', type: 'float8', field: 'activitySinceMs', isTime: true },
] as const satisfies readonly { name: string; type: string; field: keyof HealthRow; isTime?: true }[];

const NAMES = HEALTH_COLUMNS.map(({ name }) => name);
const VALUES = HEALTH_COLUMNS.map((column) =>
  'isTime' in column ? `to_timestamp(g.${column.name} / 1000)` : `g.${column.name}`,
);

/** Behind the camera's id and the values of {@link HEALTH_COLUMNS}. */
const YIELDS = HEALTH_COLUMNS.length + 6;

/**
 * The lease is locked until the row is written: nobody takes the camera in between. In the order of `LeaseStore`. Cameras that
 * push have none: who receives writes, the others only while nobody keeps the row fresh.
 */
const WRITE_HEALTH = `
  WITH given AS (
    SELECT * FROM unnest($5::uuid[], ${HEALTH_COLUMNS.map(({ type }, index) => `$${index + 6}::${type}[]`).join(', ')},
      $${YIELDS}::bool[]) AS g (camera_id, ${NAMES.join(', ')}, yields)
  ), held AS (
    SELECT camera_id FROM camera_lease
    WHERE camera_id = ANY ($5::uuid[]) AND relay_id = $1 AND until > clock_timestamp()
      AND EXISTS (SELECT FROM relay_node WHERE id = $1 AND instance = $2)
    ORDER BY camera_id FOR SHARE
  ), pushed AS (
    SELECT camera_id FROM camera_publisher
    WHERE camera_id = ANY ($5::uuid[]) AND EXISTS (SELECT FROM relay_node WHERE id = $1 AND instance = $2)
  ), known AS (
    SELECT c.id FROM camera c JOIN (SELECT * FROM held UNION SELECT * FROM pushed) mine ON mine.camera_id = c.id
    WHERE c.removed_at IS NULL FOR KEY SHARE OF c
  ), written AS (
    INSERT INTO camera_health (camera_id, relay_id, updated_at, revision, ${NAMES.join(', ')})
    SELECT g.camera_id, $1, to_timestamp($3::float8 / 1000), nextval('camera_health_revision'), ${VALUES.join(', ')}
    FROM given g JOIN known k ON k.id = g.camera_id
    WHERE NOT g.yields OR NOT EXISTS (
      SELECT FROM camera_health other WHERE other.camera_id = g.camera_id AND other.relay_id <> $1
        AND other.updated_at > to_timestamp(($3::float8 - ${FRESH_MS}) / 1000))
    ON CONFLICT (camera_id) DO UPDATE SET relay_id = EXCLUDED.relay_id, updated_at = EXCLUDED.updated_at,
      revision = EXCLUDED.revision, ${NAMES.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
    RETURNING 1
  )
  SELECT pg_notify($4, '') FROM (SELECT count(*) FROM written) AS done`;

function columnsOf(rows: readonly HealthRow[]): unknown[][] {
  const fields = ['cameraId' as const, ...HEALTH_COLUMNS.map(({ field }) => field), 'yields' as const];
  return fields.map((field) => rows.map((row) => row[field]));
}
