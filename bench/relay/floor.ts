import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../../scripts/e2e/free-ports.ts';
import { BenchChild } from './child.ts';
import type { BenchCamera, Contender } from './contender.ts';
import type { FloorCamera, FloorState } from './floor-process.ts';

const FLOOR_MAIN = path.resolve(import.meta.dirname, 'floor-process.js');

/** What it costs to have the bytes at all: sockets read and discarded, in a Node process like the relay's. */
export const floor: Contender = {
  name: 'floor',
  missing: async () => undefined,
  start: async (cameras, folder) => {
    const file = path.join(folder, 'cameras.json');
    await writeFile(file, JSON.stringify(cameras.map(entryOf)), { mode: 0o600 });
    const [port = 0] = await freePorts(1);
    const child = new BenchChild(process.execPath, [FLOOR_MAIN, file, String(port)]);
    return {
      pids: [child.pid],
      windowIsBeside: false,
      windowBytes: async () => 0,
      serving: async () => {
        if (!child.isRunning) throw new Error(`the floor ended: ${child.lastWords}`);
        const state = (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as FloorState;
        if (state.failures.length > 0) throw new Error(state.failures.join('; '));
        return state.playing;
      },
      stop: () => child.stop(),
    };
  },
};

function entryOf({ uri, spec }: BenchCamera): FloorCamera {
  const { host, rtspPort: port, username, password } = spec;
  return { host, port, url: uri, username, password };
}
