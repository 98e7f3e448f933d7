// What must be true before anything of Atalaya runs: packages as the lockfile says, server and console built from the
// sources that are here. Each is keyed by a hash of what it is made of, so that a second start does nothing.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const INSTALL_STAMP = join(ROOT, 'node_modules', '.atalaya-installed');
/** Lines of a failed tool that are repeated on the terminal. */
const MAX_REPORTED_LINES = 60;
const MAX_KEPT_CHARS = 256 * 1024;

/** What `tsc -p tsconfig.build.json` reads, and what the console's bundle is made of. */
const SERVER = {
  name: 'servidor',
  folders: ['apps/api', 'apps/relay', 'libs', 'camera-sim', 'migrations', 'bench', 'scripts'],
};
const CONSOLE = {
  name: 'consola',
  folders: ['apps/console', 'libs/wire', 'libs/geo', 'libs/base', 'libs/access', 'libs/evidence', 'libs/tiles'],
};
const BUILD_INPUTS = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Installs and builds what is stale, telling each step. Throws with the tool's last lines when one fails. */
export async function prepare() {
  process.chdir(ROOT);
  console.log('\nAtalaya');
  await installPackages();
  await build();
}

/** `npm ci` when the lockfile changed since the last install. Install scripts of packages are never run. */
export async function installPackages() {
  const wanted = hashFiles([join(ROOT, 'package-lock.json')]);
  if (readStamp(INSTALL_STAMP) === wanted) return;
  if (matchesLockfile()) {
    writeFileSync(INSTALL_STAMP, wanted);
    return;
  }
  const startedMs = performance.now();
  told('paquetes', 'instalando…');
  rmSync(INSTALL_STAMP, { force: true });
  await run(...npmCommand(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']), {
    failure: 'No se pudieron instalar los paquetes (npm ci)',
  });
  writeFileSync(INSTALL_STAMP, wanted);
  done('paquetes', startedMs);
}

/** Builds server and console beside each other, each only when its sources changed. */
export async function build() {
  const results = await Promise.allSettled([buildServer(), buildConsole()]);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}

function buildServer() {
  return buildWhenStale(SERVER, join(ROOT, 'dist', '.server-stamp'), async () => {
    // Without the stamp nobody knows what is in dist: the compiler's memory of what it wrote there is not believed.
    if (!existsSync(join(ROOT, 'dist', '.server-stamp'))) rmSync(join(ROOT, 'dist', '.tsbuildinfo'), { force: true });
    // Types are checked by `npm test`; here only JavaScript is wanted, in a third of the time.
    await run(process.execPath, [tool('typescript', 'bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'], {
      failure: 'No se pudo compilar el servidor (tsc)',
    });
    removeOrphanedOutputs();
  });
}

function buildConsole() {
  return buildWhenStale(CONSOLE, join(ROOT, 'dist', '.console-stamp'), async () => {
    const config = join('apps', 'console', 'vite.config.ts');
    await run(process.execPath, [tool('vite', 'bin/vite.js'), 'build', '--config', config, '--logLevel', 'warn'], {
      failure: 'No se pudo compilar la consola (vite)',
    });
  });
}

async function buildWhenStale(part, stampFile, compile) {
  const startedMs = performance.now();
  const wanted = hashFiles([
    ...BUILD_INPUTS.map((file) => join(ROOT, file)),
    ...part.folders.flatMap((folder) => sourcesIn(join(ROOT, folder))),
  ]);
  if (readStamp(stampFile) === wanted) return;
  rmSync(stampFile, { force: true });
  await compile();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
  done(part.name, startedMs);
}

/** Compiled files whose source is gone: a migration that was renamed must not run under both names. */
function removeOrphanedOutputs() {
  for (const folder of SERVER.folders) {
    for (const file of filesIn(join(ROOT, 'dist', folder))) {
      const source = join(ROOT, relative(join(ROOT, 'dist'), file)).replace(/\.js(\.map)?$/, '.ts');
      if (/\.js(\.map)?$/.test(file) && !existsSync(source)) rmSync(file);
    }
  }
}

function sourcesIn(folder) {
  return filesIn(folder).filter(
    (file) => /\.(ts|tsx|css|html|svg|json|geojson|webmanifest)$/.test(file) && !/\.test\.tsx?$/.test(file),
  );
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'testdata' || entry.name === 'node_modules' ? [] : filesIn(path);
      return entry.isFile() ? [path] : [];
    });
}

function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const bytes = readFileSync(file);
    hash.update(`${relative(ROOT, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Somebody ran `npm ci` or `npm install` by hand: npm's own record of the tree says the same as the lockfile. */
function matchesLockfile() {
  const record = join(ROOT, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed[path];
    // Packages of other machines are optional and absent.
    if (!present) return entry.optional === true;
    return (
      present.version === entry.version && statSync(join(ROOT, path), { throwIfNoEntry: false })?.isDirectory() === true
    );
  });
}

/** Path of a tool's script inside its package. */
export function tool(packageName, script) {
  return join(ROOT, 'node_modules', packageName, script);
}

/** npm that called us, else the one of the PATH. */
function npmCommand(args) {
  const caller = process.env.npm_execpath ?? '';
  return /npm-cli\.c?js$/.test(caller) ? [process.execPath, [caller, ...args]] : ['npm', args];
}

/**
 * Runs a program to its end. Its output is kept and shown only when it fails; with `show: 'errors'` its standard error
 * goes straight to the terminal and its standard output nowhere.
 */
export function run(command, args, { failure, show, env = process.env, cwd = ROOT } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = show === 'errors' ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { cwd, env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined }, stdio });
    let said = '';
    const hear = (chunk) => {
      said = (said + chunk).slice(-MAX_KEPT_CHARS);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.on('error', (error) => reject(new Error(`${failure}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return resolve();
      const lines = stripVTControlCharacters(said).trimEnd().split('\n').slice(-MAX_REPORTED_LINES);
      reject(new Error([`${failure}: ${signal ?? `código ${code}`}`, ...lines].join('\n').trimEnd()));
    });
  });
}

/** One calm line per step. */
export function told(what, text) {
  console.log(`  ${what.padEnd(14)} ${text}`);
}

function done(what, startedMs) {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).replace('.', ',');
  told(what, `listo en ${seconds} s`);
}
