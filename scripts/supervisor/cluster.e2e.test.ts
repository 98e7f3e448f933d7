import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sleep, systemClock as clock } from '#libs/base';
import { addressOf, clearLeftovers, DATABASE, openCluster, serverArguments, type Cluster } from './cluster.ts';
import { checkServer, createDatabaseIfMissing, ping, withClient } from './database.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { House } from './house.ts';
import { findPostgres, type PostgresPrograms } from './postgres-binaries.ts';
import { postgresSpec } from './programs.ts';
import { Terminal } from './say.ts';
import { PROJECT_ROOT } from './settings.ts';

const DEADLINE_MS = 30_000;

let folder: DataFolder;
let programs: PostgresPrograms;
let cluster: Cluster;

beforeAll(async () => {
  const path = mkdtempSync(join(tmpdir(), 'atalaya-cluster-'));
  if (process.getuid?.() === 0) chmodSync(path, 0o711);
  const opened = openDataFolder(join(path, 'data'));
  const found = findPostgres(PROJECT_ROOT);
  if (!opened.ok || !found.ok) throw new Error('no data folder or no PostgreSQL');
  folder = opened.value;
  programs = found.value;
  cluster = await openCluster(folder.path, programs);
}, 60_000);

afterAll(() => rmSync(join(folder.path, '..'), { recursive: true, force: true }));

async function answers(): Promise<void> {
  const deadlineMs = clock.monotonicMs() + DEADLINE_MS;
  for (;;) {
    try {
      return await ping(addressOf(cluster, 'postgres'));
    } catch (problem) {
      if (clock.monotonicMs() > deadlineMs) throw problem;
      await sleep(clock, 50);
    }
  }
}

function startBare(): ChildProcess {
  return spawn(programs.postgres, serverArguments(cluster), { ...programs.user, cwd: '/', stdio: 'ignore' });
}

describe('embedded PostgreSQL', () => {
  it('is made once, with a password that only its owner can read', async () => {
    expect(cluster.isNew).toBe(true);
    const again = await openCluster(folder.path, programs);
    expect(again).toEqual({ ...cluster, isNew: false });
    for (const file of ['keys/postgres.password', 'run/postgres.port']) {
      expect(statSync(join(folder.path, file)).mode & 0o077).toBe(0);
    }
    expect(existsSync(`${cluster.folder}.password`)).toBe(false);
  });

  it('comes back after kill -9 of the server with what was written, and asks for its password', async () => {
    const house = new House(folder, new Terminal(() => {}), clock);
    const child = house.start(postgresSpec(cluster, programs, clock));
    try {
      await child.whenReady();
      await createDatabaseIfMissing(addressOf(cluster, 'postgres'), DATABASE);
      await createDatabaseIfMissing(addressOf(cluster, 'postgres'), DATABASE);
      const address = addressOf(cluster, DATABASE);
      await withClient(address, (client) => client.query('CREATE TABLE kept AS SELECT 7 AS value'));
      if (child.state.kind !== 'running') throw new Error('not running');
      process.kill(child.state.pid, 'SIGKILL');
      const { pid } = child.state;
      const deadlineMs = clock.monotonicMs() + DEADLINE_MS;
      while (!(child.state.kind === 'running' && child.state.pid !== pid)) {
        if (clock.monotonicMs() > deadlineMs) throw new Error('it did not come back');
        await sleep(clock, 50);
      }
      const { rows } = await withClient(address, (client) => client.query('SELECT value FROM kept'));
      expect(rows).toEqual([{ value: 7 }]);
      await expect(ping(address.replace(cluster.password, 'wrong'))).rejects.toThrow(/password/);
      expect(await checkServer(address, clock, 0, new AbortController().signal)).toMatchObject({
        ok: true,
        value: expect.stringMatching(/^18\./),
      });
    } finally {
      expect(await house.stopAll()).toBe(true);
    }
  }, 90_000);

  it('shuts a server down that a killed supervisor left', async () => {
    const left = startBare();
    const gone = once(left, 'exit');
    await answers();
    await clearLeftovers(cluster.folder, clock);
    await gone;
    expect(existsSync(join(cluster.folder, 'postmaster.pid'))).toBe(false);
  }, 60_000);

  it('does not take another program for the server of a stale pid file', async () => {
    const file = join(cluster.folder, 'postmaster.pid');
    writeFileSync(file, `${process.pid}\n${cluster.folder}\n`);
    await clearLeftovers(cluster.folder, clock);
    expect(existsSync(file)).toBe(false);
  });

  it("names the setting when somebody else's server does not answer, and never its password", async () => {
    const port = readFileSync(join(folder.path, 'run', 'postgres.port'), 'utf8').trim();
    const result = await checkServer(
      `postgres://u:secreto@127.0.0.1:${port}/x`,
      clock,
      0,
      new AbortController().signal,
    );
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.refusal.message).toContain('DATABASE_URL');
    expect(JSON.stringify(result)).not.toContain('secreto');
  });
});
