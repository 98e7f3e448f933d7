import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ok, reasonOf, refusal, refused, type Result } from '#libs/base';
import { keptSecret } from './cluster.ts';

/** Names inside the data folder. */
export interface DataFolder {
  readonly path: string;
  readonly logs: string;
  readonly run: string;
  readonly lockFile: string;
  readonly recordFile: string;
  readonly loginsFile: string;
  readonly loginsShownFile: string;
  readonly townBeatFile: string;
  readonly masterKeyFile: string;
}

/**
 * Makes the folders. Only the owner may read anything; root leaves the way through open (711), because the embedded
 * PostgreSQL runs as another user below it.
 */
export function openDataFolder(path: string): Result<DataFolder> {
  const isRoot = process.getuid?.() === 0;
  try {
    const stranger = ownerBesidesUs(path);
    if (stranger !== undefined) return refused(belongsTo(path, stranger));
    makeFolder(path, isRoot ? 0o711 : 0o700);
    for (const name of ['keys', 'logs', 'run']) makeFolder(join(path, name), 0o700);
  } catch (problem) {
    return refused(
      refusal(
        'unavailable',
        'data-folder-unusable',
        `No se puede escribir en ${path} (ATALAYA_DATA): ${reasonOf(problem)}`,
      ),
    );
  }
  return ok({
    path,
    logs: join(path, 'logs'),
    run: join(path, 'run'),
    lockFile: join(path, 'run', 'supervisor.lock'),
    recordFile: join(path, 'run', 'pids.json'),
    loginsFile: join(path, 'demo-logins.json'),
    loginsShownFile: join(path, 'run', 'logins-shown'),
    townBeatFile: join(path, 'run', 'town.beat'),
    masterKeyFile: join(path, 'keys', 'master.key'),
  });
}

/**
 * Whose data this is, when it is not ours. A folder that holds keys already belongs to whoever made them: started as
 * somebody else, half of its files could not be read and PostgreSQL would refuse its own, again and again.
 */
function ownerBesidesUs(path: string): number | undefined {
  const ourId = process.getuid?.();
  if (ourId === undefined) return undefined;
  const keys = statSync(join(path, 'keys'), { throwIfNoEntry: false });
  return keys === undefined || keys.uid === ourId ? undefined : keys.uid;
}

function belongsTo(path: string, ownerId: number) {
  const message = [
    `La carpeta de datos ${path} pertenece a otro usuario (uid ${ownerId}) y este proceso es uid ${process.getuid?.()}.`,
    `Inicie Atalaya con el usuario que la creó, o elija otra carpeta con ATALAYA_DATA.`,
  ].join('\n');
  return refusal('conflict', 'data-folder-of-another', message);
}

/** 32 random bytes as hex, made once. Whoever loses it loses the stored camera logins: it belongs into a backup. */
export function ensureMasterKey(folder: DataFolder): void {
  keptSecret(folder.masterKeyFile);
  tighten(folder.masterKeyFile, 0o600);
}

function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return tighten(path, mode);
  mkdirSync(path, { recursive: true, mode });
}

/** Takes away what others may do beyond `mode`, and adds nothing. */
function tighten(path: string, mode: number): void {
  const now = statSync(path).mode & 0o777;
  if ((now & ~mode) !== 0) chmodSync(path, now & mode);
}
