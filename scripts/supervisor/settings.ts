import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, refusal, refused, type Result } from '#libs/base';

/** Whether the demonstration town runs: told so, or found out from the database. */
export type DemoWish = 'on' | 'off' | 'find-out';

/** What the supervisor itself is told from outside. Everything else of the environment is passed on to its children. */
export interface Settings {
  /** Absolute path. */
  readonly dataFolder: string;
  /** Address of a PostgreSQL server that somebody else runs; `undefined` for the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly demo: DemoWish;
  /** In the demonstration units move and calls come. */
  readonly demoTown: boolean;
  /** 0 lets the system choose (tests). */
  readonly apiPort: number;
  readonly relayPort: number;
  readonly simPort: number;
  /** The master key came as `ATALAYA_KEY`: no key file is made. */
  readonly masterKeyGiven: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

const DEMO_WORDS: Readonly<Record<string, Exclude<DemoWish, 'find-out'>>> = {
  '1': 'on',
  true: 'on',
  on: 'on',
  '0': 'off',
  false: 'off',
  off: 'off',
};

/** Folder of the project, from `scripts/` and from `dist/scripts/` alike. */
export const PROJECT_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));

export function readSettings(variables: Variables): Result<Settings> {
  const demo = readDemo(variables, 'ATALAYA_DEMO', 'find-out');
  if (demo === undefined) return wrong('ATALAYA_DEMO', '0 o 1', variables['ATALAYA_DEMO']);
  const demoTown = readDemo(variables, 'ATALAYA_DEMO_TOWN', 'on');
  if (demoTown === undefined) return wrong('ATALAYA_DEMO_TOWN', '0 o 1', variables['ATALAYA_DEMO_TOWN']);
  const ports = { ATALAYA_PORT: 8080, ATALAYA_RELAY_PORT: 8081, ATALAYA_SIM_PORT: 8090 };
  for (const [name, fallback] of Object.entries(ports)) {
    const port = readPort(variables[name], fallback);
    if (port === undefined) return wrong(name, 'un puerto TCP, 0 a 65535', variables[name]);
    ports[name as keyof typeof ports] = port;
  }
  return ok({
    dataFolder: resolve(PROJECT_ROOT, variables['ATALAYA_DATA'] || 'data'),
    databaseUrl: variables['DATABASE_URL'] || undefined,
    demo,
    demoTown: demoTown === 'on',
    apiPort: ports.ATALAYA_PORT,
    relayPort: ports.ATALAYA_RELAY_PORT,
    simPort: ports.ATALAYA_SIM_PORT,
    masterKeyGiven: Boolean(variables['ATALAYA_KEY']),
  });
}

function readDemo(variables: Variables, name: string, otherwise: DemoWish): DemoWish | undefined {
  const text = (variables[name] ?? '').toLowerCase();
  return text === '' ? otherwise : DEMO_WORDS[text];
}

function readPort(text: string | undefined, fallback: number): number | undefined {
  if (!text) return fallback;
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

function wrong(name: string, rule: string, value: string | undefined): Result<Settings> {
  return refused(refusal('bad-input', 'setting-wrong', `${name} debe ser ${rule}; es "${value}"`));
}

function findRoot(folder: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'package-lock.json')) && existsSync(join(at, 'migrations'))) return at;
  }
  throw new Error(`no project folder above ${folder}`);
}
