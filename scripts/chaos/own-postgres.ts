import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#libs/base';
import { pause } from '../e2e/pause.ts';
import { addressOf, clearLeftovers, openCluster, serverArguments, type Cluster } from '../supervisor/cluster.ts';
import { ping } from '../supervisor/database.ts';
import { openDataFolder } from '../supervisor/data-folder.ts';
import { findPostgres, type PostgresPrograms } from '../supervisor/postgres-binaries.ts';
import { PROJECT_ROOT } from '../supervisor/settings.ts';

const START_WITHIN_MS = 60_000;

/** An embedded PostgreSQL with its default durability whose server may be killed without warning and started again. */
export class OwnPostgres {
  private server: ChildProcess | undefined;

  private constructor(
    private readonly place: string,
    private readonly cluster: Cluster,
    private readonly programs: PostgresPrograms,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const place = mkdtempSync(join(tmpdir(), 'atalaya-chaos-'));
    // As root the server runs as another user, who must find the way.
    if (process.getuid?.() === 0) chmodSync(place, 0o711);
    const folder = openDataFolder(join(place, 'data'));
    const programs = findPostgres(PROJECT_ROOT);
    if (!folder.ok || !programs.ok) throw new Error('no data folder or no PostgreSQL');
    const cluster = await openCluster(folder.value.path, programs.value);
    const postgres = new OwnPostgres(place, cluster, programs.value);
    await postgres.begin();
    return postgres;
  }

  get url(): string {
    return addressOf(this.cluster, 'postgres');
  }

  /** kill -9 of the server process; its workers end when they notice. */
  async kill(): Promise<void> {
    const { server } = this;
    if (!server) throw new Error('PostgreSQL does not run');
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
    this.server = undefined;
  }

  /** Starts and recovers. Workers of a killed server may hold its memory for a moment: then it is tried again. */
  async begin(): Promise<void> {
    const deadlineMs = systemClock.monotonicMs() + START_WITHIN_MS;
    while (systemClock.monotonicMs() < deadlineMs) {
      await clearLeftovers(this.cluster.folder, systemClock);
      if (await this.tryStart(deadlineMs)) return;
      await pause(100);
    }
    throw new Error('PostgreSQL did not start');
  }

  async stop(): Promise<void> {
    const { server } = this;
    if (server) {
      const gone = once(server, 'exit');
      server.kill('SIGINT');
      await gone;
    }
    rmSync(this.place, { recursive: true, force: true });
  }

  private async tryStart(deadlineMs: number): Promise<boolean> {
    const { cluster, programs } = this;
    const server = spawn(programs.postgres, serverArguments(cluster), { ...programs.user, cwd: '/', stdio: 'ignore' });
    this.server = server;
    while (server.exitCode === null && systemClock.monotonicMs() < deadlineMs) {
      if (await answers(this.url)) return true;
      await pause(30);
    }
    this.server = undefined;
    return false;
  }
}

function answers(url: string): Promise<boolean> {
  return ping(url).then(
    () => true,
    () => false,
  );
}
