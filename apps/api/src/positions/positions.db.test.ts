import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import type { LogFields, Logger } from '#libs/base';
import type {
  ClientEvents,
  CreatedPositionDeviceView,
  ErrorBody,
  LivePositionView,
  PositionBatch,
  PositionDeviceView,
  PositionReport,
  ServerEvents,
  TrackView,
} from '#libs/wire';
import { seedUnit } from '../../testing/seed-units.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { createApplication } from '../application.ts';
import { PositionsService } from './positions.service.ts';

const PLAZA = { latitudeDeg: -17.6459, longitudeDeg: -71.3453 };
const SECOND_MS = 1_000;

const lines: string[] = [];
const write = (fields: LogFields, message: string): void => void lines.push(`${message} ${JSON.stringify(fields)}`);
const logger: Logger = { debug: write, info: write, warn: write, error: write };

let test: TestApplication;
let supervisor: string;
let dispatcher: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  test = await startTestApplication({}, logger);
  supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
  dispatcher = await test.cookieOf(await test.addAccount('despacho', 'dispatcher'));
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.disconnect();
});
afterAll(() => test.close());

async function ask<T>(
  cookie: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: T }> {
  const response = await test.call(method, path, { cookie, body });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

/** A unit with a device; answers the path that an app is given. */
async function device(callSign: string): Promise<CreatedPositionDeviceView & { unitId: string }> {
  const unitId = await seedUnit(test, callSign);
  const created = await ask<CreatedPositionDeviceView>(supervisor, 'POST', `/api/units/${unitId}/devices`, {
    name: 'celular',
  });
  expect(created.status).toBe(201);
  return { ...created.body, unitId };
}

interface Sent {
  readonly agoMs?: number;
  readonly northM?: number;
  readonly more?: string;
}
const queryOf = ({ agoMs = 0, northM = 0, more = '' }: Sent): string =>
  `id=1&timestamp=${test.clock.nowMs() - agoMs}&lat=${PLAZA.latitudeDeg + northM / 111_195}&lon=${PLAZA.longitudeDeg}${more}`;
const send = (path: string, sent: Sent = {}): Promise<Response> => test.call('GET', `${path}?${queryOf(sent)}`);

const deviceOf = async (unitId: string): Promise<PositionDeviceView> =>
  (await ask<PositionDeviceView[]>(supervisor, 'GET', `/api/units/${unitId}/devices`)).body[0]!;
const liveOf = async (unitId: string): Promise<LivePositionView | undefined> =>
  (await ask<LivePositionView[]>(dispatcher, 'GET', '/api/positions')).body.find((one) => one.unitId === unitId);
const trackOf = (unitId: string): Promise<{ status: number; body: TrackView }> =>
  ask<TrackView>(
    dispatcher,
    'GET',
    `/api/units/${unitId}/track?fromMs=${test.clock.nowMs() - 86_400_000}&toMs=${test.clock.nowMs() + 60_000}`,
  );

async function connect(cookie: string): Promise<Socket<ServerEvents, ClientEvents>> {
  const socket: Socket<ServerEvents, ClientEvents> = io(test.url, {
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { cookie },
  });
  sockets.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

describe('a device', () => {
  it('reports by OsmAnd in query and form, by the JSON of Traccar Client and by OwnTracks with path or login', async () => {
    const { unitId, token, osmAndPath, ownTracksPath } = await device('M-01');
    expect(token).toMatch(/^avl_[\w-]{43}$/);
    const at = (agoMs: number): number => test.clock.nowMs() - agoMs;
    const place = { lat: PLAZA.latitudeDeg, lon: PLAZA.longitudeDeg };
    const own = { _type: 'location', tid: 'M1', ...place };
    const json = {
      device_id: '1',
      location: [5, 4].map((s) => ({
        timestamp: new Date(at(s * SECOND_MS)).toISOString(),
        coords: { latitude: place.lat, longitude: place.lon, speed: 10, heading: 90 },
      })),
    };
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const login = { authorization: `Basic ${Buffer.from(`cualquiera:${token}`).toString('base64')}` };
    expect((await send(osmAndPath, { agoMs: 7 * SECOND_MS, more: '&speed=10' })).status).toBe(200);
    const posted = await fetch(test.url + osmAndPath, { ...form, body: queryOf({ agoMs: 6 * SECOND_MS }) });
    expect([posted.status, await posted.text()]).toEqual([200, '']);
    expect((await test.call('POST', osmAndPath, { body: json })).status).toBe(200);
    const answer = await test.call('POST', ownTracksPath, {
      body: { ...own, tst: Math.floor(at(3_000) / 1_000), vel: 20 },
    });
    expect([answer.status, await answer.json()]).toEqual([200, []]);
    const last = { ...own, tst: Math.floor(at(1_000) / 1_000), vel: 36 };
    expect((await test.call('POST', '/api/positions/owntracks', { body: last, headers: login })).status).toBe(200);
    // A message that is none of ours is taken off its hands.
    expect(await (await test.call('POST', ownTracksPath, { body: { _type: 'lwt', tst: 1 } })).json()).toEqual([]);

    expect((await trackOf(unitId)).body.fixes.map(({ speedKmh }) => speedKmh && Math.round(speedKmh))).toEqual([
      19,
      null,
      36,
      36,
      20,
      36,
    ]);
    expect(await liveOf(unitId)).toMatchObject({ position: { speedKmh: 36, age: 'fresh', point: PLAZA } });
    expect(await deviceOf(unitId)).toMatchObject({
      taken: 6,
      refused: 1,
      refusedBy: { 'fix-not-location': 1 },
      lastRefusal: { code: 'fix-not-location' },
    });
  });

  it('is refused by what it sends: coded, counted, and told to forget what will never be taken', async () => {
    const { unitId, osmAndPath, ownTracksPath } = await device('M-02');
    expect((await send(osmAndPath)).status).toBe(200);
    const refused = async (sent: Sent): Promise<unknown> => {
      expect((await send(osmAndPath, sent)).status).toBe(200);
      return (await deviceOf(unitId)).lastRefusal?.code;
    };
    expect(await refused({ agoMs: -10 * 60_000 })).toBe('fix-in-future');
    expect(await refused({ agoMs: 25 * 3_600_000 })).toBe('fix-outdated');
    expect(await refused({ agoMs: -5 * SECOND_MS, northM: 5_000 })).toBe('fix-impossible-speed');
    expect(await refused({ agoMs: -5 * SECOND_MS, more: '&accuracy=900' })).toBe('fix-inaccurate');
    expect(await refused({ more: '&valid=false' })).toBe('fix-invalid');
    for (const [path, body] of [
      [osmAndPath, { device_id: '1' }],
      [ownTracksPath, { _type: 'location', tid: 'x' }],
      [ownTracksPath, { hello: 1 }],
    ] as const) {
      const response = await test.call('POST', path, { body });
      expect([response.status, ((await response.json()) as ErrorBody).code]).toMatchObject([
        400,
        expect.stringMatching(/^fix-/),
      ]);
    }
    const long = await fetch(test.url + osmAndPath, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `lat=${'1'.repeat(5_000)}`,
    });
    expect(long.status).toBe(413);
    expect((await trackOf(unitId)).body.fixes).toHaveLength(1);
  });

  it('fills the track with what it buffered, and the mark never goes back', async () => {
    const { unitId, osmAndPath } = await device('M-03');
    await send(osmAndPath, { agoMs: 60 * SECOND_MS });
    await send(osmAndPath, { agoMs: 0, northM: 500 });
    const before = await liveOf(unitId);
    await send(osmAndPath, { agoMs: 30 * SECOND_MS, northM: 250 });
    expect((await liveOf(unitId))?.position.takenAtMs).toBe(before?.position.takenAtMs);
    expect((await trackOf(unitId)).body.fixes.map(({ late }) => late)).toEqual([false, true, false]);
  });

  it('that hears no answer sends again, and it is stored once', async () => {
    const { unitId, osmAndPath } = await device('M-04');
    const query = queryOf({});
    for (let count = 0; count < 3; count++) expect((await test.call('GET', `${osmAndPath}?${query}`)).status).toBe(200);
    expect((await trackOf(unitId)).body.fixes).toHaveLength(1);
  });

  it('is held to its rate with Retry-After, alone', async () => {
    const { osmAndPath } = await device('M-05');
    const other = await device('M-06');
    const location = Array.from({ length: 500 }, (_, index) => ({
      timestamp: test.clock.nowMs() - index * SECOND_MS,
      coords: { latitude: PLAZA.latitudeDeg, longitude: PLAZA.longitudeDeg },
    }));
    const upload = (): Promise<Response> => test.call('POST', osmAndPath, { body: { device_id: '1', location } });
    const responses = await Promise.all(Array.from({ length: 8 }, upload));
    const refused = responses.filter(({ status }) => status === 429);
    expect(responses.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(6);
    expect(refused.map((response) => Number(response.headers.get('retry-after')) > 0)).toEqual([true, true]);
    location.push(location[0]!);
    expect((await upload()).status).toBe(413);
    expect((await send(other.osmAndPath)).status).toBe(200);
  });

  it('gets a new token, and the one before is refused from then on', async () => {
    const { unitId, osmAndPath, device: made } = await device('M-21');
    const path = `/api/units/${unitId}/devices/${made.id}`;
    const given = await ask<CreatedPositionDeviceView>(supervisor, 'POST', `${path}/token`, {});
    expect([given.status, given.body.device.id]).toEqual([201, made.id]);
    expect((await send(osmAndPath)).status).toBe(401);
    expect((await send(given.body.osmAndPath)).status).toBe(200);
    expect(await ask(supervisor, 'DELETE', path, { reason: 'perdido' })).toMatchObject({ status: 204 });
    expect(await ask(supervisor, 'POST', `${path}/token`, {})).toMatchObject({ body: { code: 'device-revoked' } });
    expect((await send(given.body.osmAndPath)).status).toBe(401);
  });

  it('that is revoked reports no more; who gave and took the token is in the audit, the token nowhere', async () => {
    const { unitId, token, osmAndPath, device: made } = await device('M-07');
    const path = `/api/units/${unitId}/devices/${made.id}`;
    expect((await ask(dispatcher, 'DELETE', path, { reason: 'x' })).status).toBe(403);
    expect((await ask(supervisor, 'DELETE', path, { reason: 'perdido' })).status).toBe(204);
    expect((await send(osmAndPath)).status).toBe(401);
    expect((await send(`${osmAndPath}x`)).status).toBe(401);
    expect((await deviceOf(unitId)).revokedAtMs).not.toBeNull();
    const audit: { action: string; details: unknown }[] = await test.dataSource.query(
      'SELECT action, details FROM audit_entry WHERE object_id = $1 ORDER BY id',
      [made.id],
    );
    expect(audit).toMatchObject([
      { action: 'position-device:create', details: { unitId, name: 'celular' } },
      { action: 'position-device:revoke', details: { reason: 'perdido' } },
    ]);
    const [row] = (await test.dataSource.query('SELECT * FROM position_device WHERE id = $1', [made.id])) as object[];
    expect(JSON.stringify([audit, row])).not.toContain(token.slice(4, 20));
  });

  it('leaves no token in the log, wherever it stood in the address', async () => {
    const { token, osmAndPath } = await device('M-08');
    lines.length = 0;
    const wrong = [
      '/api/positions/OSMAND/',
      '/api/Positions/osmandd/',
      '/api/positions/',
      '/',
      '/api/positions/osmand/x/',
    ];
    for (const path of wrong) await send(path + token);
    await send(osmAndPath);
    await send(`${osmAndPath}/more`);
    await test.call('GET', osmAndPath);
    expect(lines.filter((line) => line.startsWith('request')).length).toBeGreaterThanOrEqual(8);
    expect(lines.filter((line) => line.includes(token.slice(4)))).toEqual([]);
    expect(lines.filter((line) => line.includes('-17.64'))).toEqual([]);
  });
});

describe('pages that follow units', () => {
  it('are told who moved, in numbered batches, and a patrol is not', async () => {
    const { unitId, osmAndPath } = await device('M-10');
    const page = await connect(dispatcher);
    const patrol = await connect(await test.cookieOf(await test.addAccount('patrulla', 'patrol')));
    const batches: PositionBatch[] = [];
    page.on('positions:moved', (batch) => batches.push(batch));
    patrol.on('positions:moved', () => batches.push(null as never));
    expect((await page.timeout(5_000).emitWithAck('topic:subscribe', { topic: 'units' })).ok).toBe(true);
    expect((await patrol.timeout(5_000).emitWithAck('topic:subscribe', { topic: 'units' })).ok).toBe(false);
    await send(osmAndPath, { agoMs: 2 * SECOND_MS });
    await send(osmAndPath, { agoMs: SECOND_MS, northM: 10 });
    await eventually(() => Promise.resolve(batches.at(-1)?.rows.some(([id]) => id === unitId) ?? false));
    const told = batches.length;
    await send(osmAndPath, { northM: 20 });
    await eventually(() => Promise.resolve(batches.length > told));
    const [id, latitudeDeg, longitudeDeg] = batches.at(-1)!.rows[0]!;
    expect([id, longitudeDeg]).toEqual([unitId, PLAZA.longitudeDeg]);
    expect(latitudeDeg).toBeGreaterThan(PLAZA.latitudeDeg);
    expect(batches.map(({ seq }) => seq)).toEqual([...new Set(batches.map(({ seq }) => seq))].sort((a, b) => a - b));
  });

  it('and a crew in its own tablet reports for its own unit', async () => {
    const crew = await test.addAccount('sereno', 'patrol');
    const socket = await connect(await test.cookieOf(crew));
    const report = (fixes: unknown) =>
      socket.timeout(5_000).emitWithAck('position:report', { fixes } as unknown as PositionReport);
    const fix = { point: PLAZA, takenAtMs: test.clock.nowMs(), speedKmh: 12 };
    expect(await report([fix])).toMatchObject({ ok: false, code: 'no-own-unit' });
    const unitId = await seedUnit(test, 'PIE-01', [crew.id]);
    const future = { ...fix, takenAtMs: fix.takenAtMs + 3_600_000 };
    expect(await report([fix, future])).toEqual({ ok: true, taken: 1, refused: { 'fix-in-future': 1 } });
    expect((await liveOf(unitId))?.position.speedKmh).toBe(12);
    expect(await report(Array.from({ length: 51 }, () => fix))).toMatchObject({ ok: false, code: 'input-invalid' });
    const desk = await connect(dispatcher);
    expect(await desk.timeout(5_000).emitWithAck('position:report', { fixes: [fix] })).toMatchObject({
      ok: false,
      code: 'permission-missing',
    });
  });
});

describe('after a restart', () => {
  it('units are where they were, and an older fix still moves none', async () => {
    const { unitId, osmAndPath } = await device('M-20');
    await send(osmAndPath, { agoMs: 20 * SECOND_MS });
    await send(osmAndPath, { agoMs: 10 * SECOND_MS, northM: 50 });
    const before = await liveOf(unitId);
    const again = await createApplication({ config: test.config, clock: test.clock, logger });
    try {
      await again.init();
      const positions = again.get(PositionsService, { strict: false });
      expect(positions.live().find((one) => one.unitId === unitId)).toMatchObject({
        ...before,
        position: { takenAtMs: before?.position.takenAtMs, point: before?.position.point },
      });
      const late = { ...before!.position, takenAtMs: before!.position.takenAtMs - 5_000, altitudeM: null };
      const fix = { ...late, hdop: null, charging: null };
      expect(await positions.take({ unitId, deviceId: null }, [fix])).toMatchObject({ taken: 1 });
      expect(positions.positionOf(unitId)?.takenAtMs).toBe(before?.position.takenAtMs);
    } finally {
      await again.close();
    }
  });
});
