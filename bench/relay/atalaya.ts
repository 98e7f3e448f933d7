import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '#libs/base';
import { deriveKey, signTicket } from '#libs/secret';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import type { ReaderTarget } from '../soak/slow-reader.ts';
import { BenchChild } from './child.ts';
import type { BenchCamera, Contender, Running } from './contender.ts';

const RELAY_MAIN = path.resolve(import.meta.dirname, '..', '..', 'apps', 'relay', 'src', 'main.js');
const TICKET_MS = 26 * 3_600_000;

/** The real relay process, with its cameras from a file: everything but the database is what a town runs. */
export const atalaya: Contender = {
  name: 'atalaya',
  missing: async () => undefined,
  start: async (cameras, folder) => {
    const file = path.join(folder, 'cameras.json');
    await writeFile(file, JSON.stringify({ cameras: cameras.map(entryOf) }), { mode: 0o600 });
    const [port = 0] = await freePorts(1);
    const master = randomBytes(32);
    const child = new BenchChild(process.execPath, [RELAY_MAIN], {
      ATALAYA_RELAY_CAMERAS: file,
      ATALAYA_RELAY_PORT: String(port),
      ATALAYA_RTMP_PORT: 'off',
      ATALAYA_KEY: master.toString('hex'),
      ATALAYA_LOG_LEVEL: 'warn',
    });
    return runningOf(child, cameras, `http://127.0.0.1:${port}`, deriveKey(master, 'video-ticket'));
  },
};

function entryOf(camera: BenchCamera): object {
  const { spec } = camera;
  return {
    id: camera.id,
    code: spec.id,
    host: spec.host,
    username: spec.username,
    password: spec.password,
    streams: [{ role: 'main', uri: camera.uri, framesPerSecond: spec.main.framesPerSecond }],
  };
}

function runningOf(child: BenchChild, cameras: readonly BenchCamera[], url: string, key: Buffer): Running {
  const expiresAtMs = systemClock.nowMs() + TICKET_MS;
  const readerTarget = ({ id }: BenchCamera): ReaderTarget => {
    const ticket = signTicket(key, { cameraId: id, accountId: 'bench', stream: 'main', expiresAtMs });
    return { base: url, playlist: `${url}/hls/${id}/main/index.m3u8?ticket=${ticket}`, ticket };
  };
  return {
    pids: [child.pid],
    windowIsBeside: false,
    stop: () => child.stop(),
    serving: async () => {
      if (!child.isRunning) throw new Error(`the relay ended: ${child.lastWords}`);
      const answers = await Promise.all(cameras.map((camera) => hasSegment(readerTarget(camera).playlist)));
      return answers.filter(Boolean).length;
    },
    windowBytes: async () => sum(await gauge(`${url}/metrics`, 'atalaya_relay_window_bytes')),
    readerTarget,
    states: () => statesOf(`${url}/metrics`),
    reconnects: () => gauge(`${url}/metrics`, 'atalaya_stream_reconnects_total'),
    framesReceived: () => gauge(`${url}/metrics`, 'atalaya_stream_units_total'),
  };
}

async function hasSegment(playlist: string): Promise<boolean> {
  const response = await fetch(playlist);
  return response.ok && (await response.text()).includes('#EXTINF');
}

async function statesOf(url: string): Promise<ReadonlyMap<string, string>> {
  const text = await (await fetch(url)).text();
  const lines = text.matchAll(/^atalaya_camera_state\{camera="([^"]+)",state="(\w+)"\} 1$/gm);
  return new Map([...lines].map(([, camera, state]) => [camera!, state!]));
}

/** One metric by camera, from a Prometheus text page. */
async function gauge(url: string, name: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.matchAll(new RegExp(`^${name}\\{camera="([^"]+)"[^}]*\\} (\\S+)$`, 'gm'));
  const values = new Map([...lines].map(([, camera, value]) => [camera!, Number(value)]));
  if (values.size === 0) throw new Error(`${url} has no metric ${name}`);
  return values;
}

function sum(values: ReadonlyMap<string, number>): number {
  return [...values.values()].reduce((total, value) => total + value, 0);
}
