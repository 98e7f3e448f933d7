import { reasonOf, systemClock, type Clock, type Logger } from '#libs/base';
import { DEFAULT_WINDOW, type WindowRule } from '#libs/hls';
import { deriveKey } from '#libs/secret';
import type { CameraSource } from './camera-source.ts';
import { ConfigError, readConfig, type RelayConfig } from './config.ts';
import { FileCameraSource } from './file-camera-source.ts';
import { Heartbeat, HealthWriter } from './health-writer.ts';
import { HlsEdge } from './hls-edge.ts';
import { HttpServer } from './http-server.ts';
import { createLogger } from './log.ts';
import { Metrics } from './metrics.ts';
import { PostgresCameraSource } from './postgres-camera-source.ts';
import { Store } from './store.ts';
import { Supervisor } from './supervisor.ts';
import { TilesEdge } from './tiles/tiles-edge.ts';

/** What this process runs, in order. */
async function run(config: RelayConfig, clock: Clock, log: Logger, signal: AbortSignal): Promise<void> {
  const startedAtMs = clock.nowMs();
  const base = { clock, log };

  const store = config.cameras.kind === 'postgres' ? new Store(config.cameras.databaseUrl, log) : undefined;
  const health =
    store && new HealthWriter({ ...base, store, relayId: config.relayId, cameras: () => supervisor.all() });
  const supervisor = new Supervisor({
    ...base,
    windowRule: windowRuleOf(config.windowS),
    mayRedirectTo: config.mayRedirectTo,
    source: cameraSourceOf(config, store, clock, log),
    onCameraChange: (camera) => health?.note(camera),
  });

  const ticketKey = deriveKey(config.masterKey, 'video-ticket');
  const hls = new HlsEdge({ ticketKey, clock, camera: (id) => supervisor.camera(id) });
  const tiles = new TilesEdge({ ticketKey, clock, camera: (id) => supervisor.camera(id) });
  const metrics = new Metrics(() => supervisor.all(), tiles, clock);
  const notReady = (): string | undefined => (supervisor.hasList ? undefined : 'the list of cameras was not read yet');
  const server = new HttpServer({ ...base, port: config.port, tls: config.tls, hls, tiles, metrics, notReady });

  const port = await server.start();
  log.info({ port }, 'relay listening');
  const publicUrl = config.publicUrl ?? `${config.tls ? 'https' : 'http'}://{host}:${port}`;
  const node = { id: config.relayId, publicUrl, startedAtMs, version: config.version };
  const tasks = [
    supervisor.run(signal),
    health?.run(signal),
    store && new Heartbeat(node, { ...base, store }).run(signal),
  ];
  await Promise.all(tasks);

  supervisor.stopAll();
  await Promise.all([server.stop(), health?.writeGone()]);
  await store?.close();
  log.info({}, 'relay stopped');
}

function cameraSourceOf(config: RelayConfig, store: Store | undefined, clock: Clock, log: Logger): CameraSource {
  if (config.cameras.kind === 'file') return new FileCameraSource(config.cameras.path);
  if (!store) throw new Error('cameras of the database need a store');
  return new PostgresCameraSource(store, deriveKey(config.masterKey, 'camera-credential'), clock, log);
}

/** A longer window is bounded by its bytes (`maxBytes`) and by as many segments of a second. */
function windowRuleOf(seconds: number): WindowRule {
  const { maxSegments } = DEFAULT_WINDOW;
  return { ...DEFAULT_WINDOW, minSeconds: seconds, maxSegments: Math.max(maxSegments, seconds + 1) };
}

/** After this the process ends even if something still holds it open. */
const STOP_MS = 6_000;

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.once(name, () => {
      stop.abort();
      systemClock.after(STOP_MS, () => process.exit(1));
    });
  }
  const config = await readConfig();
  await run(config, systemClock, createLogger(config.relayId, config.logLevel), stop.signal);
}

main().catch((error: unknown) => {
  const what = error instanceof ConfigError ? 'relay cannot start' : 'relay failed';
  createLogger('-').error({ reason: reasonOf(error) }, what);
  process.exit(1);
});
