import { uuidV7 } from '#libs/base';
import type { CameraState } from '#libs/wire';
import { CameraStreamEntity } from '../src/cameras/camera-stream.entity.ts';
import { CameraEntity } from '../src/cameras/camera.entity.ts';
import { CredentialVault } from '../src/cameras/credential-vault.ts';
import type { TestApplication } from './test-application.ts';

/** Login of every seeded camera. */
export const SEEDED_LOGIN = { username: 'atalaya', password: 'secreto-de-prueba' };

/** A camera as an adoption leaves it, with a main and a sub stream, without a device behind it. */
export async function seedCamera(
  test: TestApplication,
  code: string,
  change: Partial<CameraEntity> = {},
): Promise<CameraEntity> {
  const now = new Date(test.clock.nowMs());
  const id = uuidV7(test.clock.nowMs());
  const number = Number(/\d+/.exec(code)?.[0] ?? 1);
  const camera: CameraEntity = {
    id,
    code,
    name: `Cámara ${code}`,
    demonstration: false,
    endpointReference: `urn:uuid:${id}`,
    serialNumber: `SN-${code}`,
    macAddress: null,
    manufacturer: 'Plain Optics',
    model: 'P-2100',
    firmware: '1.0',
    onvifUrl: `http://10.9.8.${number}:8000/onvif/device_service`,
    host: `10.9.8.${number}`,
    credentialSealed: test.app.get(CredentialVault, { strict: false }).seal(SEEDED_LOGIN, id),
    latitudeDeg: null,
    longitudeDeg: null,
    bearingDeg: null,
    fieldOfViewDeg: null,
    rangeM: null,
    warm: true,
    rtspTransport: 'tcp',
    audioEnabled: false,
    audioReason: null,
    hasPtz: false,
    hasEvents: true,
    clockErrorMs: null,
    clockUncertaintyMs: null,
    // Measured now: the watch over clocks leaves it alone during a test.
    clockMeasuredAt: now,
    adoptedAt: now,
    updatedAt: now,
    removedAt: null,
    ...change,
  };
  await test.dataSource.manager.insert(CameraEntity, camera);
  const size = { main: [1280, 720], sub: [640, 360] } as const;
  for (const role of ['main', 'sub'] as const) {
    const [widthPx, heightPx] = size[role];
    const stream = {
      cameraId: id,
      role,
      profileToken: role,
      uri: `rtsp://${camera.host}:554/${role}`,
      codec: 'h264' as const,
    };
    await test.dataSource.manager.insert(CameraStreamEntity, {
      ...stream,
      widthPx,
      heightPx,
      framesPerSecond: 15,
      bitrateKbps: 500,
    });
  }
  return camera;
}

/** What a relay writes each second about itself. */
export async function beatRelay(
  test: TestApplication,
  id = 'relay-1',
  publicUrl = 'http://{host}:8081',
): Promise<void> {
  await test.dataSource.query(
    `INSERT INTO relay_node (id, public_url, started_at, heartbeat_at, version) VALUES ($1, $2, now(), clock_timestamp(), 'test')
     ON CONFLICT (id) DO UPDATE SET heartbeat_at = clock_timestamp(), public_url = $2`,
    [id, publicUrl],
  );
}

/** What a relay writes that takes a camera. */
export async function holdCamera(test: TestApplication, cameraId: string, relayId: string): Promise<void> {
  await test.dataSource.query(
    `INSERT INTO camera_lease (camera_id, relay_id, until) VALUES ($1, $2, clock_timestamp() + interval '6 s')
     ON CONFLICT (camera_id) DO UPDATE SET relay_id = $2, until = EXCLUDED.until`,
    [cameraId, relayId],
  );
}

/** What a relay writes about a camera, with or without telling. */
export async function writeHealth(
  test: TestApplication,
  cameraId: string,
  state: CameraState,
  notify = true,
  relayId = 'relay-1',
): Promise<void> {
  await test.dataSource.query(
    `INSERT INTO camera_health (camera_id, relay_id, state, since, reason_code, reason_message, updated_at)
     VALUES ($1, $2, $3, now(), $4, $4, now()) ON CONFLICT (camera_id) DO UPDATE SET relay_id = $2, state = $3, since = now(),
       reason_code = $4, reason_message = $4, updated_at = now(), revision = nextval('camera_health_revision')`,
    [cameraId, relayId, state, state === 'online' ? null : 'test'],
  );
  if (notify) await test.dataSource.query("SELECT pg_notify('atalaya_camera_health', '')");
}
