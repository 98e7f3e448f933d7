import { randomInt, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { silentLogger, systemClock } from '#libs/base';
import { open, deriveKey } from '#libs/secret';
import type {
  CameraDetail,
  CandidateProbe,
  CandidateView,
  DiscoveryRunView,
  ErrorBody,
  StartDiscoveryBody,
} from '#libs/wire';
import { startDiscovery, type RunningDiscovery } from '../../../../camera-sim/discovery/index.ts';
import { SimCamera, type SimCameraSpec } from '../../../../camera-sim/model.ts';
import { startOnvif, type RunningOnvif } from '../../../../camera-sim/onvif/index.ts';
import { TOWN } from '../../../../camera-sim/town.ts';
import { eventually, startTestApplication, type TestApplication } from '../../testing/test-application.ts';

/** A network of its own, so that a town that somebody else runs on this machine is not in the way. */
const NET = `127.0.${randomInt(40, 250)}`;
/** plain, northgate, halcon, bluecape, plain + 97 s, plain - 4 h. */
const SPECS: SimCameraSpec[] = [0, 1, 2, 3, 5, 8].map((index, position) => ({
  ...TOWN[index]!,
  host: `${NET}.${position + 1}`,
  endpointReference: `urn:uuid:${randomUUID()}`,
  serialNumber: `T${NET}.${index}`,
  macAddress: `02:00:00:00:${randomInt(16, 255).toString(16)}:${(index + 16).toString(16)}`,
}));
const OURS = new Set(SPECS.map((spec) => spec.endpointReference));

let test: TestApplication;
let cookie: string;
let cameras: SimCamera[];
let faces: RunningOnvif[];
let discovery: RunningDiscovery;
const logged: string[] = [];

beforeAll(async () => {
  cameras = SPECS.map((spec) => new SimCamera(spec));
  const deps = { clock: systemClock, logger: silentLogger };
  faces = await Promise.all(cameras.map((camera) => startOnvif(camera, deps)));
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  test = await startTestApplication({ ATALAYA_DEMO: '1' }, logger);
  discovery = await startDiscovery(cameras, deps);
  cookie = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
});
afterAll(async () => {
  await discovery.close();
  await Promise.all(faces.map((face) => face.close()));
  await test.close();
});

async function ask<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await test.call(method, path, { cookie, body });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
}

async function runToEnd(body: StartDiscoveryBody): Promise<DiscoveryRunView> {
  const started = await ask<DiscoveryRunView>('POST', '/api/discovery/runs', body);
  expect(started.status).toBe(201);
  let run = started.body;
  await eventually(async () => {
    run = (await ask<DiscoveryRunView[]>('GET', '/api/discovery/runs')).body.find((other) => other.id === run.id)!;
    return run.state !== 'running';
  }, 20_000);
  return run;
}

async function ourCandidates(): Promise<CandidateView[]> {
  const all = (await ask<CandidateView[]>('GET', '/api/candidates')).body;
  return all.filter((candidate) => OURS.has(candidate.endpointReference ?? '') || candidate.host.startsWith(`${NET}.`));
}

async function candidateOf(spec: SimCameraSpec): Promise<CandidateView> {
  return (await ourCandidates()).find((candidate) => candidate.endpointReference === spec.endpointReference)!;
}

async function adopt(spec: SimCameraSpec): Promise<CameraDetail> {
  const candidate = await candidateOf(spec);
  const { username, password } = spec;
  const probe = (await ask<CandidateProbe>('POST', `/api/candidates/${candidate.id}/test`, { username, password }))
    .body;
  const token = (role: string): string => probe.profiles.find((profile) => profile.suggestedRole === role)!.token;
  const adopted = await ask<CameraDetail>('POST', `/api/candidates/${candidate.id}/adopt`, {
    username,
    password,
    name: spec.name,
    place: { latitudeDeg: spec.latitudeDeg, longitudeDeg: spec.longitudeDeg },
    bearingDeg: spec.bearingDeg,
    fieldOfViewDeg: spec.fieldOfViewDeg,
    rangeM: spec.rangeM,
    mainProfile: token('main'),
    subProfile: token('sub'),
  });
  expect([adopted.status, adopted.body]).toMatchObject([201, { name: spec.name }]);
  return adopted.body;
}

describe('finding', () => {
  it('hears every maker by multicast, and a broken reply loses none of the good ones', async () => {
    const run = await runToEnd({ kind: 'multicast' });
    expect(run.state).toBe('finished');
    // BlueCape sends a reply that is cut in the middle before the good one.
    expect(run.problems).toContainEqual(expect.objectContaining({ code: 'discovery-malformed' }));
    const found = await ourCandidates();
    expect(found.map((candidate) => candidate.host).sort()).toEqual(SPECS.map((spec) => spec.host).sort());
    expect(found.map((candidate) => candidate.name.replaceAll('_', ' ')).sort()).toEqual(
      SPECS.map((spec) => spec.name).sort(),
    );
  });

  it('finds the same devices by a sweep, with progress, and lists none twice', async () => {
    const run = await runToEnd({ kind: 'sweep', cidr: `${NET}.0/28`, ports: [8000] });
    expect(run).toMatchObject({ state: 'finished', probed: 14, total: 14, found: SPECS.length, problems: [] });
    const found = await ourCandidates();
    expect(found).toHaveLength(SPECS.length);
    for (const candidate of found) expect(candidate.foundBy).toEqual(expect.arrayContaining(['multicast', 'sweep']));
  });

  it('asks one address, with and without its port', async () => {
    for (const address of [`${NET}.2`, `${NET}.2:8000`, `http://${NET}.2:8000/onvif/device_service`]) {
      expect(await runToEnd({ kind: 'address', address })).toMatchObject({ state: 'finished', found: 1, probed: 1 });
    }
    expect(await ourCandidates()).toHaveLength(SPECS.length);
    const nobody = await runToEnd({ kind: 'address', address: `${NET}.200` });
    expect(nobody).toMatchObject({ found: 0, problems: [{ code: 'onvif-unreachable' }] });
  });

  it('knows each clock within its uncertainty', async () => {
    for (const spec of SPECS) {
      const { clockErrorMs, clockUncertaintyMs } = await candidateOf(spec);
      expect(clockUncertaintyMs).toBeLessThan(1500);
      expect(Math.abs(clockErrorMs! - spec.clockSkewMs)).toBeLessThanOrEqual(clockUncertaintyMs! + 20);
    }
  });

  it.each([
    [403, 'address-not-allowed', { kind: 'address', address: '8.8.8.8' }],
    [403, 'address-not-allowed', { kind: 'address', address: '169.254.169.254' }],
    [403, 'address-not-allowed', { kind: 'sweep', cidr: '8.8.8.0/24' }],
    [400, 'cidr-too-large', { kind: 'sweep', cidr: '10.0.0.0/8' }],
    [400, 'cidr-malformed', { kind: 'sweep', cidr: 'fd00::/120' }],
    [400, 'address-malformed', { kind: 'address', address: 'file:///etc/passwd' }],
  ])('refuses with %i %s', async (status, code, body) => {
    expect(await ask<ErrorBody>('POST', '/api/discovery/runs', body)).toMatchObject({ status, body: { code } });
  });

  it('runs one search of a kind at a time, and stops one when told', async () => {
    const sweep = { kind: 'sweep', cidr: '127.250.0.0/20', ports: [9] };
    const first = await ask<DiscoveryRunView>('POST', '/api/discovery/runs', sweep);
    expect(first.status).toBe(201);
    expect(await ask<ErrorBody>('POST', '/api/discovery/runs', sweep)).toMatchObject({
      status: 409,
      body: { code: 'discovery-running' },
    });
    const path = `/api/discovery/runs/${first.body.id}/cancel`;
    expect(await ask('POST', path)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await ask<ErrorBody>('POST', path)).toMatchObject({ status: 409, body: { code: 'discovery-ended' } });
  });
});

describe('hostile answers on the wire', () => {
  let liar: Socket;
  beforeAll(async () => {
    liar = createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve) => liar.bind(3702, '239.255.255.250', resolve));
    liar.addMembership('239.255.255.250', '127.0.0.1');
    const reply = (xAddr: string, reference = randomUUID()): string =>
      `<e:Envelope xmlns:e="x"><e:Body><ProbeMatches><ProbeMatch><EndpointReference><Address>urn:uuid:${reference}</Address></EndpointReference><XAddrs>${xAddr}</XAddrs></ProbeMatch></ProbeMatches></e:Body></e:Envelope>`;
    liar.on('message', (message, from) => {
      if (!message.includes('/Probe<')) return;
      for (const text of [
        'garbage',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        reply('http://192.0.2.99/onvif/device_service'),
        reply('http://169.254.169.254/latest/meta-data'),
        reply('gopher://127.0.0.1/'),
      ])
        liar.send(text, from.port, from.address);
    });
  });
  afterAll(() => new Promise<void>((resolve) => liar.close(() => resolve())));

  it('are listed as problems, lead nowhere else, and hide nobody', async () => {
    const before = (await ask<CandidateView[]>('GET', '/api/candidates')).body.length;
    const run = await runToEnd({ kind: 'multicast' });
    expect(run.found).toBeGreaterThanOrEqual(SPECS.length);
    const after = (await ask<CandidateView[]>('GET', '/api/candidates')).body;
    expect(after).toHaveLength(before);
    expect(after.filter((candidate) => /192\.0\.2\.99|169\.254/.test(candidate.onvifUrl))).toEqual([]);
    expect(run.problems.map((problem) => problem.code)).toEqual(
      expect.arrayContaining(['discovery-malformed', 'onvif-malformed']),
    );
  });
});

describe('taking over', () => {
  it('refuses a wrong password with a code, and writes it down without the password', async () => {
    for (const spec of SPECS) {
      const { id } = await candidateOf(spec);
      const wrong = { username: spec.username, password: 'equivocada-1' };
      expect(await ask<ErrorBody>('POST', `/api/candidates/${id}/test`, wrong)).toMatchObject({
        status: 400,
        body: { code: 'onvif-unauthorized' },
      });
    }
    const entries: unknown[] = await test.dataSource.query("SELECT * FROM audit_entry WHERE action = 'candidate:test'");
    expect(entries).toHaveLength(SPECS.length);
    expect(entries[0]).toMatchObject({ outcome: 'refused', code: 'onvif-unauthorized' });
  });

  it('shows what a login reaches, whatever the maker and however wrong its clock', async () => {
    for (const spec of SPECS) {
      const { id } = await candidateOf(spec);
      const { username, password } = spec;
      const { status, body } = await ask<CandidateProbe>('POST', `/api/candidates/${id}/test`, { username, password });
      expect([spec.vendor, status]).toEqual([spec.vendor, 200]);
      expect(body).toMatchObject({
        model: spec.model,
        serialNumber: spec.serialNumber,
        hasPtz: spec.presets.length > 0,
        hasEvents: true,
      });
      expect(Math.abs(body.clockErrorMs - spec.clockSkewMs)).toBeLessThanOrEqual(body.clockUncertaintyMs + 20);
      const suggested = body.profiles
        .filter((profile) => profile.suggestedRole)
        .map(({ suggestedRole, codec, widthPx }) => [suggestedRole, codec, widthPx]);
      expect(suggested.sort()).toEqual([
        ['main', spec.main.codec, 1280],
        ['sub', 'h264', 640],
      ]);
    }
  });

  it('adopts each with its streams at its own host and its login sealed', async () => {
    for (const [index, spec] of SPECS.entries()) {
      const camera = await adopt(spec);
      expect(camera).toMatchObject({
        code: `C-0${index + 1}`,
        host: spec.host,
        serialNumber: spec.serialNumber,
        macAddress: spec.macAddress,
        endpointReference: spec.endpointReference,
        demonstration: true,
        health: { state: 'connecting', reason: { code: 'waiting-for-relay' } },
      });
      const streams = (await test.dataSource.query(
        'SELECT role, uri FROM camera_stream WHERE camera_id = $1 ORDER BY role',
        [camera.id],
      )) as { role: string; uri: string }[];
      expect(streams.map((stream) => stream.role)).toEqual(['main', 'sub']);
      for (const { uri } of streams)
        expect(uri).toMatch(new RegExp(`^rtsp://${spec.host.replaceAll('.', '\\.')}:8554/`));
      const [row] = (await test.dataSource.query('SELECT credential_sealed FROM camera WHERE id = $1', [
        camera.id,
      ])) as { credential_sealed: Buffer }[];
      const plain = open(deriveKey(test.config.masterKey, 'camera-credential'), row!.credential_sealed, camera.id);
      expect(JSON.parse(plain!.toString())).toEqual({ username: spec.username, password: spec.password });
      expect((await candidateOf(spec)).cameraId).toBe(camera.id);
    }
  });

  it('takes no device twice', async () => {
    const { id } = await candidateOf(SPECS[0]!);
    const { username, password, name } = SPECS[0]!;
    const aim = { place: null, bearingDeg: null, fieldOfViewDeg: null, rangeM: null };
    const body = { ...aim, username, password, name, mainProfile: 'main', subProfile: null };
    expect(await ask<ErrorBody>('POST', `/api/candidates/${id}/adopt`, body)).toMatchObject({
      status: 409,
      body: { code: 'camera-already-adopted' },
    });
    expect(await ask<ErrorBody>('POST', `/api/candidates/${id}/adopt`, { ...body, mainProfile: 'nope' })).toMatchObject(
      { status: 400, body: { code: 'profile-unknown' } },
    );
  });

  it('keeps a changed login only when the device takes it', async () => {
    const [{ id }] = (await ask<CameraDetail[]>('GET', '/api/cameras')).body as [CameraDetail];
    const { username, password } = SPECS[0]!;
    expect(await ask<ErrorBody>('POST', `/api/cameras/${id}/credential`, { username, password: 'otra' })).toMatchObject(
      { status: 400, body: { code: 'onvif-unauthorized' } },
    );
    expect((await ask('POST', `/api/cameras/${id}/credential`, { username, password })).status).toBe(204);
  });
});

describe('following', () => {
  const row = async (spec: SimCameraSpec): Promise<Record<string, unknown>> =>
    (
      (await test.dataSource.query('SELECT * FROM camera WHERE endpoint_reference = $1', [
        spec.endpointReference,
      ])) as Record<string, unknown>[]
    )[0]!;

  it('re-binds a camera that came back elsewhere, streams and all, without a person', async () => {
    for (const position of [0, 2, 3]) {
      const to = `${NET}.${position + 101}`;
      cameras[position]!.reboot(to);
      await eventually(async () => (await row(SPECS[position]!))['host'] === to, 15_000);
      const { id, onvif_url: url } = await row(SPECS[position]!);
      expect(url).toBe(`http://${to}:8000/onvif/device_service`);
      const streams = (await test.dataSource.query('SELECT uri FROM camera_stream WHERE camera_id = $1', [id])) as {
        uri: string;
      }[];
      for (const { uri } of streams) expect(uri).toContain(`rtsp://${to}:8554/`);
      const [entry] = (await test.dataSource.query(
        "SELECT * FROM audit_entry WHERE action = 'camera:rebind' AND object_id = $1",
        [id],
      )) as Record<string, unknown>[];
      expect(entry).toMatchObject({
        outcome: 'done',
        details: { from: `http://${NET}.${position + 1}:8000/onvif/device_service`, to: url },
      });
    }
  });

  it('does not follow an announcement while the camera still answers where it was', async () => {
    const spec = SPECS[1]!;
    // Another device takes the name of a camera that is well.
    const imposter = new SimCamera({ ...spec, host: `${NET}.150`, password: 'x' });
    const face = await startOnvif(imposter, { clock: systemClock, logger: silentLogger });
    await runToEnd({ kind: 'address', address: `${NET}.150:8000` });
    await face.close();
    expect((await row(spec))['host']).toBe(spec.host);
  });
});

it('takes a removed camera over again, under a new code', async () => {
  const spec = SPECS[4]!;
  const { cameraId } = await candidateOf(spec);
  expect((await ask('DELETE', `/api/cameras/${cameraId}`, { reason: 'prueba de retiro' })).status).toBe(204);
  expect((await candidateOf(spec)).cameraId).toBeNull();
  const again = await adopt(spec);
  expect(again).toMatchObject({ code: 'C-07', endpointReference: spec.endpointReference });
  expect(again.id).not.toBe(cameraId);
  expect((await candidateOf(spec)).cameraId).toBe(again.id);
});

it('never lets a password out', async () => {
  const answers = await Promise.all(
    ['/api/cameras', '/api/candidates', '/api/discovery/runs'].map((path) => ask('GET', path)),
  );
  const audit: unknown[] = await test.dataSource.query('SELECT * FROM audit_entry');
  const all = JSON.stringify(answers) + JSON.stringify(audit) + logged.join('');
  for (const { password } of SPECS) expect(all).not.toContain(password);
  expect(logged.length).toBeGreaterThan(0);
});
