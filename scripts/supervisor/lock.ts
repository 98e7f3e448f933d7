import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { ok, refusal, refused, type Result } from '#libs/base';
import { identify, stillRuns, type ProcessIdentity } from './process-table.ts';

/** Leave to be the only supervisor of one data folder. */
export interface Lock {
  release(): void;
}

const MAX_TRIES = 5;

/**
 * Takes the lock file or says who holds it. The file appears whole by link(2), which fails when the name exists; one
 * whose owner has gone (kill -9, power cut) is moved aside first, so that of two starters only one takes it over.
 */
export function takeLock(file: string): Result<Lock> {
  const own = identify(process.pid);
  if (!own) throw new Error('this system has no /proc: the data folder cannot be locked');
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (linked(draft, file)) return ok({ release: () => releaseOwn(file, own) });
      const holder = readHolder(file);
      if (holder && stillRuns(holder)) return refused(inUse(holder));
      moveAside(file, holder);
    }
    return refused(refusal('conflict', 'data-folder-contended', `No se pudo tomar ${file}`));
  } finally {
    rmSync(draft, { force: true });
  }
}

function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): ProcessIdentity | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessIdentity>;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

/** Another starter may have replaced the stale file between our reading and our moving it: then it is put back. */
function moveAside(file: string, seen: ProcessIdentity | undefined): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && moved.started !== seen?.started && stillRuns(moved)) linked(aside, file);
  rmSync(aside, { force: true });
}

function releaseOwn(file: string, own: ProcessIdentity): void {
  if (readHolder(file)?.started === own.started) rmSync(file, { force: true });
}

function inUse(holder: ProcessIdentity): ReturnType<typeof refusal> {
  return refusal(
    'conflict',
    'data-folder-in-use',
    `Atalaya ya está en marcha con esta carpeta (proceso ${holder.pid})`,
    {
      pid: holder.pid,
    },
  );
}
