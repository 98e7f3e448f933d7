import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { sleep, systemClock } from '#libs/base';
import { LEASE_RULE } from '#libs/relay';
import { PG_CHANNELS } from '#libs/wire';
import type { TestDatabase } from '../../scripts/test-database.ts';
import { DatabaseGate, connected, createMigratedDatabase, insertCamera } from './testing/database.ts';
import { eventually, startRelay, stateOf, ticketFor, type RunningRelay } from './testing/processes.ts';
import { TilesClient } from './testing/tiles-client.ts';
import { startTestTown, type TestTown, type TownCamera } from './testing/town.ts';

const CAMERAS: readonly TownCamera[] = ['sim-01', 'sim-03', 'sim-04', 'sim-05', 'sim-06', 'sim-08', 'sim-11'].map(
  (like, index) => ({ id: `0190f0a0-0000-7000-8000-0000000002${String(index + 10)}`, like }),
);
/** The last one rests while nobody watches it. */
const WARM = CAMERAS.slice(0, -1);
const COLD = CAMERAS.at(-1)!;
/** Of the sub streams of the town. */
const GOP_MS = 1_000;
const TAKEN_OVER_MS = 10_000;

interface Health {
  readonly relay_id: string;
  readonly state: string;
  readonly checked_at: Date | null;
  readonly readers: number | null;
}

describe('two relays and one database', () => {
  let database: TestDatabase;
  let client: pg.Client;
  let gate: DatabaseGate;
  let town: TestTown;
  const relays = new Map<string, RunningRelay>();
  const undo: (() => Promise<unknown>)[] = [];

  const start = async (name: string): Promise<RunningRelay> => {
    const relay = await startRelay({ DATABASE_URL: gate.url, ATALAYA_RELAY_ID: name });
    relays.set(name, relay);
    undo.push(() => relay.kill('SIGKILL'));
    await eventually(
      async () => ((await fetch(`${relay.base}/health/ready`)).ok ? true : undefined),
      10_000,
      `${name} is not ready`,
    );
    return relay;
  };
  /** Cameras by the relay whose word on them stands, `name` when they are `online` there. */
  const heldBy = async (): Promise<Record<string, number>> => {
    const { rows } = await client.query<{ relay_id: string; count: number }>(
      `SELECT l.relay_id, count(*)::int FROM camera_lease l
       JOIN camera_health h ON h.camera_id = l.camera_id AND h.relay_id = l.relay_id AND h.state = 'online'
       WHERE l.until > clock_timestamp() AND l.camera_id = ANY ($1) GROUP BY l.relay_id`,
      [WARM.map(({ id }) => id)],
    );
    return Object.fromEntries(rows.map((row) => [row.relay_id, row.count]));
  };
  const reaches = (wanted: Record<string, number>, withinMs: number): Promise<true> =>
    eventually(
      async () => {
        const now = await heldBy();
        return Object.keys({ ...now, ...wanted }).every((name) => now[name] === wanted[name]) ? true : undefined;
      },
      withinMs,
      `not as wanted: ${JSON.stringify(wanted)}`,
    );
  const healthOf = async ({ id }: TownCamera): Promise<Health | undefined> =>
    (await client.query<Health>('SELECT * FROM camera_health WHERE camera_id = $1', [id])).rows[0];
  /** A picture of each camera out of the relay that has it. */
  const showsAll = async (name: string): Promise<void> => {
    const page = await TilesClient.open(relays.get(name)!.base);
    for (const [tile, { id }] of WARM.entries()) page.ask({ op: 'open', tile, ticket: ticketFor(id, 'sub') });
    for (const tile of WARM.keys()) await page.reaches(tile, 3, 5_000);
    await page.close();
  };

  beforeAll(async () => {
    database = await createMigratedDatabase();
    undo.push(() => database.drop());
    gate = new DatabaseGate(new URL(database.url));
    await gate.open();
    undo.push(() => gate.shut());
    client = await connected(database.url);
    undo.push(() => client.end());
    town = await startTestTown(CAMERAS, 91);
    undo.push(() => town.stop());
    await Promise.all([start('north'), start('south')]);
    for (const camera of CAMERAS) await insertCamera(client, town.seed(camera));
    await client.query('UPDATE camera SET warm = false WHERE id = $1', [COLD.id]);
    await client.query(`NOTIFY ${PG_CHANNELS.cameraConfig}`);
  }, 60_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it('have their share each, and each camera is pulled once', async () => {
    await eventually(
      async () => {
        const { north = 0, south = 0 } = await heldBy();
        return north + south === WARM.length && Math.min(north, south) >= 2 ? true : undefined;
      },
      10_000,
      'not shared',
    );
    expect(await town.sessions()).toEqual([...WARM.map(() => 1), 0]);
  }, 15_000);

  it('ask a camera that rests how it is, and fetch no video of it', async () => {
    const health = await eventually(async () => {
      const now = await healthOf(COLD);
      return now?.state === 'standby' ? now : undefined;
    }, 5_000);
    expect(Math.abs(systemClock.nowMs() - health.checked_at!.getTime())).toBeLessThan(15_000);
    expect((await town.sessions()).at(-1)).toBe(0);
  });

  it('fetch its video when somebody watches, the first picture within a key frame and 400 ms', async () => {
    const relay = relays.get((await healthOf(COLD))!.relay_id)!;
    const page = await TilesClient.open(relay.base);
    const askedMs = systemClock.monotonicMs();
    page.ask({ op: 'open', tile: 1, ticket: ticketFor(COLD.id, 'sub') });
    await page.reaches(1, 1, 5_000);
    const tookMs = systemClock.monotonicMs() - askedMs;
    expect(tookMs).toBeLessThan(GOP_MS + 400);
    await eventually(async () => ((await healthOf(COLD))!.state === 'online' ? true : undefined), 3_000);
    await eventually(async () => ((await healthOf(COLD))!.readers === 1 ? true : undefined), 4_000);
    expect((await healthOf(COLD))!.checked_at).toBeNull();
    await page.close();
  }, 15_000);

  it('go on with what they have while the database is away for both, and after', async () => {
    const before = await heldBy();
    await gate.shut();
    await sleep(systemClock, LEASE_RULE.leaseMs + 1_000);
    expect((await town.sessions()).slice(0, -1)).toEqual(WARM.map(() => 1));
    for (const [name, relay] of relays) {
      const states = await Promise.all(WARM.map(({ like }) => stateOf(relay, like)));
      expect([name, states.filter((state) => state === 'online').length]).toEqual([name, before[name]]);
    }
    await gate.open();
    await reaches(before, 5_000);
    const fenced = [...relays.values()].flatMap(({ lines }) => lines).filter((line) => line.includes('leases ran out'));
    expect(fenced).toEqual([]);
  }, 20_000);

  it('take over for one that stands still, which says and pulls nothing more when it goes on', async () => {
    const stopped = relays.get('north')!;
    const had = (await heldBy())['north']!;
    expect(had).toBeGreaterThan(0);
    stopped.child.kill('SIGSTOP');
    await reaches({ south: WARM.length }, TAKEN_OVER_MS);
    stopped.child.kill('SIGCONT');
    await eventually(
      async () => ((await stateOf(stopped, WARM[0]!.like)) === undefined ? true : undefined),
      3_000,
      'the relay that stood still did not let go',
    );
    await eventually(
      async () => ((await town.sessions()).slice(0, -1).every((count) => count === 1) ? true : undefined),
      3_000,
      'cameras are not pulled once each',
    );
    await showsAll('south');
    expect(await heldBy()).toEqual({ south: WARM.length });
    expect(stopped.lines.some((line) => line.includes('leases ran out'))).toBe(true);
  }, 30_000);

  it('have everything of a killed one within ten seconds', async () => {
    const killedMs = systemClock.monotonicMs();
    await relays.get('south')!.kill('SIGKILL');
    await reaches({ north: WARM.length }, TAKEN_OVER_MS);
    expect(systemClock.monotonicMs() - killedMs).toBeLessThan(TAKEN_OVER_MS);
    await showsAll('north');
  }, 30_000);

  it('give everything back at once when they are stopped', async () => {
    const next = start('south');
    await next;
    const stoppedMs = systemClock.monotonicMs();
    expect(await relays.get('north')!.kill('SIGTERM')).toBe(0);
    await reaches({ south: WARM.length }, 5_000);
    expect(systemClock.monotonicMs() - stoppedMs).toBeLessThan(5_000);
    const rested = await eventually(async () => {
      const now = await healthOf(COLD);
      return now?.state === 'standby' && now.relay_id === 'south' ? now : undefined;
    }, 5_000);
    expect(rested.checked_at).not.toBeNull();
  }, 20_000);
});
