import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChildSpec } from './child.ts';
import { addressOf, clearLeftovers, serverArguments, type Cluster } from './cluster.ts';
import { ping } from './database.ts';
import { expectOk } from './http-probe.ts';
import type { PostgresPrograms } from './postgres-binaries.ts';
import type { Clock } from '#libs/base';

/** What every Node program of the house is given. */
export interface Surroundings {
  readonly projectRoot: string;
  readonly env: NodeJS.ProcessEnv;
  readonly apiPort: number;
  readonly relayPort: number;
  readonly simPort: number;
}

const NODE_STOP = [{ signal: 'SIGTERM', waitMs: 10_000 }] as const;
/** SIGINT is PostgreSQL's fast shutdown; SIGQUIT its immediate one, repaired at the next start (its manual, 18.5). */
const POSTGRES_STOP = [
  { signal: 'SIGINT', waitMs: 20_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
] as const;

/** Recovery after a kill -9 in the middle of writing reads the log since the last checkpoint (5 min at most). */
const POSTGRES_READY_MS = 60_000;
const NODE_READY_MS = 45_000;
/** The town waits for answers of the centre for 20 s at most, and makes its units ready without a beat in between. */
const TOWN_SILENT_MS = 120_000;

export function postgresSpec(cluster: Cluster, programs: PostgresPrograms, clock: Clock): ChildSpec {
  const address = addressOf(cluster, 'postgres');
  return {
    name: 'postgres',
    command: programs.postgres,
    args: serverArguments(cluster),
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    cwd: '/',
    guard: { stop: 'SIGINT', force: 'SIGQUIT' },
    ...(programs.user ? { user: programs.user } : {}),
    stopSteps: POSTGRES_STOP,
    ready: () => ping(address),
    readyWithinMs: POSTGRES_READY_MS,
    beforeStart: () => clearLeftovers(cluster.folder, clock),
  };
}

export function apiSpec(around: Surroundings): ChildSpec {
  const base = `http://127.0.0.1:${around.apiPort}`;
  return nodeSpec('api', 'apps/api/src/main.js', around, {
    ready: (signal) => expectOk(`${base}/health/ready`, signal),
    alive: (signal) => expectOk(`${base}/health/live`, signal),
  });
}

export function relaySpec(around: Surroundings): ChildSpec {
  const scheme = around.env['ATALAYA_RELAY_TLS_CERT'] ? 'https' : 'http';
  const base = `${scheme}://127.0.0.1:${around.relayPort}`;
  return nodeSpec('relay', 'apps/relay/src/main.js', around, {
    ready: (signal) => expectOk(`${base}/health/ready`, signal),
    alive: (signal) => expectOk(`${base}/health/live`, signal),
  });
}

export function simSpec(around: Surroundings): ChildSpec {
  const base = `http://127.0.0.1:${around.simPort}`;
  return nodeSpec('camera-sim', 'camera-sim/main.js', around, {
    ready: (signal) => expectOk(`${base}/health/live`, signal),
    alive: (signal) => expectOk(`${base}/health/live`, signal),
  });
}

/** It serves nobody: that it lives shows in a file that it writes every few seconds. */
export function townSpec(around: Surroundings, beatFile: string, clock: Clock): ChildSpec {
  return {
    ...nodeSpec(
      'town',
      'scripts/town.js',
      around,
      {
        ready: async () => void (await stat(beatFile)),
        alive: async () => {
          const ageMs = clock.nowMs() - (await stat(beatFile)).mtimeMs;
          if (ageMs > TOWN_SILENT_MS) throw new Error(`nothing was heard of it for ${Math.round(ageMs / 1_000)} s`);
        },
      },
      ['--demo'],
    ),
    beforeStart: () => rm(beatFile, { force: true }),
  };
}

function nodeSpec(
  name: string,
  script: string,
  { projectRoot, env }: Surroundings,
  probes: Pick<ChildSpec, 'ready' | 'alive'>,
  args: readonly string[] = [],
): ChildSpec {
  const dist = join(projectRoot, 'dist');
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', join(dist, script), ...args],
    env,
    cwd: projectRoot,
    guard: { stop: 'SIGTERM', force: 'SIGKILL' },
    stopSteps: NODE_STOP,
    readyWithinMs: NODE_READY_MS,
    ...probes,
  };
}
