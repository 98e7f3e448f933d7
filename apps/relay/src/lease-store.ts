import pg from 'pg';
import { reasonOf, type Logger } from '#libs/base';
import { LEASE_RULE, type LeaseCensus, type LeaseRule } from '#libs/relay';
import { PG_CHANNELS } from '#libs/wire';
import { connectionTo, type RelayNode } from './store.ts';

/** A relay of another machine, and where it can be asked. */
export interface RelayPeer {
  readonly id: string;
  readonly instance: string | null;
  readonly publicUrl: string;
  /** From where it reaches the database, as the database sees it. */
  readonly address: string | null;
}

/** What a renewal found: the cameras whose leases now hold again, and who else is there. */
export interface Renewal extends LeaseCensus {
  readonly held: readonly string[];
  /** The `strangers`, the first {@link MAX_PEERS} of them. */
  readonly peers: readonly RelayPeer[];
}

const MAX_PEERS = 64;

/**
 * A renewal that takes longer is one that failed: the next is tried at once, on another connection. Both fit into the time
 * between a renewal and the fence.
 */
const STATEMENT_MS = 1_500;
const CONNECT_MS = 1_500;

/**
 * The table by which relays share the cameras. Every hour in it is the database's, every statement is by itself: a relay that is
 * stopped in the middle holds no lock that others wait for. Rows are locked in the order of their cameras, here and where
 * health is written, so that none of them waits in a circle.
 */
export class LeaseStore {
  /** Apart from the other queries: a renewal never waits behind them. */
  private readonly pool: pg.Pool;

  constructor(
    databaseUrl: string,
    private readonly node: RelayNode,
    log: Logger,
    private readonly rule: LeaseRule = LEASE_RULE,
  ) {
    const limits = { statement_timeout: STATEMENT_MS, query_timeout: STATEMENT_MS + 500 };
    const connection = { ...connectionTo(databaseUrl), ...limits, connectionTimeoutMillis: CONNECT_MS };
    this.pool = new pg.Pool({ ...connection, max: 2 });
    this.pool.on('error', (error) => log.warn({ reason: reasonOf(error) }, 'database connection lost'));
  }

  /**
   * Says that this process lives. `claims`: it has just begun and takes the name, and with it the leases, of whoever had it: a
   * relay that is started again goes on at once.
   * @returns `false` when another process has taken the name and speaks
   */
  async beat(claims: boolean): Promise<boolean> {
    const { id, publicUrl, version, instance, site, rtmpUrl, ffmpeg } = this.node;
    const values = [id, publicUrl, version, instance, site, claims, this.rule.silentMs, rtmpUrl, ffmpeg];
    return (await this.pool.query(BEAT, values)).rowCount === 1;
  }

  /** Lengthens every lease that this relay still has, also one that ran out while nobody else wanted it. */
  async renew(): Promise<Renewal> {
    const { leaseMs, silentMs, steadyMs } = this.rule;
    const { id, instance, site } = this.node;
    const { rows } = await this.pool.query<Renewal>(RENEW, [id, instance, site, leaseMs, silentMs, steadyMs]);
    return rows[0]!;
  }

  /**
   * Takes up to `count` cameras that nobody holds, and answers which. Of two relays that want the same one, one gets it.
   * @param sparesOthers leaves alone those whose lease ran out without being given back
   */
  async take(count: number, sparesOthers = false): Promise<readonly string[]> {
    const { id, instance } = this.node;
    const values = [id, instance, this.rule.leaseMs, count, sparesOthers];
    const { rows } = await this.pool.query<{ id: string }>(TAKE, values);
    return rows.map((row) => row.id);
  }

  /** Gives cameras back, which nobody pulls any more, and tells the others. */
  async release(cameraIds: readonly string[]): Promise<void> {
    await this.pool.query(RELEASE, [this.node.id, this.node.instance, cameraIds, PG_CHANNELS.cameraConfig]);
  }

  /** The last word: gives everything back and is not counted any more. */
  async leave(): Promise<void> {
    await this.pool.query(LEAVE, [this.node.id, this.node.instance, PG_CHANNELS.cameraConfig]);
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

const BEAT = `
  INSERT INTO relay_node AS n (id, public_url, version, instance, site, started_at, up_since, heartbeat_at, address, rtmp_url,
    ffmpeg)
  VALUES ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp(), clock_timestamp(),
    host(inet_client_addr()), $8, $9)
  ON CONFLICT (id) DO UPDATE SET public_url = EXCLUDED.public_url, version = EXCLUDED.version,
    instance = EXCLUDED.instance, site = EXCLUDED.site, heartbeat_at = EXCLUDED.heartbeat_at, stopped_at = NULL,
    address = EXCLUDED.address, rtmp_url = EXCLUDED.rtmp_url, ffmpeg = EXCLUDED.ffmpeg,
    started_at = CASE WHEN n.instance = EXCLUDED.instance THEN n.started_at ELSE EXCLUDED.started_at END,
    up_since = CASE WHEN n.instance = EXCLUDED.instance AND n.heartbeat_at > clock_timestamp() - $7 * interval '1 ms'
      THEN n.up_since ELSE EXCLUDED.up_since END
  WHERE $6 OR n.instance = EXCLUDED.instance OR n.instance IS NULL OR n.stopped_at IS NOT NULL
    OR n.heartbeat_at < clock_timestamp() - $7 * interval '1 ms'`;

/** Cameras that push are nobody's: each relay lets their publishers in. */
const IS_PULLED = 'NOT EXISTS (SELECT FROM camera_publisher p WHERE p.camera_id = c.id)';

const RENEW = `
  WITH mine AS (
    SELECT l.camera_id FROM camera_lease l JOIN camera c ON c.id = l.camera_id
    WHERE l.relay_id = $1 AND c.removed_at IS NULL AND EXISTS (SELECT FROM relay_node WHERE id = $1 AND instance = $2)
    ORDER BY l.camera_id FOR UPDATE OF l
  ), renewed AS (
    UPDATE camera_lease l SET until = clock_timestamp() + $4 * interval '1 ms' FROM mine
    WHERE l.camera_id = mine.camera_id RETURNING l.camera_id
  ), others AS (
    SELECT id, instance, public_url, address, site, up_since FROM relay_node
    WHERE id <> $1 AND stopped_at IS NULL AND heartbeat_at > clock_timestamp() - $5 * interval '1 ms'
  )
  SELECT (SELECT coalesce(array_agg(camera_id), '{}') FROM renewed) AS held,
    (SELECT count(*)::int FROM camera c WHERE c.removed_at IS NULL AND ${IS_PULLED}) AS cameras,
    (SELECT count(*)::int FROM others) AS others,
    (SELECT count(*)::int FROM others WHERE up_since < clock_timestamp() - $6 * interval '1 ms') AS "steadyOthers",
    (SELECT count(*)::int FROM others WHERE site IS DISTINCT FROM $3) AS strangers,
    (SELECT coalesce(json_agg(json_build_object('id', id, 'instance', instance, 'publicUrl', public_url, 'address', address)), '[]')
      FROM (SELECT * FROM others WHERE site IS DISTINCT FROM $3 LIMIT ${MAX_PEERS}) AS asked) AS peers`;

/**
 * One upsert: of two relays that want the same camera the second waits for the first, looks at the row as it is then and
 * finds it taken. Relays begin at different ends, so that they seldom meet.
 */
const TAKE = `
  WITH free AS (
    SELECT c.id FROM camera c LEFT JOIN camera_lease l ON l.camera_id = c.id
    WHERE c.removed_at IS NULL AND ${IS_PULLED} AND (l.camera_id IS NULL OR (l.until < clock_timestamp() AND NOT $5::boolean))
      AND EXISTS (SELECT FROM relay_node WHERE id = $1 AND instance = $2)
    ORDER BY md5(c.id::text || $1) LIMIT $4
  )
  INSERT INTO camera_lease AS l (camera_id, relay_id, until)
  SELECT id, $1, clock_timestamp() + $3 * interval '1 ms' FROM free ORDER BY id
  ON CONFLICT (camera_id) DO UPDATE SET relay_id = EXCLUDED.relay_id, until = EXCLUDED.until
  WHERE l.until < clock_timestamp()
  RETURNING camera_id AS id`;

const RELEASE = `
  WITH mine AS (
    SELECT camera_id FROM camera_lease
    WHERE relay_id = $1 AND camera_id = ANY ($3::uuid[]) AND EXISTS (SELECT FROM relay_node WHERE id = $1 AND instance = $2)
    ORDER BY camera_id FOR UPDATE
  ), released AS (DELETE FROM camera_lease l USING mine WHERE l.camera_id = mine.camera_id RETURNING 1)
  SELECT pg_notify($4, '') FROM (SELECT count(*) FROM released) AS done`;

const LEAVE = `
  WITH me AS (
    UPDATE relay_node SET stopped_at = clock_timestamp() WHERE id = $1 AND instance = $2 RETURNING id
  ), mine AS (
    SELECT camera_id FROM camera_lease WHERE relay_id IN (SELECT id FROM me) ORDER BY camera_id FOR UPDATE
  ), released AS (DELETE FROM camera_lease l USING mine WHERE l.camera_id = mine.camera_id RETURNING 1)
  SELECT pg_notify($3, '') FROM (SELECT count(*) FROM released) AS done`;
