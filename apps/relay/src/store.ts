import pg from 'pg';
import { reasonOf, type Logger } from '#libs/base';
import { PG_CHANNELS, type CameraState, type StreamRole } from '#libs/wire';

/** A camera with its streams as the tables hold it; the credential still sealed. */
export interface CameraRow {
  readonly id: string;
  readonly code: string;
  readonly host: string;
  readonly credentialSealed: Buffer;
  /** How far its clock is ahead, as the api measured it. */
  readonly clockErrorMs: number | null;
  readonly clockUncertaintyMs: number | null;
  readonly warm: boolean;
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
  readonly version: string;
  /** A UUID of this process: two that were given the same id by mistake, or one after the other, are told apart. */
  readonly instance: string;
  /** A UUID that processes share which reach the database by the same way: the workers of one machine. */
  readonly site: string;
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
    this.pool = new pg.Pool({ ...connectionTo(databaseUrl), max: MAX_CONNECTIONS });
    // An idle connection that dies emits here; without a handler it would end the process.
    this.pool.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'database connection lost'));
  }

  async cameras(): Promise<readonly CameraRow[]> {
    const { rows } = await this.pool.query<CameraRow>(`
      SELECT c.id, c.code, c.host, c.credential_sealed AS "credentialSealed", c.clock_error_ms AS "clockErrorMs",
        c.clock_uncertainty_ms AS "clockUncertaintyMs", c.warm,
        json_agg(json_build_object('role', s.role, 'uri', s.uri, 'framesPerSecond', s.frames_per_second)
          ORDER BY s.role) AS streams
      FROM camera c JOIN camera_stream s ON s.camera_id = c.id
      WHERE c.removed_at IS NULL
      GROUP BY c.id ORDER BY c.code`);
    return rows;
  }

  /**
   * Writes all rows in one statement and tells the api. Rows of cameras that were removed meanwhile are left out, and those
   * of cameras whose lease `node` does not hold at the moment of writing: what a relay says that was cut off or asleep never
   * covers what their new relay says. The caller never runs two of these at once: revisions then become visible in their order.
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
] as const satisfies readonly { name: string; type: string; field: keyof HealthRow; isTime?: true }[];

const NAMES = HEALTH_COLUMNS.map(({ name }) => name);
const VALUES = HEALTH_COLUMNS.map((column) =>
  'isTime' in column ? `to_timestamp(g.${column.name} / 1000)` : `g.${column.name}`,
);

/** The lease is locked until the row is written: nobody takes the camera in between. In the order of `LeaseStore`. */
const WRITE_HEALTH = `
  WITH given AS (
    SELECT * FROM unnest($5::uuid[], ${HEALTH_COLUMNS.map(({ type }, index) => `$${index + 6}::${type}[]`).join(', ')})
      AS g (camera_id, ${NAMES.join(', ')})
  ), held AS (
    SELECT camera_id FROM camera_lease
    WHERE camera_id = ANY ($5::uuid[]) AND relay_id = $1 AND until > clock_timestamp()
      AND EXISTS (SELECT FROM relay_node WHERE id = $1 AND instance = $2)
    ORDER BY camera_id FOR SHARE
  ), known AS (
    SELECT c.id FROM camera c JOIN held ON held.camera_id = c.id WHERE c.removed_at IS NULL FOR KEY SHARE OF c
  ), written AS (
    INSERT INTO camera_health (camera_id, relay_id, updated_at, revision, ${NAMES.join(', ')})
    SELECT g.camera_id, $1, to_timestamp($3::float8 / 1000), nextval('camera_health_revision'), ${VALUES.join(', ')}
    FROM given g JOIN known k ON k.id = g.camera_id
    ON CONFLICT (camera_id) DO UPDATE SET relay_id = EXCLUDED.relay_id, updated_at = EXCLUDED.updated_at,
      revision = EXCLUDED.revision, ${NAMES.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
    RETURNING 1
  )
  SELECT pg_notify($4, '') FROM (SELECT count(*) FROM written) AS done`;

function columnsOf(rows: readonly HealthRow[]): unknown[][] {
  return ['cameraId' as const, ...HEALTH_COLUMNS.map(({ field }) => field)].map((field) =>
    rows.map((row) => row[field]),
  );
}
