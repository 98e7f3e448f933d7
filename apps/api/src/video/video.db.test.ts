import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deriveKey, verifyTicket } from '#libs/secret';
import type { ErrorBody, TicketsView } from '#libs/wire';
import { beatRelay, holdCamera, seedCamera, writeHealth } from '../../testing/seed-cameras.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import type { CameraEntity } from '../cameras/camera.entity.ts';

let test: TestApplication;
let operator: string;
let operatorId: string;
let camera: CameraEntity;

beforeAll(async () => {
  test = await startTestApplication();
  const account = await test.addAccount('operador', 'operator');
  operatorId = account.id;
  operator = await test.cookieOf(account);
  camera = await seedCamera(test, 'C-01');
});
afterAll(() => test.close());

interface Asked {
  readonly status: number;
  readonly body: TicketsView & ErrorBody;
}

/** By `node:http`, because fetch does not let a test choose its Host. */
function ask(cookie: string, wanted: unknown, host?: string): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, 'content-type': 'application/json', ...(host === undefined ? {} : { host }) };
    const call = request(`${test.url}/api/video/tickets`, { method: 'POST', headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(text) as Asked['body'] }));
    });
    call.on('error', reject).end(JSON.stringify({ wanted }));
  });
}

const relayBeats = (): Promise<void> => beatRelay(test);
const watched = async (): Promise<Record<string, unknown>[]> =>
  (await test.dataSource.query(
    "SELECT * FROM audit_entry WHERE action = 'camera:watch' AND object_id = $1 ORDER BY id",
    [camera.id],
  )) as Record<string, unknown>[];

describe('leave to watch', () => {
  it('is refused camera by camera, with why', async () => {
    const unknown = '00000000-0000-7000-8000-000000000000';
    await test.dataSource.query("DELETE FROM camera_stream WHERE camera_id = $1 AND role = 'sub'", [camera.id]);
    const wanted = [
      { cameraId: unknown, stream: 'main' },
      { cameraId: camera.id, stream: 'sub' },
      { cameraId: camera.id, stream: 'main' },
    ];
    const { status, body } = await ask(operator, wanted);
    expect(status).toBe(200);
    expect(body.tickets).toEqual([]);
    expect(body.refused.map((refused) => refused.code)).toEqual(['camera-not-found', 'stream-missing', 'relay-silent']);
    expect(await watched()).toEqual([]);
  });

  it('names the camera, the stream, the account and an end, and leads to the relay by the name that we were called', async () => {
    await relayBeats();
    await holdCamera(test, camera.id, 'relay-1');
    const { body } = await ask(operator, [{ cameraId: camera.id, stream: 'main' }], 'central.ilo.gob.pe:8080');
    const [given] = body.tickets;
    expect(given!.playlistUrl).toBe(
      `http://central.ilo.gob.pe:8081/hls/${camera.id}/main/index.m3u8?ticket=${given!.ticket}`,
    );
    expect(given!.tilesUrl).toBe('ws://central.ilo.gob.pe:8081/tiles');
    expect(given!.snapshotUrl).toBe(`http://central.ilo.gob.pe:8081/snapshot/${camera.id}?ticket=${given!.ticket}`);
    const verdict = verifyTicket(deriveKey(test.config.masterKey, 'video-ticket'), given!.ticket, test.clock.nowMs());
    expect(verdict).toEqual({
      ok: true,
      ticket: { cameraId: camera.id, accountId: operatorId, stream: 'main', expiresAtMs: body.expiresAtMs },
    });
    expect(body.expiresAtMs - test.clock.nowMs()).toBeGreaterThan(100_000);
    expect(body.expiresAtMs - test.clock.nowMs()).toBeLessThanOrEqual(120_000);
  });

  it('leads to the relay that has each camera, follows it to another, and waits while none has it', async () => {
    const second = await seedCamera(test, 'C-02');
    const urlsOf = async (): Promise<string[]> => {
      const wanted = [camera.id, second.id].map((cameraId) => ({ cameraId, stream: 'sub' }));
      const { body } = await ask(operator, wanted, 'central');
      return [...body.tickets.map((ticket) => ticket.tilesUrl), ...body.refused.map((refused) => refused.code)];
    };
    await test.dataSource.query(
      `INSERT INTO camera_stream (camera_id, role, profile_token, uri, codec, width_px, height_px)
       VALUES ($1, 'sub', 'sub', 'rtsp://10.9.8.1/sub', 'h264', 640, 360)`,
      [camera.id],
    );
    await relayBeats();
    await beatRelay(test, 'relay-2', 'https://video-2.example/relay/');
    expect(await urlsOf()).toEqual(['ws://central:8081/tiles', 'relay-silent']);
    await holdCamera(test, second.id, 'relay-2');
    expect(await urlsOf()).toEqual(['ws://central:8081/tiles', 'wss://video-2.example/relay/tiles']);
    await holdCamera(test, camera.id, 'relay-2');
    expect(await urlsOf()).toEqual(['wss://video-2.example/relay/tiles', 'wss://video-2.example/relay/tiles']);
    await test.dataSource.query(`UPDATE relay_node SET stopped_at = now() WHERE id = 'relay-2'`);
    expect(await urlsOf()).toEqual(['relay-silent', 'relay-silent']);
    await holdCamera(test, camera.id, 'relay-1');
    await test.dataSource.query("DELETE FROM camera_stream WHERE camera_id = $1 AND role = 'sub'", [camera.id]);
    await relayBeats();
  });

  it('leads to the relay that speaks for a camera that pushes', async () => {
    const pushed = await seedCamera(test, 'BC-01');
    await test.dataSource.query(
      `INSERT INTO camera_publisher (camera_id, kind, stream_name, key_changed_at) VALUES ($1, 'phone', 'abcd2345', now())`,
      [pushed.id],
    );
    await relayBeats();
    await beatRelay(test, 'relay-3', 'https://video-3.example');
    const tilesUrls = async (): Promise<string[]> => {
      const { body } = await ask(operator, [{ cameraId: pushed.id, stream: 'main' }], 'central');
      return body.tickets.map((ticket) => ticket.tilesUrl);
    };
    expect(await tilesUrls()).toEqual([]);
    await writeHealth(test, pushed.id, 'offline', false, 'relay-1');
    expect(await tilesUrls()).toEqual(['ws://central:8081/tiles']);
    await writeHealth(test, pushed.id, 'online', false, 'relay-3');
    expect(await tilesUrls()).toEqual(['wss://video-3.example/tiles']);
  });

  it('is for the stream as it is, or converted, each by itself', async () => {
    await relayBeats();
    const own = { cameraId: camera.id, stream: 'main' };
    const { body } = await ask(operator, [own, { ...own, as: 'h264' }, { ...own, as: 'h264' }]);
    const key = deriveKey(test.config.masterKey, 'video-ticket');
    const verdicts = body.tickets.map(({ ticket }) => verifyTicket(key, ticket, test.clock.nowMs()));
    expect(verdicts.map((verdict) => verdict.ok && verdict.ticket.as)).toEqual([undefined, 'h264']);
    expect(body.tickets.map(({ as }) => as)).toEqual([undefined, 'h264']);
    expect((await ask(operator, [{ ...own, as: 'mp3' }])).status).toBe(400);
  });

  it.each(['[::1]:8080', '192.168.1.5'])('works for a browser that came to %s', async (host) => {
    await relayBeats();
    const { body } = await ask(operator, [{ cameraId: camera.id, stream: 'main' }], host);
    expect(new URL(body.tickets[0]!.playlistUrl).host).toBe(`${host.replace(/:8080$/, '')}:8081`);
  });

  it('puts no strange Host into an address', async () => {
    expect(await ask(operator, [{ cameraId: camera.id, stream: 'main' }], 'evil.example/path?')).toMatchObject({
      status: 400,
    });
  });

  it('is written down once for a watching, not for each renewal, and again after a pause', async () => {
    expect(await watched()).toMatchObject([
      { account_name: 'operador', object_id: camera.id, outcome: 'done', details: { camera: 'C-01' } },
    ]);
    for (let renewal = 0; renewal < 3; renewal++) {
      test.clock.forward(100_000);
      await relayBeats();
      await ask(operator, [
        { cameraId: camera.id, stream: 'main' },
        { cameraId: camera.id, stream: 'main' },
      ]);
    }
    expect(await watched()).toHaveLength(1);
    test.clock.forward(600_000);
    await relayBeats();
    await ask(operator, [{ cameraId: camera.id, stream: 'main' }]);
    expect(await watched()).toHaveLength(2);
    const other = await test.cookieOf(await test.addAccount('operadora', 'operator'));
    await ask(other, [{ cameraId: camera.id, stream: 'main' }]);
    expect(await watched()).toHaveLength(3);
  });

  it('is for an overview that is written down once for all its cameras, and counts for no watching', async () => {
    await relayBeats();
    const overviews = async (): Promise<unknown> =>
      test.dataSource.query(
        "SELECT account_name, details FROM audit_entry WHERE action = 'camera:overview' ORDER BY id",
      );
    const ids = [camera.id];
    for (const code of ['C-11', 'C-12']) {
      const { id } = await seedCamera(test, code);
      await holdCamera(test, id, 'relay-1');
      ids.push(id);
    }
    const wanted = ids.map((cameraId) => ({ cameraId, stream: 'main', use: 'overview' }));
    const looker = await test.cookieOf(await test.addAccount('mirona', 'operator'));
    const before = (await watched()).length;
    const { body } = await ask(looker, wanted.slice(0, 2));
    await ask(looker, wanted);
    await ask(looker, wanted);
    expect(await overviews()).toEqual([
      { account_name: 'mirona', details: { cameras: ['C-01', 'C-11'] } },
      { account_name: 'mirona', details: { cameras: ['C-12'] } },
    ]);
    expect(await watched()).toHaveLength(before);
    const key = deriveKey(test.config.masterKey, 'video-ticket');
    const [given] = body.tickets;
    expect(given!.use).toBe('overview');
    expect(verifyTicket(key, given!.ticket, test.clock.nowMs())).toEqual({ ok: false, code: 'ticket-for-overview' });
    await ask(looker, [{ cameraId: camera.id, stream: 'main' }]);
    expect(await watched()).toHaveLength(before + 1);
  });

  it('is for those who work in the centre', async () => {
    for (const role of ['patrol', 'police-liaison', 'auditor'] as const) {
      const cookie = await test.cookieOf(await test.addAccount(role, role));
      expect(await ask(cookie, [{ cameraId: camera.id, stream: 'main' }])).toMatchObject({ status: 403 });
    }
  });
});
