import { fileURLToPath } from 'node:url';
import { reasonOf, systemClock, uuidV7, type Clock, type Logger } from '#libs/base';
import { DEFAULT_WINDOW, type WindowRule } from '#libs/hls';
import { deriveKey } from '#libs/secret';
import type { CameraSource } from './camera-source.ts';
import { ConfigError, configOfWorker, readConfig, type RelayConfig } from './config.ts';
import { FfmpegPool } from './ffmpeg/ffmpeg-pool.ts';
import { lookAtFfmpeg, startFfmpeg } from './ffmpeg/fluent.ts';
import { ProcessGuard } from './ffmpeg/process-guard.ts';
import { FileCameraSource } from './file-camera-source.ts';
import { HealthWriter } from './health-writer.ts';
import { HlsEdge } from './hls-edge.ts';
import { HttpServer } from './http-server.ts';
import { LeaseStore } from './lease-store.ts';
import { LeasedCameraSource } from './leased-camera-source.ts';
import { Leases } from './leases.ts';
import { createLogger } from './log.ts';
import { areAllCutOff, type PeerView } from './peers.ts';
import { Metrics, type LeaseFigures } from './metrics.ts';
import { PostgresCameraSource } from './postgres-camera-source.ts';
import { FormatWriter } from './rtmp/format-writer.ts';
import { RtmpIntake } from './rtmp/intake.ts';
import type { Push } from './rtmp/push.ts';
import { SnapshotEdge } from './snapshot/snapshot-edge.ts';
import { SnapshotMaker } from './snapshot/snapshot-maker.ts';
import { Store, type RelayNode } from './store.ts';
import { Supervisor } from './supervisor.ts';
import { TilesEdge } from './tiles/tiles-edge.ts';
import { ALIVE_MS, Workers, workerRoleOf, type WorkerRole } from './workers.ts';

interface Surroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** What this process runs, in order. */
async function run(config: RelayConfig, site: string | undefined, around: Surroundings): Promise<void> {
  const { clock, log, signal } = around;
  const base = { clock, log };
  const ticketKey = deriveKey(config.masterKey, 'video-ticket');
  const hls = new HlsEdge({ ticketKey, clock, camera: (id) => supervisor.camera(id) });
  const tiles = new TilesEdge({ ticketKey, clock, camera: (id) => supervisor.camera(id) });
  const alone = (): LeaseFigures => ({ cameras: supervisor.size, confirmedAgoMs: 0, fenced: 0 });
  const figures = (): LeaseFigures => shared?.leases.figures ?? alone();
  const { rtmpPort } = config;
  const pushOf = (name: string): Push | undefined => supervisor.push(name);
  const rtmp = rtmpPort === undefined ? undefined : new RtmpIntake({ ...base, port: rtmpPort, pushOf });
  const ffmpeg = ffmpegOf(config, clock, log);
  const maker = new SnapshotMaker({ clock, make: (order, input) => ffmpeg.shortRun(order, input) });
  const snapshots = new SnapshotEdge({ ticketKey, clock, maker, camera: (id) => supervisor.camera(id) });
  const metrics = new Metrics({ cameras: () => supervisor.all(), tiles, ffmpeg, leases: figures, rtmp, clock });
  const notReady = (): string | undefined => (supervisor.hasList ? undefined : 'the list of cameras was not read yet');
  const peer = (): PeerView | undefined => shared?.view();
  const faces = { hls, tiles, snapshots, metrics };
  const server = new HttpServer({ ...base, ...faces, port: config.port, tls: config.tls, notReady, peer });
  let shared: Shared | undefined;
  const supervisor = new Supervisor({
    ...base,
    ffmpeg,
    windowRule: windowRuleOf(config.windowS),
    mayRedirectTo: config.mayRedirectTo,
    onCameraChange: (camera) => shared?.health.note(camera),
  });

  const port = await server.start();
  log.info({ port, pid: process.pid }, 'relay listening');
  const { cameras } = config;
  if (cameras.kind === 'postgres')
    shared = share(cameras.databaseUrl, nodeOf(config, { port, site, rtmp, ffmpeg }, clock), config, supervisor, base);
  const source = cameras.kind === 'file' ? new FileCameraSource(cameras.path) : shared!.source;
  maker.run(signal);
  const writers = [shared?.health.run(signal), shared?.formats.run(signal)];
  await Promise.all([supervisor.run(source, signal), rtmp?.run(signal), ffmpeg.run(signal), ...writers]);

  supervisor.stopAll();
  await Promise.all([server.stop(), shared?.end()]);
  log.info({}, 'relay stopped');
}

/** What a relay has that shares the cameras of a database with others. */
interface Shared {
  readonly source: CameraSource;
  readonly health: HealthWriter;
  readonly formats: FormatWriter;
  readonly leases: Leases;
  view(): PeerView;
  end(): Promise<void>;
}

function share(
  databaseUrl: string,
  node: RelayNode,
  config: RelayConfig,
  supervisor: Supervisor,
  base: Pick<Surroundings, 'clock' | 'log'>,
): Shared {
  const store = new Store(databaseUrl, base.log);
  const leaseStore = new LeaseStore(databaseUrl, node, base.log);
  const leases: Leases = new Leases({
    ...base,
    store: leaseStore,
    areCutOff: areAllCutOff,
    readersOf: (id) => supervisor.readersOf(id),
    onChange: () => source.heldChanged(),
  });
  const all = new PostgresCameraSource(store, deriveKey(config.masterKey, 'camera-credential'), base.clock, base.log);
  const source = new LeasedCameraSource(all, leases, config.takesPushed);
  const health = new HealthWriter({ ...base, store, node, cameras: () => supervisor.all() });
  const formats = new FormatWriter({ ...base, store, cameras: () => supervisor.all() });
  return {
    source,
    health,
    formats,
    leases,
    view: () => ({ id: node.id, instance: node.instance, confirmedAgoMs: leases.figures.confirmedAgoMs }),
    end: async () => {
      // While the leases are still ours: nobody else's word is covered by our last one.
      await health.writeGone();
      await leases.leave();
      await Promise.all([store.close(), leaseStore.close()]);
    },
  };
}

interface Ground {
  readonly port: number;
  readonly site: string | undefined;
  readonly rtmp: RtmpIntake | undefined;
  readonly ffmpeg: FfmpegPool;
}

/** Where publishers come in, and whether there is ffmpeg, is said with each heartbeat: either may come and go. */
function nodeOf(config: RelayConfig, { port, site, rtmp, ffmpeg }: Ground, clock: Clock): RelayNode {
  const publicUrl = config.publicUrl ?? `${config.tls ? 'https' : 'http'}://{host}:${port}`;
  const instance = uuidV7(clock.nowMs());
  const rtmpUrl = config.rtmpUrl ?? rtmpUrlOf(publicUrl, config.rtmpPort);
  return {
    id: config.relayId,
    publicUrl,
    version: config.version,
    instance,
    site: site ?? instance,
    get rtmpUrl() {
      return rtmp?.isListening ? rtmpUrl : null;
    },
    get ffmpeg() {
      return ffmpeg.report;
    },
  };
}

/** Beside the address for browsers, at the same host: `rtmp://{host}:1935/live`. */
function rtmpUrlOf(publicUrl: string, port: number | undefined): string {
  const host = /^https?:\/\/(\[[^\]]*\]|[^:/]*)/.exec(publicUrl)?.[1] ?? '{host}';
  return `rtmp://${host}:${port}/live`;
}

function ffmpegOf(config: RelayConfig, clock: Clock, log: Logger): FfmpegPool {
  const { isWanted, maxConversions } = config.ffmpeg;
  const path = config.ffmpeg.isWanted ? config.ffmpeg.path : undefined;
  const guard = new ProcessGuard();
  return new FfmpegPool({
    isWanted,
    maxConversions,
    clock,
    log,
    guard,
    look: () => lookAtFfmpeg(path),
    start: startFfmpeg,
  });
}

/** A longer window is bounded by its bytes (`maxBytes`) and by as many segments of a second. */
function windowRuleOf(seconds: number): WindowRule {
  const { maxSegments } = DEFAULT_WINDOW;
  return { ...DEFAULT_WINDOW, minSeconds: seconds, maxSegments: Math.max(maxSegments, seconds + 1) };
}

/** After this the process ends even if something still holds it open. */
const STOP_MS = 6_000;

/** Several workers have a process above them, which has nothing but them. */
async function runWorkers(config: RelayConfig, { clock, log, signal }: Surroundings): Promise<void> {
  log.info({ workers: config.workers }, 'relay runs as several processes');
  const site = uuidV7(clock.nowMs());
  const program = fileURLToPath(import.meta.url);
  await new Workers({ program, count: config.workers, site, clock, log }).run(signal);
}

/** A worker ends with the process above it, and says to it that it turns. */
function followParent(clock: Clock, stop: () => void): void {
  process.once('disconnect', stop);
  clock.every(ALIVE_MS, () => process.connected && process.send?.('alive', () => {}));
}

async function main(role: WorkerRole | undefined): Promise<void> {
  const stopping = new AbortController();
  const stop = (afterMs: number): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    systemClock.after(afterMs, () => process.exit(1));
  };
  const given = await readConfig();
  const isParent = role === undefined && given.workers > 1;
  // Workers end by themselves within STOP_MS, or are killed by their parent a second later.
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop(isParent ? 1.5 * STOP_MS : STOP_MS));
  if (role) followParent(systemClock, () => stop(STOP_MS));
  const config = role ? configOfWorker(given, role.number) : given;
  const around = { clock: systemClock, log: createLogger(config.relayId, config.logLevel), signal: stopping.signal };
  if (isParent) await runWorkers(config, around);
  else await run(config, role?.site, around);
  if (role) process.disconnect();
}

main(workerRoleOf(process.argv.slice(2))).catch((error: unknown) => {
  const what = error instanceof ConfigError ? 'relay cannot start' : 'relay failed';
  createLogger('-').error({ reason: reasonOf(error) }, what);
  process.exit(1);
});
