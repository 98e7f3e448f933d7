import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, sleep, type Clock } from '#libs/base';
import { freePort, isFree } from './free-port.ts';
import { canEnter, openFolder, SHARED_PLACE, type PostgresPrograms } from './postgres-binaries.ts';
import { argumentsOf, identify, stillRuns, tell } from './process-table.ts';

/** One embedded database cluster on disk and how to reach it. */
export interface Cluster {
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  /** It was made just now. */
  readonly isNew: boolean;
}

/** Says where the cluster lies when that is not `<data>/postgres`. */
const NOTE = 'postgres.place';
const CLUSTERS = join(SHARED_PLACE, 'clusters');
const SUPERUSER = 'atalaya';
export const DATABASE = 'atalaya';
const SHUTDOWN_WAIT_MS = 30_000;
const POLL_MS = 50;

/** `postgres://` address of a database of the cluster. */
export function addressOf(cluster: Cluster, database: string): string {
  return `postgres://${SUPERUSER}:${cluster.password}@127.0.0.1:${cluster.port}/${database}`;
}

/**
 * Finds or makes the cluster of a data folder: `<data>/postgres`, or a folder of its own below {@link SHARED_PLACE} when
 * the server's user may not enter the data folder. The port is kept from start to start while it is free.
 */
export async function openCluster(dataFolder: string, programs: PostgresPrograms): Promise<Cluster> {
  const password = keptSecret(join(dataFolder, 'keys', 'postgres.password'));
  const folder = placeOf(dataFolder, programs);
  const isNew = !existsSync(join(folder, 'PG_VERSION'));
  if (isNew) await makeCluster(folder, password, programs);
  return { folder, port: await keptPort(join(dataFolder, 'run', 'postgres.port')), password, isNew };
}

/** Arguments of the server: loopback only, no socket file, its log on standard error. */
export function serverArguments(cluster: Cluster): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: cluster.port,
    unix_socket_directories: '',
    max_connections: 100,
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return ['-D', cluster.folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/**
 * What a kill -9 left: a server that still runs on this folder is shut down (we hold the data folder's lock, so it is
 * nobody's), and a pid file whose pid now belongs to another program is removed: PostgreSQL would refuse to start.
 */
export async function clearLeftovers(folder: string, clock: Clock): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const left = Number.isInteger(pid) && pid > 1 ? identify(pid) : undefined;
  if (!left || !argumentsOf(pid).includes(folder)) {
    rmSync(file, { force: true });
    return;
  }
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    tell(pid, signal);
    const deadlineMs = clock.monotonicMs() + SHUTDOWN_WAIT_MS;
    while (stillRuns(left) && clock.monotonicMs() < deadlineMs) await sleep(clock, POLL_MS);
    if (!stillRuns(left)) return;
  }
}

/** Written down where it is not the usual place: a data folder that is moved, or made anew, finds its own or none. */
function placeOf(dataFolder: string, { user }: PostgresPrograms): string {
  const note = join(dataFolder, NOTE);
  if (existsSync(note)) return readFileSync(note, 'utf8').trim();
  const usual = join(dataFolder, 'postgres');
  if (!user || existsSync(usual) || canEnter(dataFolder, user)) return usual;
  openFolder(SHARED_PLACE);
  openFolder(CLUSTERS);
  const place = join(CLUSTERS, randomBytes(8).toString('hex'));
  writeFileSync(note, `${place}\n`, { mode: 0o600, flag: 'wx' });
  return place;
}

/** Removes the cluster of a data folder wherever it lies; nothing may run on it. For who throws the data folder away. */
export function discardCluster(dataFolder: string): void {
  const note = join(dataFolder, NOTE);
  const place = existsSync(note) ? readFileSync(note, 'utf8').trim() : join(dataFolder, 'postgres');
  // A note is a file like any other: what it says is only believed where clusters are made.
  if (place !== join(dataFolder, 'postgres') && dirname(place) !== CLUSTERS) throw new Error(`${note} names ${place}`);
  rmSync(place, { recursive: true, force: true });
}

/** Made under another name and renamed when complete: a start that is killed half way leaves nothing half made. */
async function makeCluster(folder: string, password: string, programs: PostgresPrograms): Promise<void> {
  const draft = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (programs.user) {
    chownSync(draft, programs.user.uid, programs.user.gid);
    chownSync(passwordFile, programs.user.uid, programs.user.gid);
  }
  try {
    await initdb(draft, passwordFile, programs);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, folder);
}

function initdb(folder: string, passwordFile: string, programs: PostgresPrograms): Promise<void> {
  const args = [
    `--pgdata=${folder}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(programs.initdb, args, { ...programs.user, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-4_000)));
    child.once('error', (error) => reject(new Error(`initdb: ${reasonOf(error)}`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`initdb: ${output.trim()}`))));
  });
}

/** Read from the file, or made at random and written there for the owner alone. */
export function keptSecret(file: string): string {
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

async function keptPort(file: string): Promise<number> {
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (Number.isInteger(kept) && kept > 0 && (await isFree(kept, '127.0.0.1'))) return kept;
  const port = await freePort();
  writeFileSync(file, `${port}\n`, { mode: 0o600 });
  return port;
}
