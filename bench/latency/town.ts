import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, uuidV7 } from '#libs/base';
import { deriveKey, signTicket } from '#libs/secret';
import { SimCamera, type SimCameraSpec } from '../../camera-sim/model.ts';
import type { SentFrame } from '../../camera-sim/rtsp/sent-ring.ts';
import { streamPathOf } from '../../camera-sim/stream-path.ts';
import { townOf } from '../../camera-sim/town.ts';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { until } from '../../scripts/e2e/until.ts';
import { BenchChild } from '../relay/child.ts';

const DIST = path.resolve(import.meta.dirname, '..', '..');
const TICKET_MS = 3_600_000;

/** The simulator and the relay as processes, as in a town: `count` alike cameras with a main and a sub stream. */
export interface LatencyTown {
  readonly cameraCount: number;
  readonly tilesUrl: string;
  readonly relayPid: number;
  ticket(camera: number, stream: 'main' | 'sub'): string;
  /** Of a sub stream, with its ticket. */
  playlistUrl(camera: number): string;
  /** Where the simulator says which frames of a sub stream it sent. */
  sentUrl(camera: number): string;
  /** The last frames of a sub stream and when the simulator sent them. */
  sent(camera: number): Promise<readonly SentFrame[]>;
  /** How many frames of each camera's sub stream the simulator sent to the relay so far. */
  sentCounts(): Promise<readonly number[]>;
  stop(): Promise<void>;
}

interface Camera {
  readonly id: string;
  readonly spec: SimCameraSpec;
}

export async function startLatencyTown(count: number): Promise<LatencyTown> {
  const [simPort = 0, relayPort = 0] = await freePorts(2);
  const cameras = townOf(count).map((spec) => ({ id: uuidV7(systemClock.nowMs()), spec }));
  const master = randomBytes(32);
  const folder = await mkdtemp(path.join(tmpdir(), 'atalaya-latency-'));
  const file = path.join(folder, 'cameras.json');
  await writeFile(file, JSON.stringify({ cameras: cameras.map(entryOf) }), { mode: 0o600 });
  const simulator = new BenchChild(process.execPath, [path.join(DIST, 'camera-sim', 'main.js')], {
    ATALAYA_SIM_PORT: String(simPort),
    ATALAYA_SIM_CAMERAS: String(count),
  });
  const relay = new BenchChild(process.execPath, [path.join(DIST, 'apps', 'relay', 'src', 'main.js')], {
    ATALAYA_RELAY_CAMERAS: file,
    ATALAYA_RELAY_PORT: String(relayPort),
    ATALAYA_RTMP_PORT: 'off',
    ATALAYA_KEY: master.toString('hex'),
    ATALAYA_LOG_LEVEL: 'warn',
  });
  const stop = async (): Promise<void> => {
    await Promise.all([relay.stop(), simulator.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await allOnline([simulator, relay], `http://127.0.0.1:${relayPort}/metrics`, count);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  const key = deriveKey(master, 'video-ticket');
  const ticket = (camera: number, stream: 'main' | 'sub'): string => {
    const expiresAtMs = Math.round(systemClock.nowMs()) + TICKET_MS;
    return signTicket(key, { cameraId: cameras[camera]!.id, accountId: 'bench', stream, expiresAtMs });
  };
  if ((await sentFrames(simPort, cameras[0]!)).length === 0) {
    await stop();
    throw new Error('the cameras belong to another simulator on this machine: their addresses are taken');
  }
  return {
    cameraCount: count,
    tilesUrl: `ws://127.0.0.1:${relayPort}/tiles`,
    relayPid: relay.pid,
    ticket,
    playlistUrl: (camera) =>
      `http://127.0.0.1:${relayPort}/hls/${cameras[camera]!.id}/sub/index.m3u8?ticket=${ticket(camera, 'sub')}`,
    sentUrl: (camera) => sentUrl(simPort, cameras[camera]!),
    sentCounts: () => sentCounts(simPort, cameras),
    sent: (camera) => sentFrames(simPort, cameras[camera]!),
    stop,
  };
}

async function allOnline(children: readonly BenchChild[], metricsUrl: string, count: number): Promise<void> {
  await until(`${count} cameras to be online`, 60_000, async () => {
    for (const child of children) if (!child.isRunning) throw new Error(`a process ended: ${child.lastWords}`);
    const text = await (await fetch(metricsUrl)).text();
    const online = text.split('\n').filter((line) => line.endsWith('state="online"} 1')).length;
    if (online < count) throw new Error(`${online} of ${count} are; ${children.map((one) => one.lastWords).join(' ')}`);
    return true;
  });
}

async function sentCounts(simPort: number, cameras: readonly Camera[]): Promise<readonly number[]> {
  const answer = await (await fetch(`http://127.0.0.1:${simPort}/cameras`)).json();
  const views = (answer as { cameras: { id: string; readers: { profile: string; frames: number }[] }[] }).cameras;
  const framesOf = new Map(
    views.map(({ id, readers }) => [id, readers.find(({ profile }) => profile === 'sub')?.frames ?? 0]),
  );
  return cameras.map(({ spec }) => framesOf.get(spec.id) ?? 0);
}

function sentUrl(simPort: number, { spec }: Camera): string {
  return `http://127.0.0.1:${simPort}/cameras/${spec.id}/sent?profile=sub`;
}

async function sentFrames(simPort: number, camera: Camera): Promise<readonly SentFrame[]> {
  const response = await fetch(sentUrl(simPort, camera));
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
  return ((await response.json()) as { frames: SentFrame[] }).frames;
}

function entryOf({ id, spec }: Camera): object {
  const camera = new SimCamera(spec);
  const stream = (role: 'main' | 'sub') => ({
    role,
    uri: `rtsp://${spec.host}:${spec.rtspPort}${streamPathOf(camera, spec[role].token)}`,
    framesPerSecond: spec[role].framesPerSecond,
  });
  const { username, password, host, clockSkewMs } = spec;
  return {
    id,
    code: spec.id,
    host,
    username,
    password,
    clockErrorMs: clockSkewMs,
    clockUncertaintyMs: 0,
    streams: [stream('main'), stream('sub')],
  };
}
