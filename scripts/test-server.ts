import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#libs/base';
import { addressOf, openCluster } from './supervisor/cluster.ts';
import { openDataFolder } from './supervisor/data-folder.ts';
import { House } from './supervisor/house.ts';
import { findPostgres } from './supervisor/postgres-binaries.ts';
import { postgresSpec } from './supervisor/programs.ts';
import { Terminal } from './supervisor/say.ts';
import { PROJECT_ROOT } from './supervisor/settings.ts';

export interface TestServer {
  /** Address of its `postgres` database, with leave to make others. */
  readonly url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** An embedded PostgreSQL for one test run, by the same code that `npm start` uses. */
export async function startTestServer(): Promise<TestServer> {
  const place = mkdtempSync(join(tmpdir(), 'atalaya-test-server-'));
  // As root the server runs as another user, who must find the way.
  if (process.getuid?.() === 0) chmodSync(place, 0o711);
  const folder = openDataFolder(join(place, 'data'));
  const programs = findPostgres(PROJECT_ROOT);
  if (!folder.ok) throw new Error(folder.refusal.message);
  if (!programs.ok) throw new Error(programs.refusal.message);
  const cluster = await openCluster(folder.value.path, programs.value);
  const house = new House(folder.value, new Terminal(), systemClock);
  await house.start(postgresSpec(cluster, programs.value, systemClock)).whenReady();
  return {
    url: addressOf(cluster, 'postgres'),
    stop: async () => {
      await house.stopAll();
      rmSync(place, { recursive: true, force: true });
    },
  };
}
