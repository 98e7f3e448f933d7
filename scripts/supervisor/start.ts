import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { sleep, type Clock } from '#libs/base';
import { bringTown } from '../demo-town.ts';
import { CrashLoop, type SupervisedChild } from './child.ts';
import { addressOf, DATABASE, openCluster } from './cluster.ts';
import { checkServer, countOnline, createDatabaseIfMissing, readFacts, type DatabaseFacts } from './database.ts';
import { ensureMasterKey, type DataFolder } from './data-folder.ts';
import { wantsDemo } from './demo-wish.ts';
import { freePort, isFree } from './free-port.ts';
import type { House } from './house.ts';
import { loginTable, markShown, readLogins, unshownLogins } from './logins.ts';
import { findPostgres } from './postgres-binaries.ts';
import { apiSpec, postgresSpec, relaySpec, simSpec, townSpec, type Surroundings } from './programs.ts';
import { seconds, type Terminal } from './say.ts';
import { PROJECT_ROOT, type Settings } from './settings.ts';
import { runTool } from './tool.ts';

const DATABASE_PATIENCE_MS = 30_000;
const MIGRATION_TIMEOUT_MS = 600_000;
const TOWN_ONLINE_MS = 45_000;
const POLL_MS = 250;
const MAX_SHOWN_HOSTS = 3;

/** One start, from an empty or a used data folder to a town on the wall. */
export class Start {
  constructor(
    private readonly settings: Settings,
    private readonly folder: DataFolder,
    private readonly house: House,
    private readonly terminal: Terminal,
    private readonly clock: Clock,
    private readonly stopping: AbortSignal,
  ) {}

  async run(variables: NodeJS.ProcessEnv): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    if (!this.settings.masterKeyGiven) ensureMasterKey(this.folder);
    const ports = await this.choosePorts();
    const databaseUrl = await this.openDatabase();
    const facts = await readFacts(databaseUrl);
    const demo = wantsDemo(this.settings.demo, facts);
    const around = this.surroundings(variables, ports, databaseUrl, demo);
    // The town needs no database: it starts while the schema is looked after.
    const town = demo ? this.house.start(simSpec(around)) : undefined;
    await this.migrate(around, demo);
    const relay = this.house.start(relaySpec(around));
    await this.whenServing(this.house.start(apiSpec(around)));
    await this.whenUseful(relay, 'sin él no hay video');
    this.tellAddress(around.apiPort);
    const hands = demo && this.settings.demoTown ? this.startTown(around) : undefined;
    if (town && (await this.whenUseful(town, 'sin él no hay cámaras de demostración'))) {
      await this.fillTown(around, databaseUrl, facts);
    }
    if (hands && (await this.whenUseful(hands, 'sin él no hay unidades ni llamadas de demostración')))
      this.terminal.line('demostración', 'unidades y llamadas simuladas · ATALAYA_DEMO_TOWN=0 las apaga');
    this.terminal.line('en marcha', `${seconds(this.clock.monotonicMs() - startedMs)} · Ctrl-C detiene todo`);
    this.terminal.blank();
  }

  private startTown(around: Surroundings): SupervisedChild {
    return this.house.start(townSpec(around, this.folder.townBeatFile, this.clock));
  }

  private async choosePorts(): Promise<Pick<Surroundings, 'apiPort' | 'relayPort' | 'simPort'>> {
    const { apiPort, relayPort, simPort } = this.settings;
    return {
      apiPort: await choosePort(apiPort, 'ATALAYA_PORT'),
      relayPort: await choosePort(relayPort, 'ATALAYA_RELAY_PORT'),
      simPort: this.settings.demo === 'off' ? simPort : await choosePort(simPort, 'ATALAYA_SIM_PORT', '127.0.0.1'),
    };
  }

  private async openDatabase(): Promise<string> {
    const startedMs = this.clock.monotonicMs();
    const { databaseUrl } = this.settings;
    if (databaseUrl !== undefined) {
      const version = await checkServer(databaseUrl, this.clock, DATABASE_PATIENCE_MS, this.stopping);
      if (!version.ok) throw new Error(version.refusal.message);
      this.terminal.line('base de datos', `PostgreSQL ${version.value} de DATABASE_URL`);
      return databaseUrl;
    }
    const programs = findPostgres(PROJECT_ROOT);
    if (!programs.ok) throw new Error(programs.refusal.message);
    const cluster = await openCluster(this.folder.path, programs.value);
    await this.whenServing(this.house.start(postgresSpec(cluster, programs.value, this.clock)));
    await createDatabaseIfMissing(addressOf(cluster, 'postgres'), DATABASE);
    const took = seconds(this.clock.monotonicMs() - startedMs);
    this.terminal.line('base de datos', `PostgreSQL ${programs.value.version.split('-')[0]}, lista en ${took}`);
    return addressOf(cluster, DATABASE);
  }

  private surroundings(
    variables: NodeJS.ProcessEnv,
    ports: Pick<Surroundings, 'apiPort' | 'relayPort' | 'simPort'>,
    databaseUrl: string,
    demo: boolean,
  ): Surroundings {
    const env = {
      ...variables,
      NODE_ENV: variables['NODE_ENV'] ?? 'production',
      DATABASE_URL: databaseUrl,
      ATALAYA_DATA: this.folder.path,
      ATALAYA_DEMO: demo ? '1' : '0',
      ATALAYA_PORT: String(ports.apiPort),
      ATALAYA_RELAY_PORT: String(ports.relayPort),
      ATALAYA_SIM_PORT: String(ports.simPort),
    };
    return { projectRoot: PROJECT_ROOT, env, ...ports };
  }

  /** Both modes migrate first, and make accounts only when there is none. */
  private async migrate(around: Surroundings, demo: boolean): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    const log = this.house.logOf('migrations');
    try {
      await runTool({
        script: join(PROJECT_ROOT, 'dist/apps/api/src/main.js'),
        args: [demo ? '--create-demo-accounts' : '--create-administrator'],
        env: around.env,
        cwd: PROJECT_ROOT,
        log,
        timeoutMs: MIGRATION_TIMEOUT_MS,
        signal: this.stopping,
      });
    } finally {
      log.close();
    }
    this.terminal.line('esquema', `al día en ${seconds(this.clock.monotonicMs() - startedMs)}`);
  }

  /** Without this child there is no centre. */
  private async whenServing(child: SupervisedChild): Promise<void> {
    try {
      await this.unlessStopped(child.whenReady());
    } catch (problem) {
      if (!(problem instanceof CrashLoop)) throw problem;
      const lines = [`${child.spec.name} no arranca (${problem.why}). Sus últimas líneas:`, ...child.lastLines];
      throw new Error(lines.join('\n'), { cause: problem });
    }
  }

  /** Without this child the centre works in part: it is said, and tried again and again. */
  private async whenUseful(child: SupervisedChild, without: string): Promise<boolean> {
    try {
      await this.unlessStopped(child.whenReady());
      return true;
    } catch (problem) {
      if (!(problem instanceof CrashLoop)) throw problem;
      this.terminal.warn(`${child.spec.name} no arranca (${problem.why}): ${without}`);
      for (const line of child.lastLines.slice(-3)) this.terminal.text(`    ${line}`);
      return false;
    }
  }

  private async unlessStopped<T>(work: Promise<T>): Promise<T> {
    work.catch(() => {});
    return Promise.race([work, rejectOn(this.stopping)]);
  }

  private tellAddress(apiPort: number): void {
    this.terminal.line('consola', addressesOf(apiPort).join(' · '));
    const fresh = unshownLogins(this.folder.loginsFile, this.folder.loginsShownFile);
    if (fresh.length === 0) return;
    this.terminal.blank();
    this.terminal.text('Accesos (se muestran solo esta vez):');
    for (const row of loginTable(fresh)) this.terminal.text(`  ${row}`);
    this.terminal.text(`Quedan guardados en ${this.folder.loginsFile} (solo para su dueño).`);
    this.terminal.blank();
    markShown(fresh, this.folder.loginsShownFile);
  }

  private async fillTown(around: Surroundings, databaseUrl: string, facts: DatabaseFacts): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    const known = new Set([...facts.adoptedSerials, ...facts.removedSerials]);
    const result = await bringTown({
      apiUrl: `http://127.0.0.1:${around.apiPort}`,
      login: readLogins(this.folder.loginsFile).find((login) => login.role === 'administrator'),
      knownSerials: known,
      clock: this.clock,
      signal: this.stopping,
    });
    for (const problem of result.problems) this.terminal.warn(problem);
    const expected = facts.adoptedSerials.length + result.adopted;
    const online = await this.waitOnline(databaseUrl, expected);
    const took = seconds(this.clock.monotonicMs() - startedMs);
    this.terminal.line(
      'demostración',
      `${online} de ${expected} cámaras en vivo, en ${took} · ATALAYA_DEMO=0 la apaga`,
    );
  }

  private async waitOnline(databaseUrl: string, expected: number): Promise<number> {
    const deadlineMs = this.clock.monotonicMs() + TOWN_ONLINE_MS;
    for (;;) {
      const online = await countOnline(databaseUrl);
      if (online >= expected || this.clock.monotonicMs() >= deadlineMs) return online;
      if (!(await sleep(this.clock, POLL_MS, this.stopping))) throw new Error('stopped');
    }
  }
}

async function choosePort(wanted: number, setting: string, host?: string): Promise<number> {
  if (wanted === 0) return freePort();
  if (await isFree(wanted, host)) return wanted;
  throw new Error(`El puerto ${wanted} está ocupado por otro programa: libérelo o elija otro con ${setting}=<puerto>`);
}

/** How this machine's browsers and those of the network reach the console. */
function addressesOf(port: number): string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const hosts = own.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  return ['localhost', ...hosts.slice(0, MAX_SHOWN_HOSTS)].map((host) => `http://${host}:${port}`);
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(new Error('stopped'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
