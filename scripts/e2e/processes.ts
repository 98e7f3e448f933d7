import { readFile } from 'node:fs/promises';
import path from 'node:path';

interface Entry {
  readonly name: string;
  readonly pid: number;
}

/** One child of a running product that was ended without warning. */
export interface Killed {
  readonly pid: number;
  /** Another process of that name runs now. */
  isReplaced(): Promise<boolean>;
}

/** `kill -9` of one child of the product in this data folder, by the pid that its supervisor recorded. */
export async function killProcess(dataFolder: string, name: string): Promise<Killed> {
  const entry = await entryOf(dataFolder, name);
  if (!entry) throw new Error(`${name} is not among the children recorded in ${dataFolder}`);
  process.kill(entry.pid, 'SIGKILL');
  return {
    pid: entry.pid,
    isReplaced: async () => {
      const now = await entryOf(dataFolder, name);
      return now !== undefined && now.pid !== entry.pid;
    },
  };
}

async function entryOf(dataFolder: string, name: string): Promise<Entry | undefined> {
  const entries = JSON.parse(await readFile(path.join(dataFolder, 'run', 'pids.json'), 'utf8')) as Entry[];
  return entries.find((entry) => entry.name === name);
}
