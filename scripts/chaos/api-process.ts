import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cookieOf } from '../e2e/api-client.ts';
import { freePorts } from '../e2e/free-ports.ts';
import { until } from '../e2e/until.ts';
import { PROJECT_ROOT } from '../supervisor/settings.ts';

const MAIN = join(PROJECT_ROOT, 'dist', 'apps', 'api', 'src', 'main.js');
const START_WITHIN_MS = 30_000;
const KEPT_CHARS = 4_000;

/** The api as it runs, on a database that was given, which may be killed without warning and started again on its port. */
export class ApiProcess {
  private child: ChildProcess | undefined;
  private said = '';

  private constructor(
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    readonly url: string,
  ) {}

  /** With its tables and demonstration accounts; not started. */
  static async on(databaseUrl: string): Promise<ApiProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'atalaya-chaos-api-'));
    const [port = 0] = await freePorts(1);
    const env = {
      DATABASE_URL: databaseUrl,
      ATALAYA_PORT: String(port),
      ATALAYA_DATA: folder,
      ATALAYA_KEY: '07'.repeat(32),
      ATALAYA_LOG_LEVEL: 'warn',
    };
    await promisify(execFile)(process.execPath, [MAIN, '--create-demo-accounts'], { env: { ...process.env, ...env } });
    return new ApiProcess(folder, env, `http://127.0.0.1:${port}`);
  }

  begin(): void {
    const env = { ...process.env, ...this.env };
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.said = (this.said + chunk.toString()).slice(-KEPT_CHARS)));
    this.child = child;
  }

  /** Resolves when it answers. */
  ready(): Promise<number> {
    return until('the api to answer', START_WITHIN_MS, async () => {
      this.expectRunning();
      return (await fetch(`${this.url}/health/live`)).ok;
    });
  }

  /** @throws with its last words when it ended by itself. */
  expectRunning(): void {
    const { child } = this;
    if (child && (child.exitCode !== null || child.signalCode !== null))
      throw new Error(`the api ended by itself: ${this.said}`);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child) throw new Error('the api does not run');
    this.expectRunning();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    this.child = undefined;
  }

  /** Ends it, if it runs, and removes its folder. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child?.exitCode === null && child.signalCode === null) await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async cookieOf(role: string): Promise<string> {
    const file = await readFile(join(this.folder, 'demo-logins.json'), 'utf8');
    const logins = JSON.parse(file) as { role: string; username: string; password: string }[];
    return cookieOf(
      this.url,
      logins.find((login) => login.role === role)!,
    );
  }

  /** What `npm run ledger:rebuild -- --check` runs. @throws with the differences when a table is not what the ledger says. */
  async checkRebuild(): Promise<void> {
    const args = [MAIN, '--ledger-rebuild-check'];
    await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...this.env } }).catch(
      (thrown: { stdout?: string }) => {
        throw new Error(`tables are not what the ledger says: ${thrown.stdout ?? ''}`, { cause: thrown });
      },
    );
  }
}
