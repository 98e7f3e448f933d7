import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { sleep, type Clock } from '#libs/base';
import { identify, stillRuns, tell, type ProcessIdentity } from './process-table.ts';

interface Entry extends ProcessIdentity {
  readonly name: string;
}

const TERM_WAIT_MS = 5_000;
const POLL_MS = 50;

/**
 * The children that run, on disk, so that a start after a kill -9 of the supervisor finds what it left behind. Children
 * also follow their parent by themselves; this is the net under that.
 */
export class ProcessRecord {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly file: string) {}

  add(name: string, pid: number): void {
    const identity = identify(pid);
    if (!identity) return;
    this.entries.set(name, { name, ...identity });
    this.write();
  }

  remove(name: string): void {
    if (this.entries.delete(name)) this.write();
  }

  private write(): void {
    const draft = `${this.file}.tmp`;
    writeFileSync(draft, JSON.stringify([...this.entries.values()]), { mode: 0o600 });
    renameSync(draft, this.file);
  }
}

/**
 * Ends what an earlier supervisor recorded and nobody ended. A pid that now belongs to another program is left alone.
 * Resolves with the names of those that were still there.
 */
export async function endSurvivors(file: string, clock: Clock): Promise<string[]> {
  const left = readRecord(file).filter(stillRuns);
  await Promise.all(left.map((entry) => endProcess(entry, clock)));
  return left.map((entry) => entry.name);
}

async function endProcess(entry: Entry, clock: Clock): Promise<void> {
  // PostgreSQL reads SIGTERM as "when all have left"; SIGINT closes connections and shuts down (fast).
  tell(entry.pid, entry.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const deadlineMs = clock.monotonicMs() + TERM_WAIT_MS;
  while (stillRuns(entry) && clock.monotonicMs() < deadlineMs) await sleep(clock, POLL_MS);
  if (stillRuns(entry)) tell(entry.pid, entry.name === 'postgres' ? 'SIGQUIT' : 'SIGKILL');
  const lastMs = clock.monotonicMs() + TERM_WAIT_MS;
  while (stillRuns(entry) && clock.monotonicMs() < lastMs) await sleep(clock, POLL_MS);
}

function readRecord(file: string): Entry[] {
  try {
    const entries = JSON.parse(readFileSync(file, 'utf8')) as Entry[];
    return entries.filter((entry) => Number.isInteger(entry.pid) && entry.pid > 1 && typeof entry.started === 'string');
  } catch {
    return [];
  }
}
