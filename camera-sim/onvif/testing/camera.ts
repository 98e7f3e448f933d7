import { createServer, type AddressInfo } from 'node:net';
import { SimCamera, type SimCameraSpec, type SimCodec, type SimProfile } from '../../model.ts';

function profile(token: string, codec: SimCodec, widthPx: number, heightPx: number): SimProfile {
  return {
    token,
    name: `${token} stream`,
    codec,
    widthPx,
    heightPx,
    framesPerSecond: 15,
    bitrateKbps: 1_200,
    gopFrames: 30,
    clip: 'port',
  };
}

/** A camera for tests: fixed, H.264, `plain`, on the loopback address given, clock right; `over` changes what it says. */
export function testSpec(over: Partial<SimCameraSpec> = {}): SimCameraSpec {
  return {
    id: 'sim-01',
    name: 'Muelle Sur / Ñandú',
    location: 'Ilo Puerto',
    vendor: 'plain',
    model: 'PO-2100',
    serialNumber: 'PO2100-000001',
    macAddress: '02:00:00:00:01:01',
    endpointReference: 'urn:uuid:5f5a69c2-e0ae-504f-829b-020000000101',
    username: 'operator',
    password: 'Mar & <tierra> 7',
    host: '127.0.1.1',
    onvifPort: 0,
    rtspPort: 8554,
    main: profile('Profile_1', 'h264', 1280, 720),
    sub: profile('Profile_2', 'h264', 640, 360),
    presets: [],
    clockSkewMs: 0,
    latitudeDeg: -17.6426,
    longitudeDeg: -71.3449,
    bearingDeg: 225,
    fieldOfViewDeg: 70,
    rangeM: 60,
    ...over,
  };
}

export const TEST_PRESETS = [
  { token: 'home', name: 'Entrada', pan: 0, tilt: 0, zoom: 0 },
  { token: 'left', name: 'Muelle', pan: -0.8, tilt: 0.1, zoom: 0.2 },
  { token: 'right', name: 'Plaza', pan: 0.8, tilt: 0, zoom: 0 },
] as const;

export function testCamera(over: Partial<SimCameraSpec> = {}): SimCamera {
  return new SimCamera(testSpec(over));
}

export const H265_MAIN: SimProfile = profile('Profile_1', 'h265', 1920, 1080);

/** A TCP port that was free a moment ago on that address. */
export async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, host, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
