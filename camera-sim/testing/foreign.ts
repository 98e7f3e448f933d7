import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { silentLogger, systemClock } from '#libs/base';
import type { ProfileRole } from '../clip/choice.ts';
import { SimCamera, type SimCameraSpec } from '../model.ts';
import { CameraRtspServer, openStudio, type Studio } from '../rtsp/index.ts';
import { streamPathOf } from '../stream-path.ts';

/** One camera of the town for a test: on a port of its own, so that any number of tests run beside a running town. */
export interface TestCamera {
  readonly camera: SimCamera;
  readonly server: CameraRtspServer;
  url(role: ProfileRole, password?: string): string;
}

export async function openCamera(
  spec: SimCameraSpec,
  studio: Studio = openStudio(systemClock, silentLogger),
  sessionTimeoutMs?: number,
): Promise<TestCamera> {
  const camera = new SimCamera({ ...spec, rtspPort: 0 });
  const server = new CameraRtspServer(camera, studio, sessionTimeoutMs);
  await server.start();
  const url = (role: ProfileRole, password = spec.password): string =>
    `rtsp://${spec.username}:${password}@${camera.host}:${server.port}${streamPathOf(camera, spec[role].token)}`;
  return { camera, server, url };
}

/** Waits until a camera that was plugged in or rebooted listens again, at most 5 s. */
export async function listening({ server }: TestCamera): Promise<void> {
  for (let tries = 0; server.port === 0 && tries < 250; tries++) {
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
  }
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs a foreign program to its end, at most `limitMs`. */
export async function runProgram(name: string, args: readonly string[], limitMs = 25_000): Promise<Ended> {
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = [gather(child, 'stdout'), gather(child, 'stderr')];
  const timer = systemClock.after(limitMs, () => child.kill('SIGKILL'));
  const [code] = (await once(child, 'close')) as [number | null];
  timer.cancel();
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

function gather(child: ChildProcess, stream: 'stdout' | 'stderr'): Buffer[] {
  const chunks: Buffer[] = [];
  child[stream]!.on('data', (chunk: Buffer) => chunks.push(chunk));
  return chunks;
}
