import { spawn } from 'node:child_process';
import path from 'node:path';
import { freePorts } from './free-ports.ts';
import { until } from './until.ts';

export interface SimulatedCamera {
  readonly id: string;
  readonly name: string;
  /** Of the head of a camera that turns. */
  readonly position: { readonly pan: number; readonly tilt: number; readonly zoom: number; readonly moving: boolean };
}

/** The simulator's control interface, as tests use it. */
export interface Simulator {
  cameras(): Promise<SimulatedCamera[]>;
  setFaults(id: string, faults: Readonly<Record<string, unknown>>): Promise<void>;
  reboot(id: string, host: string): Promise<void>;
  /** What the camera tells by ONVIF: `{ kind: 'motion', active: true }`. */
  raise(id: string, event: Readonly<Record<string, unknown>>): Promise<void>;
}

export function simulator(url: string): Simulator {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  };
  return {
    cameras: async () => ((await send('GET', '/cameras')) as { cameras: SimulatedCamera[] }).cameras,
    setFaults: async (id, faults) => void (await send('PATCH', `/cameras/${id}/faults`, faults)),
    raise: async (id, event) => void (await send('POST', `/cameras/${id}/events`, event)),
    reboot: async (id, host) => void (await send('POST', `/cameras/${id}/reboot`, { host })),
  };
}

/** The town in a process of its own, as cameras that nobody has told the product of. */
export async function startSimulator(): Promise<Simulator & { stop(): Promise<void> }> {
  const [port] = await freePorts(1);
  const main = path.resolve(import.meta.dirname, '..', '..', 'dist', 'camera-sim', 'main.js');
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { ...env, ATALAYA_SIM_PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const town = simulator(`http://127.0.0.1:${port}`);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  try {
    await until('the simulator to be up', 15_000, async () => {
      if (child.exitCode !== null) throw new Error(`the simulator ended with ${child.exitCode}`);
      return (await town.cameras()).length > 0;
    });
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { ...town, stop };
}
