import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { uuidV7 } from '#libs/base';
import { parseNetwork } from '#libs/onvif';
import type { CameraNetworksView, DiscoveryRunView, ErrorBody } from '#libs/wire';
import { SEEDED_LOGIN, seedCamera } from '../../testing/seed-cameras.ts';
import { startTestApplication, type TestApplication } from '../../testing/test-application.ts';
import { CameraCandidateEntity } from './camera-candidate.entity.ts';
import { CameraNetworksService } from './camera-networks.service.ts';
import { DeviceAccess } from './device-access.ts';
import { DeviceFinder } from './device-finder.ts';
import { DeviceLines } from './soap-line.ts';

const PATH = '/api/settings/camera-networks';
/** RFC 5737 §3: nobody lives there, so what answers is our own decision. */
const FAR = '203.0.113.7';

let test: TestApplication;
let administrator: string;
let supervisor: string;

beforeAll(async () => {
  test = await startTestApplication({ ATALAYA_CAMERA_NETWORKS: '10.0.0.0/8,192.0.2.0/24' });
  administrator = await test.cookieOf(await test.addAccount('jefa', 'administrator'));
  supervisor = await test.cookieOf(await test.addAccount('supervisora', 'supervisor'));
});
afterAll(() => test.close());

async function ask<T>(method: string, path: string, body?: unknown, cookie = administrator) {
  const response = await test.call(method, path, { cookie, body });
  return { status: response.status, body: (await response.json()) as T };
}

async function setAdded(...added: string[]): Promise<CameraNetworksView> {
  const { body } = await ask<CameraNetworksView>('GET', PATH);
  const changed = await ask<CameraNetworksView>('PUT', PATH, { added, basedOnMs: body.changedAtMs });
  expect([changed.status, changed.body.added]).toEqual([200, added]);
  return changed.body;
}

const audited = (): Promise<Record<string, unknown>[]> =>
  test.dataSource.query("SELECT * FROM audit_entry WHERE action = 'setting:change' ORDER BY id");

async function addCandidate(): Promise<string> {
  const now = new Date(test.clock.nowMs());
  const id = uuidV7(test.clock.nowMs());
  await test.dataSource.manager.insert(CameraCandidateEntity, {
    id,
    identity: `host:${FAR}:9`,
    endpointReference: null,
    host: FAR,
    onvifUrl: `http://${FAR}:9/onvif/device_service`,
    name: 'Muelle lejano',
    hardware: '',
    location: '',
    foundBy: ['address'],
    clockErrorMs: null,
    clockUncertaintyMs: null,
    firstSeenAt: now,
    lastSeenAt: now,
    cameraId: null,
  });
  return id;
}

describe('the networks of cameras', () => {
  it('are those of the environment until an administrator adds some', async () => {
    expect(await ask('GET', PATH)).toEqual({
      status: 200,
      body: {
        base: ['10.0.0.0/8', '192.0.2.0/24'],
        added: [],
        changedAtMs: null,
        changedBy: null,
        camerasOutside: [],
      },
    });
    expect(await ask<ErrorBody>('GET', PATH, undefined, supervisor)).toMatchObject({ status: 403 });
  });

  it('open and close every way to a device at once, and each change is written down from what to what', async () => {
    const id = await addCandidate();
    const codes = async (): Promise<string[]> => {
      const sweep = { kind: 'sweep', cidr: `${FAR}/32`, ports: [9] };
      const answers = [
        await ask<ErrorBody & DiscoveryRunView>('POST', '/api/discovery/runs', sweep),
        await ask<ErrorBody & DiscoveryRunView>('POST', '/api/discovery/runs', {
          kind: 'address',
          address: `${FAR}:9`,
        }),
        await ask<ErrorBody & DiscoveryRunView>('POST', `/api/candidates/${id}/test`, SEEDED_LOGIN),
      ];
      for (const { status, body } of answers) {
        if (status === 201) await ask('POST', `/api/discovery/runs/${body.id}/cancel`, {});
      }
      // The way of re-binding, clock watch and changed logins.
      const opened = await test.app.get(DeviceAccess, { strict: false }).open(`http://${FAR}:9/onvif`, undefined);
      return [...answers.map(({ body }) => body.code ?? 'begun'), opened.ok ? 'open' : opened.refusal.code];
    };
    expect(await codes()).toEqual(Array.from({ length: 4 }, () => 'address-not-allowed'));

    await setAdded('203.0.113.0/24');
    const [sweep, address, probe, rebinding] = await codes();
    expect([sweep, address]).toEqual(['begun', 'begun']);
    for (const code of [probe, rebinding]) expect(code).toMatch(/^onvif-/);

    await setAdded();
    expect(await codes()).toEqual(Array.from({ length: 4 }, () => 'address-not-allowed'));
    expect(await audited()).toMatchObject([
      {
        account_name: 'jefa',
        object_kind: 'setting',
        object_id: 'camera-networks',
        details: { added: [[], ['203.0.113.0/24']] },
      },
      { account_name: 'jefa', details: { added: [['203.0.113.0/24'], []] } },
    ]);
  }, 60_000);

  it.each([
    ['0.0.0.0/0', 'network-too-wide'],
    ['127.0.0.0/8', 'network-forbidden'],
    ['169.254.169.254/32', 'network-forbidden'],
    ['224.0.0.0/8', 'network-forbidden'],
    ['cámaras', 'network-malformed'],
  ])('never take %s', async (network, code) => {
    const { body } = await ask<CameraNetworksView>('GET', PATH);
    const refused = await ask<ErrorBody>('PUT', PATH, {
      added: ['198.51.100.0/24', network],
      basedOnMs: body.changedAtMs,
    });
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect((await ask<CameraNetworksView>('GET', PATH)).body.added).toEqual([]);
  });

  it('keep metadata addresses closed inside a network that holds them, in a sweep too', async () => {
    await setAdded('169.254.0.0/16');
    const lines = test.app.get(DeviceLines, { strict: false });
    expect([lines.allows('169.254.7.7'), lines.allows('169.254.169.254')]).toEqual([true, false]);
    const finder = test.app.get(DeviceFinder, { strict: false });
    expect(await finder.atPort('169.254.169.254', 80, 'sweep')).toBeUndefined();
  });

  it('refuse to overwrite what somebody else saved meanwhile', async () => {
    const seen = (await ask<CameraNetworksView>('GET', PATH)).body;
    await setAdded('198.51.100.0/24');
    const late = await ask<ErrorBody>('PUT', PATH, { added: [], basedOnMs: seen.changedAtMs });
    expect(late).toMatchObject({ status: 409, body: { code: 'setting-changed' } });
    expect((await ask<CameraNetworksView>('GET', PATH)).body).toMatchObject({
      added: ['198.51.100.0/24'],
      changedBy: 'jefa',
    });
  });

  it('take a network once, and write nothing when nothing changes', async () => {
    await setAdded('198.51.100.0/24', '203.0.113.0/24');
    const { body } = await ask<CameraNetworksView>('GET', PATH);
    const lines = (await audited()).length;
    const twice = ['198.51.100.9/24', '198.51.100.0/24', '203.0.113.0/24'];
    const same = await ask<CameraNetworksView>('PUT', PATH, { added: twice, basedOnMs: body.changedAtMs });
    expect(same).toEqual({ status: 200, body });
    expect(await audited()).toHaveLength(lines);
  });

  it('name the cameras that a narrower list leaves outside', async () => {
    await setAdded('203.0.113.0/24');
    await seedCamera(test, 'C-41', { host: FAR, onvifUrl: `http://${FAR}:8000/onvif/device_service` });
    await seedCamera(test, 'C-42');
    expect((await ask<CameraNetworksView>('GET', PATH)).body.camerasOutside).toEqual([]);
    expect((await setAdded()).camerasOutside).toEqual(['C-41']);
  });

  it('obey no row that somebody wrote by hand beyond the rules', async () => {
    await setAdded('203.0.113.0/24');
    const networks = test.app.get(CameraNetworksService, { strict: false });
    const write = (value: unknown): Promise<unknown> =>
      test.dataSource.query("UPDATE setting SET value = $1 WHERE key = 'camera-networks'", [JSON.stringify(value)]);
    await write({ added: ['127.0.0.0/8', '0.0.0.0/0', '198.51.100.0/24'] });
    await networks.readAgain();
    expect(networks.allowed.slice(2)).toEqual([parseNetwork('198.51.100.0/24')]);
    await write('everything');
    await networks.readAgain();
    expect(networks.allowed).toHaveLength(2);
  });
});
