import pg from 'pg';
import { ok, reasonOf, refusal, refused, sleep, type Clock, type Result } from '#libs/base';

const OLDEST_VERSION = 150_000;
const CONNECT_TIMEOUT_MS = 3_000;
const RETRY_MS = 500;

/** What the supervisor must know of the database before it starts anything that uses it. */
export interface DatabaseFacts {
  /** Some camera was adopted, now or before. */
  readonly hasCameras: boolean;
  /** Some of them were of the demonstration. */
  readonly hasDemonstration: boolean;
  /** Serial numbers of demonstration cameras that are in use. */
  readonly adoptedSerials: readonly string[];
  /** Serial numbers of demonstration cameras that somebody removed: they are not brought back. */
  readonly removedSerials: readonly string[];
}

const NO_FACTS: DatabaseFacts = {
  hasCameras: false,
  hasDemonstration: false,
  adoptedSerials: [],
  removedSerials: [],
};

/** Runs `task` with one connection, which is always closed. */
export async function withClient<T>(address: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: address,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'atalaya-supervisor',
  });
  // A server that goes away while we talk shows up in the query's own rejection.
  client.on('error', () => {});
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Throws while the server does not answer. */
export async function ping(address: string): Promise<void> {
  await withClient(address, (client) => client.query('SELECT 1'));
}

export async function createDatabaseIfMissing(address: string, name: string): Promise<void> {
  await withClient(address, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  });
}

/** Waits for somebody else's server and looks whether it is young enough. The address, with its password, is never told. */
export async function checkServer(
  address: string,
  clock: Clock,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Result<string>> {
  const deadlineMs = clock.monotonicMs() + patienceMs;
  for (;;) {
    try {
      return await withClient(address, readVersion);
    } catch (problem) {
      if (clock.monotonicMs() >= deadlineMs || signal.aborted) {
        return refused(
          refusal(
            'unavailable',
            'database-unreachable',
            `El servidor de DATABASE_URL no responde: ${reasonOf(problem)}`,
          ),
        );
      }
    }
    await sleep(clock, RETRY_MS, signal);
  }
}

async function readVersion(client: pg.Client): Promise<Result<string>> {
  const { rows } = await client.query<{ number: string; text: string }>(
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS text",
  );
  const [row] = rows;
  if (!row || Number(row.number) < OLDEST_VERSION) {
    return refused(
      refusal('unavailable', 'database-too-old', `DATABASE_URL es PostgreSQL ${row?.text}; hace falta 15 o más nuevo`),
    );
  }
  return ok(row.text);
}

export async function readFacts(address: string): Promise<DatabaseFacts> {
  return withClient(address, async (client) => {
    const table = await client.query<{ present: boolean }>("SELECT to_regclass('camera') IS NOT NULL AS present");
    if (!table.rows[0]?.present) return NO_FACTS;
    const cameras = await client.query<{ serial: string | null; demonstration: boolean; removed: boolean }>(
      'SELECT serial_number AS serial, demonstration, removed_at IS NOT NULL AS removed FROM camera',
    );
    const pretended = cameras.rows.filter((row) => row.demonstration);
    const serials = (removed: boolean): string[] =>
      pretended.flatMap((row) => (row.removed === removed && row.serial !== null ? [row.serial] : []));
    return {
      hasCameras: cameras.rows.length > 0,
      hasDemonstration: pretended.length > 0,
      adoptedSerials: serials(false),
      removedSerials: serials(true),
    };
  });
}

/** How many cameras of the demonstration a relay says are online, and said so just now. */
export async function countOnline(address: string): Promise<number> {
  return withClient(address, async (client) => {
    const { rows } = await client.query<{ online: number }>(`
      SELECT count(*)::int AS online FROM camera
        JOIN camera_health ON camera_health.camera_id = camera.id
        JOIN relay_node ON relay_node.id = camera_health.relay_id
      WHERE demonstration AND removed_at IS NULL AND state = 'online'
        AND camera_health.updated_at >= relay_node.started_at
        AND relay_node.heartbeat_at > now() - interval '5 seconds'`);
    return rows[0]?.online ?? 0;
  });
}
