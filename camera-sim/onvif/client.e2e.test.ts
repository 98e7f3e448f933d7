import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock } from '#libs/base';
import type { SimCamera, SimCameraSpec, VendorName } from '../model.ts';
import { startOnvif, type RunningOnvif } from './index.ts';
import { H265_MAIN, TEST_PRESETS, testCamera } from './testing/camera.ts';
import { callPackage, connectPackage, type PackageCam } from './testing/onvif-package.ts';

/** The npm package `onvif` as client: its SOAP, its digest, its clock correction, its event loop. */

const running: RunningOnvif[] = [];
const snapshot = Buffer.from('ffd8ffe000104a46494600ffd9', 'hex');

afterEach(async () => {
  await Promise.all(running.splice(0).map((face) => face.close()));
});

async function start(over: Partial<SimCameraSpec> = {}): Promise<{ camera: SimCamera; port: number }> {
  const camera = testCamera({ host: '127.0.18.1', ...over });
  const face = await startOnvif(camera, { clock: systemClock, logger: silentLogger, snapshotOf: () => snapshot });
  running.push(face);
  return { camera, port: face.port };
}

function connect(
  { camera, port }: { camera: SimCamera; port: number },
  over: { password?: string; preserveAddress?: boolean } = {},
) {
  const { username, password } = camera.spec;
  return connectPackage({ hostname: camera.host, port, username, password, ...over });
}

interface Uri {
  readonly uri: string;
}

async function streamsOf(cam: PackageCam): Promise<string[]> {
  const uris: string[] = [];
  for (const { $ } of cam.profiles)
    uris.push((await callPackage<Uri>(cam, 'getStreamUri', { profileToken: $.token })).uri);
  return uris;
}

describe('a camera that follows the rules', () => {
  it('is entered by a client that measures its clock, four hours off', async () => {
    const at = await start({ clockSkewMs: -4 * 3_600_000 });
    const cam = await connect(at);
    const information = await callPackage<Record<string, unknown>>(cam, 'getDeviceInformation');
    expect(information).toMatchObject({
      manufacturer: 'Plain Optics',
      model: 'PO-2100',
      serialNumber: 'PO2100-000001',
    });
    expect(await callPackage(cam, 'getHostname')).toMatchObject({ name: 'sim-01' });
  });

  it('refuses a wrong password', async () => {
    const cam = await connect(await start(), { password: 'wrong' }).catch((thrown: Error) => thrown);
    // The package connects on what is open to all and reports the refusal later.
    const outcome =
      cam instanceof Error
        ? cam.message
        : await callPackage(cam, 'getDeviceInformation').catch((thrown: Error) => thrown.message);
    expect(String(outcome)).toMatch(/not authorized/i);
  });

  it('gives profiles, streams, snapshots, sources and encoders over Media2', async () => {
    const at = await start({ main: H265_MAIN });
    const cam = await connect(at);
    expect(cam.media2Support).toBe(true);
    expect(
      cam.profiles.map((profile) => [
        profile.$.token,
        profile.videoEncoderConfiguration?.encoding,
        profile.videoEncoderConfiguration?.resolution.width,
      ]),
    ).toEqual([
      ['Profile_1', 'H265', 1920],
      ['Profile_2', 'H264', 640],
    ]);
    expect(await streamsOf(cam)).toEqual(['rtsp://127.0.18.1:8554/live/main', 'rtsp://127.0.18.1:8554/live/sub']);
    const { uri } = await callPackage<Uri>(cam, 'getSnapshotUri', { profileToken: 'Profile_1' });
    expect(uri).toBe(`http://127.0.18.1:${at.port}/onvif/snapshot.jpg?profile=Profile_1`);
    expect(await callPackage<unknown[]>(cam, 'getVideoEncoderConfigurations')).toHaveLength(2);
    expect(await callPackage<unknown[]>(cam, 'getVideoSourceConfigurations')).toHaveLength(1);
    expect(await callPackage(cam, 'getImagingSettings', { token: 'VideoSource_1' })).toMatchObject({ brightness: 50 });
  });

  it('moves its head and says when it has arrived', async () => {
    const at = await start({ presets: TEST_PRESETS });
    const cam = await connect(at);
    const presets = await callPackage<Record<string, { $: { token: string } }>>(cam, 'getPresets', {});
    expect(Object.keys(presets)).toEqual(['Entrada', 'Muelle', 'Plaza']);
    expect(Object.keys(await callPackage<object>(cam, 'getNodes'))).toEqual(['PTZNode_1']);
    await callPackage(cam, 'gotoPreset', { preset: 'left' });
    type Status = { position: { x: number }; moveStatus: { panTilt: string } };
    expect((await callPackage<Status>(cam, 'getStatus', {})).moveStatus.panTilt).toBe('MOVING');
    const arrived = new Promise<void>((resolve) => {
      at.camera.listen((change) => change.kind === 'moved' && !at.camera.position.moving && resolve());
    });
    await arrived;
    expect(await callPackage<Status>(cam, 'getStatus', {})).toMatchObject({
      position: { x: -0.8, y: 0.1, zoom: 0.2 },
      moveStatus: { panTilt: 'IDLE' },
    });
    expect(at.camera.position.preset).toBe('left');
    await callPackage(cam, 'continuousMove', { x: 1, y: 0, zoom: 0, timeout: 5_000 });
    await callPackage(cam, 'stop', { panTilt: true, zoom: true });
    expect(at.camera.position.moving).toBe(false);
  });

  it('tells its events to a client that pulls', async () => {
    const at = await start();
    const cam = await connect(at);
    const properties = await callPackage<{ topicSet: object }>(cam, 'getEventProperties');
    expect(JSON.stringify(properties.topicSet)).toContain('motionAlarm');
    const heard: string[] = [];
    const crossed = new Promise<void>((resolve) => {
      cam.on('event', (message) => {
        heard.push(topicOf(message));
        if (heard.length === 3) at.camera.raise({ kind: 'motion', active: true });
        if (heard.length === 4) at.camera.raise({ kind: 'line-crossed', rule: 'Cerco' });
        if (heard.length === 5) resolve();
      });
    });
    await crossed;
    cam.removeAllListeners('event');
    expect(heard).toEqual([
      'tns1:VideoSource/MotionAlarm Initialized',
      'tns1:VideoSource/GlobalSceneChange/ImagingService Initialized',
      'tns1:VideoSource/SignalLoss Initialized',
      'tns1:VideoSource/MotionAlarm Changed',
      'tns1:RuleEngine/LineDetector/Crossed -',
    ]);
  });
});

function topicOf(message: unknown): string {
  const { topic, message: outer } = message as {
    topic: { _: string };
    message: { message: { $: { PropertyOperation?: string } } };
  };
  return `${topic._} ${outer.message.$.PropertyOperation ?? '-'}`;
}

describe('makers with their own ways', () => {
  const streams: Record<VendorName, string[]> = {
    plain: ['/live/main', '/live/sub'],
    northgate: ['/Streaming/Channels/101', '/Streaming/Channels/102'],
    halcon: ['/cam/realmonitor?channel=1&subtype=0', '/cam/realmonitor?channel=1&subtype=1'],
    bluecape: ['/profile1/media.smp', '/profile2/media.smp'],
  };

  it.each(['plain', 'northgate', 'bluecape'] as const)(
    '%s lets the package in and gives its streams',
    async (vendor) => {
      const cam = await connect(await start({ vendor, clockSkewMs: 90_000 }));
      expect(cam.media2Support === true).toBe(vendor !== 'bluecape');
      expect(await streamsOf(cam)).toEqual(streams[vendor].map((path) => `rtsp://127.0.18.1:8554${path}`));
    },
  );

  it('halcon shuts out a client that takes its local hour for UTC', async () => {
    const at = await start({ vendor: 'halcon' });
    const cam = await connect(at, { preserveAddress: true });
    await expect(callPackage(cam, 'getDeviceInformation')).rejects.toThrow(/not authorized/i);
  });

  it('halcon sends a client that believes its addresses to another host', async () => {
    const at = await start({ vendor: 'halcon', host: '127.0.18.2' });
    const cam = await connect(at).catch((thrown: Error) => thrown);
    if (cam instanceof Error) throw cam;
    expect(cam.uri['media']?.href).toMatch(/^http:\/\/0\.0\.0\.0:/);
  });
});
