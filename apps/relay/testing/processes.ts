import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sleep, systemClock } from '#libs/base';
import { deriveKey, signTicket, type VideoTicket } from '#libs/secret';

/** Helpers of the tests that run the built relay and other people's servers as processes. */

const ROOT = process.cwd();
const RELAY = join(ROOT, 'dist/apps/relay/src/main.js');
const GST_SERVER = join(ROOT, 'apps/relay/testing/gst-rtsp-server.py');
/** Debian's own Python: the one that `python3-gi` and `gir1.2-gst-rtsp-server-1.0` belong to. */
const PYTHON = '/usr/bin/python3';

export const MASTER_KEY = Buffer.alloc(32, 7);

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything it wrote, line by line. */
  readonly lines: string[];
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

export interface RunningRelay extends Running {
  readonly port: number;
  readonly base: string;
}

/** The relay as it is shipped: needs the build (`npm test` makes it). */
export async function startRelay(env: Readonly<Record<string, string>>): Promise<RunningRelay> {
  await access(RELAY).catch(() => {
    throw new Error(`${RELAY} is missing: run the tests with \`npm test\`, which builds first`);
  });
  const running = start(process.execPath, [RELAY], {
    ATALAYA_KEY: MASTER_KEY.toString('hex'),
    ATALAYA_RELAY_PORT: '0',
    ATALAYA_RTMP_PORT: 'off',
    ...env,
  });
  const line = await lineOf(running, (text) => text.includes('relay listening'));
  const { port } = JSON.parse(line) as { port: number };
  return { ...running, port, base: `http://127.0.0.1:${port}` };
}

export interface GstStream {
  readonly path: string;
  readonly launch: string;
}

/** A live picture of GStreamer, coded as asked and packetized. */
export function gstStream(
  path: string,
  widthPx: number,
  heightPx: number,
  encoder: string,
  payloader: string,
): GstStream {
  const picture = `videotestsrc is-live=true pattern=ball ! video/x-raw,width=${widthPx},height=${heightPx},framerate=25/1`;
  return { path, launch: `${picture} ! ${encoder} ! ${payloader} name=pay0 pt=96` };
}

export async function startGstServer(
  streams: readonly GstStream[],
  { port = 0, login = '' } = {},
): Promise<Running & { readonly port: number }> {
  const args = streams.map(({ path, launch }) => `${path}=${launch}`);
  const running = start(PYTHON, [GST_SERVER, String(port), login, ...args], {});
  return { ...running, port: Number(await lineOf(running, (text) => /^\d+$/.test(text))) };
}

/** Any program, with its lines kept. */
export function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], ...env } });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => lines.push(line));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    child,
    lines,
    kill: async (signal) => {
      child.kill(signal);
      return (await exited)[0];
    },
  };
}

async function lineOf(running: Running, accept: (line: string) => boolean): Promise<string> {
  return eventually(() => {
    if (running.child.exitCode !== null) throw new Error(`it ended: ${running.lines.join('\n')}`);
    return running.lines.find(accept);
  }, 15_000);
}

/** The first answer that is not undefined; fails with `what` after `withinMs`. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  withinMs: number,
  what = 'nothing came',
): Promise<T> {
  const deadlineMs = systemClock.monotonicMs() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.monotonicMs() > deadlineMs) throw new Error(`${what} within ${withinMs} ms`);
    await sleep(systemClock, 50);
  }
}

/** A ticket as the api signs it. */
export function ticketFor(cameraId: string, stream: 'main' | 'sub', change: Partial<VideoTicket> = {}): string {
  const expiresAtMs = Math.round(systemClock.nowMs()) + 60_000;
  const ticket = { cameraId, accountId: '0190f0a0-0000-7000-8000-00000000000a', stream, expiresAtMs, ...change };
  return signTicket(deriveKey(MASTER_KEY, 'video-ticket'), ticket);
}

export function playlistUrl(relay: RunningRelay, cameraId: string, stream: 'main' | 'sub'): string {
  return `${relay.base}/hls/${cameraId}/${stream}/index.m3u8?ticket=${ticketFor(cameraId, stream)}`;
}

/** The state that `/metrics` names for a camera. */
export async function stateOf(relay: RunningRelay, code: string): Promise<string | undefined> {
  const text = await (await fetch(`${relay.base}/metrics`)).text();
  return new RegExp(`^atalaya_camera_state\\{camera="${code}",state="(\\w+)"\\} 1$`, 'm').exec(text)?.[1];
}

export function reaches(relay: RunningRelay, code: string, state: string, withinMs: number): Promise<true> {
  const look = async (): Promise<true | undefined> => ((await stateOf(relay, code)) === state ? true : undefined);
  return eventually(look, withinMs, `${code} is not ${state}`);
}
